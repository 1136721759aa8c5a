// Two agents argue for and against something in rounds, and a judge who heard all gives a verdict.
import { baseOf, type Crew, howToAnswer, openCrew, wordsOf } from "./kit/crew.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "debate",
  about: "two agents argue for and against something, and a judge decides",
  usage: "TOPIC --spawn | --with NAME,NAME",
  options: [
    { name: "spawn", short: "s", about: "launch the two" },
    { name: "with", short: "w", value: "A,B", about: "these two, who choose their sides" },
    { name: "rounds", short: "r", value: "N", about: "how often each speaks (2)" },
    { name: "timeout", short: "t", value: "SECONDS", about: "for each answer (120)" },
    { name: "context", short: "c", value: "TEXT", about: "what they should know or read first" },
  ],
  run: debate,
});

interface Side {
  name: string;
  stands: string;
}

async function debate(call: Call): Promise<number> {
  const topic = call.words.join(" ");
  if (topic === "") throw new Usage("say what it is about");
  const pair = call
    .text("with")
    ?.split(",")
    .filter((name) => name !== "");
  if (pair === undefined ? !call.has("spawn") : pair.length !== 2) {
    throw new Usage("who argues? --spawn, or two agents: --with NAME,NAME");
  }
  await using crew = openCrew(call);
  const judge = await crew.hire({ tag: "judge", prompt: judgeRole(topic) });
  const sides =
    pair === undefined ? await spawned(crew, topic) : await chosen(call, crew, pair, topic);
  await open(call, [judge, ...sides.map(({ name }) => name)], topic);
  const rounds = call.number("rounds", 2);
  for (let round = 1; round <= rounds; round++) {
    for (const side of sides) await speak(call, crew, side, { round, rounds });
  }
  const verdict = await crew.ask(judge, {
    text: "Both have spoken. Give your verdict: who argued better and why, and what you would do.",
    timeout: 2 * call.number("timeout", 120),
    thread: call.title,
  });
  await call.report(`[verdict] ${topic}\n${wordsOf(verdict, judge)}`);
  return verdict.kind === "answer" ? 0 : 1;
}

/** From the first message on all three are in the thread and hear everything. */
async function open(call: Call, members: readonly string[], topic: string): Promise<void> {
  const context = call.text("context");
  const more = context === undefined ? "" : ` To be known first: ${context}`;
  const text = `The debate begins: ${topic}.${more} Say nothing before you are asked.`;
  await call.voice.send(text, { to: members, thread: call.title, intent: "inform" });
}

async function speak(
  call: Call,
  crew: Crew,
  { name, stands }: Side,
  { round, rounds }: { round: number; rounds: number },
): Promise<void> {
  const what =
    round === 1 ? "Make your case." : "Answer what the other side said last, point by point.";
  const answer = await crew.ask(name, {
    text: `Round ${round} of ${rounds}: you argue ${stands}. ${what} At most 250 words.`,
    timeout: call.number("timeout", 120),
    thread: call.title,
  });
  call.say(`\n[round ${round}] ${name}, ${stands}:\n${wordsOf(answer, name)}`);
}

async function spawned(crew: Crew, topic: string): Promise<Side[]> {
  const sides: Side[] = [];
  for (const [tag, stands] of [
    ["pro", "FOR"],
    ["con", "AGAINST"],
  ] as const) {
    const prompt = `You argue ${stands} this, whatever you think: ${topic}. ${debaterRules}`;
    sides.push({ name: await crew.hire({ tag, prompt }), stands });
  }
  return sides;
}

/** The first says which side it takes, and the second gets the other one. */
async function chosen(
  call: Call,
  crew: Crew,
  [first = "", second = ""]: readonly string[],
  topic: string,
): Promise<Side[]> {
  const answer = await crew.ask(baseOf(first), {
    text:
      `You are to debate with ${second}: ${topic}. Which side do you take? Answer this message ` +
      `with FOR or AGAINST, and a reason. ${debaterRules}`,
    timeout: call.number("timeout", 120),
  });
  const isAgainst = /\bAGAINST\b/i.test(answer.text) && !/^\W*FOR\b/i.test(answer.text);
  const [mine, other] = isAgainst ? ["AGAINST", "FOR"] : ["FOR", "AGAINST"];
  return [
    { name: baseOf(first), stands: mine },
    { name: baseOf(second), stands: other },
  ];
}

const debaterRules =
  "It goes in rounds; you hear what the other side says, and a judge hears both. Argue from what " +
  `can be checked: files, numbers, experience. Concede what is right. ${howToAnswer}`;

function judgeRole(topic: string): string {
  return (
    `You judge a debate between two agents: ${topic}. You hear everything they say. Answer ` +
    "none of " +
    "it and side with nobody before you are asked for your verdict. Judge arguments, not length: " +
    `what was shown, what was only claimed, what stayed unanswered. ${howToAnswer}`
  );
}
