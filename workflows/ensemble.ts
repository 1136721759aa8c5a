// Several agents solve one task, learn from each other, and a judge makes the final version.
// Each has a style of its own and a folder of its own.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Crew, howToAnswer, openCrew, wordsOf } from "./kit/crew.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "ensemble",
  about: "several agents solve one task, learn from each other, and a judge takes the best",
  usage: "TASK [--agents N] [--rounds N]",
  options: [
    { name: "agents", value: "N", about: "how many, 2 to 5 (3)" },
    { name: "rounds", value: "N", about: "how often each writes (2)" },
    { name: "timeout", value: "SECONDS", about: "for each round (180)" },
    { name: "no-judge", about: "leave the versions side by side" },
    { name: "dir", value: "PATH", about: "where the workspace is made (here)" },
  ],
  run: ensemble,
});

/** How each of them is to think; as many as there can be. */
const styles = [
  "as simply as it can be done",
  "for speed and little memory, measured where you can",
  "so that nothing that comes in can break it",
  "in the idiom of its language, as its best libraries are written",
  "test first: begin with the cases that matter",
] as const;

interface Coder {
  name: string;
  folder: string;
}

async function ensemble(call: Call): Promise<number> {
  const task = call.words.join(" ");
  if (task === "") throw new Usage("say what they are to solve");
  const count = call.number("agents", 3);
  if (!Number.isInteger(count) || count < 2 || count > styles.length) {
    throw new Usage(`--agents takes 2 to ${styles.length}`);
  }
  const workspace = resolve(call.text("dir") ?? ".", call.title);
  await using crew = openCrew(call);
  const coders = await Promise.all(
    styles.slice(0, count).map((style, at) => hireCoder(crew, { workspace, at, style, task })),
  );
  const rounds = call.number("rounds", 2);
  for (let round = 1; round <= rounds; round++) {
    const answers = await Promise.all(
      coders.map((one) => write(call, crew, one, { round, coders })),
    );
    call.say(`\n[round ${round}]\n${answers.join("\n")}`);
  }
  if (call.has("no-judge")) {
    await call.report(`[ensemble] ${task}\n${coders.map(({ folder }) => folder).join("\n")}`);
    return 0;
  }
  const judge = await crew.hire({ tag: "judge", prompt: judgeRole(task) });
  const final = await crew.ask(judge, {
    text:
      `Judge the last versions in ${coders.map(({ folder }) => folder).join(", ")}; then write ` +
      `${workspace}/final.*: the best of them with what you take from the others.`,
    timeout: 2 * call.number("timeout", 180),
  });
  await call.report(`[ensemble] ${task}\n${wordsOf(final, judge)}\nAll versions: ${workspace}`);
  return final.kind === "answer" ? 0 : 1;
}

interface Place {
  workspace: string;
  at: number;
  style: string;
  task: string;
}

async function hireCoder(crew: Crew, { workspace, at, style, task }: Place): Promise<Coder> {
  const tag = `coder${at + 1}`;
  const folder = join(workspace, tag);
  mkdirSync(folder, { recursive: true });
  const prompt =
    `You are one of several agents who solve the same task, each in an own folder, yours is ` +
    `${folder}. Write nowhere else. Solve it ${style}. The task: ${task}\nBegin when you are ` +
    "asked. " +
    howToAnswer;
  return { name: await crew.hire({ tag, prompt }), folder };
}

async function write(
  call: Call,
  crew: Crew,
  { name, folder }: Coder,
  { round, coders }: { round: number; coders: readonly Coder[] },
): Promise<string> {
  const others = coders.filter((one) => one.name !== name).map((one) => one.folder);
  const look =
    round === 1
      ? ""
      : ` First read round${round - 1}.* in ${others.join(", ")}; take over what is better there.`;
  const answer = await crew.ask(name, {
    text: `Write ${folder}/round${round}.* now.${look} Answer in two sentences what you chose.`,
    timeout: call.number("timeout", 180),
  });
  return `${name}: ${wordsOf(answer, name)}`;
}

function judgeRole(task: string): string {
  return (
    `You judge several solutions of one task: ${task}\nRun them where you can. Points: right ` +
    "in all " +
    "cases 40, readable 25, robust against bad input 20, fast enough 15. Answer with the " +
    "points of " +
    `each, a sentence for each, and what the final version takes from whom. ${howToAnswer}`
  );
}
