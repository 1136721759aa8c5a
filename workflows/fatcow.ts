// Keeps an agent that has read a whole part of the code, and asks it instead of reading that again.
import { HcomError, instances } from "hcom";
import { type Crew, howToAnswer, openCrew, wordsOf } from "./kit/crew.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "fatcow",
  about: "an agent that has read a whole module answers questions about it",
  usage: "--path PATH [--dead] | --ask NAME QUESTION",
  options: [
    { name: "path", value: "PATH", about: "what it reads" },
    { name: "focus", value: "TEXT", about: "what will be asked most" },
    { name: "dead", about: "it is ended when it has read, and taken up again for each question" },
    { name: "ask", value: "NAME", about: "ask this one, whether it runs or not" },
    { name: "timeout", value: "SECONDS", about: "for an answer (120), for reading ten times that" },
  ],
  // Who asks needs the answer.
  isShort: (call) => call.text("ask") !== undefined,
  run: (call) => (call.text("ask") === undefined ? feed(call) : ask(call)),
});

async function feed(call: Call): Promise<number> {
  const path = call.text("path");
  if (path === undefined)
    throw new Usage("what is it to read? --path PATH; or ask one: --ask NAME");
  const module = path.split("/").findLast((part) => part !== "") ?? "all";
  const tag = `fatcow-${module
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}`;
  await using crew = openCrew(call);
  const name = await crew.hire({ tag, prompt: roleOf(path, call.text("focus")) });
  const answer = await crew.ask(name, {
    text: `Read ${path} now, all of it, and answer with ten lines: what is where.`,
    timeout: 10 * call.number("timeout", 120),
  });
  if (answer.kind === "answer" && !call.has("dead")) crew.release(name);
  const how = `ask it: hcom run fatcow --ask ${name} "..."`;
  const isRead = answer.kind === "answer";
  const state = isRead ? `has read ${path}; ${how}` : "has not come so far";
  await call.report(`[fatcow] ${name} ${state}\n${wordsOf(answer, name)}`);
  return isRead ? 0 : 1;
}

async function ask(call: Call): Promise<number> {
  const question = call.words.join(" ");
  const name = call.text("ask") ?? "";
  if (question === "") throw new Usage(`ask ${name} what?`);
  await using crew = openCrew(call);
  const one = (await isThere(name)) ? name : await wakened(crew, name);
  const answer = await crew.ask(one, { text: question, timeout: call.number("timeout", 120) });
  console.log(wordsOf(answer, name));
  return answer.kind === "answer" ? 0 : 1;
}

async function isThere(name: string): Promise<boolean> {
  try {
    await instances(name);
    return true;
  } catch (error) {
    if (error instanceof HcomError && error.code === "not_found") return false;
    throw error;
  }
}

/** It still knows everything; it goes again when the question is answered. */
function wakened(crew: Crew, name: string): Promise<string> {
  return crew.hire({
    tag: name,
    resume: name,
    prompt: "A question about what you have read follows.",
  });
}

function roleOf(path: string, focus: string | undefined): string {
  return (
    `You are the one who knows ${path}. You will be told to read it: then read every file in ` +
    "full, " +
    "also its tests and what they rely on, and keep it in mind; change nothing. Afterwards you " +
    "are " +
    "asked about it, and whoever asks does not read it: be exact, name files and lines, and say " +
    "what you do not know. " +
    `${focus === undefined ? "" : `Most questions will be about ${focus}. `}` +
    howToAnswer
  );
}
