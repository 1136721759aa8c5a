// The agents of a workflow: launched, asked, and ended with it. An answer is a message of theirs
// that replies to the question or stands in its thread; nobody has to be reachable for it.
import { HcomError, type LogEvent, launch, type Session, stop } from "hcom";
import type { Call } from "./workflow.ts";

export interface Role {
  /** Group: the agent is called TAG-name. */
  tag: string;
  /** What it is told first. */
  prompt: string;
  /** Goes on as another one from where this agent stands. */
  forkOf?: string;
  /** Goes on where this one stopped. */
  resume?: string;
}

export type Answer =
  | { kind: "answer"; text: string }
  /** Nothing came in time. */
  | { kind: "silent"; text: "" }
  /** It has stopped. */
  | { kind: "gone"; text: "" };

export interface Question {
  text: string;
  /** Seconds. */
  timeout: number;
  /** One that others are in, too; without it nobody else gets the answer. */
  thread?: string;
}

export interface Crew extends AsyncDisposable {
  /** Base names, in the order in which they were hired. */
  names: string[];
  hire(role: Role): Promise<string>;
  ask(name: string, question: Question): Promise<Answer>;
  /** It stays when the workflow ends. */
  release(name: string): void;
}

/** How whoever is asked answers; part of every role. */
export const howToAnswer =
  "You will be asked by messages of hcom, each with a number after #. Answer each with exactly " +
  "one " +
  "message: hcom send --reply-to NUMBER --stdin, with your answer on standard input, and nothing " +
  "else in it. Between the questions end your turn and wait; do not look for work of your own.";

export function openCrew(call: Call): Crew {
  const names: string[] = [];
  const hired = new Set<string>();
  call.whenInterrupted(() => endAll(hired));
  return {
    names,
    async hire(role) {
      const name = await launched(call, role);
      names.push(name);
      hired.add(name);
      return name;
    },
    ask: (name, question) => asked(call, name, question),
    release: (name) => hired.delete(name),
    [Symbol.asyncDispose]: () => endAll(hired),
  };
}

async function endAll(names: ReadonlySet<string>): Promise<void> {
  for (const name of names) await ended(name);
}

/** Gone already is as good. */
async function ended(name: string): Promise<void> {
  await stop(name).catch((error: unknown) => {
    if (!(error instanceof HcomError && error.code === "not_found")) throw error;
  });
}

async function launched(call: Call, { tag, prompt, forkOf, resume }: Role): Promise<string> {
  const result = await launch({
    tool: call.text("tool"),
    tag: resume === undefined ? tag : undefined,
    prompt,
    background: !call.has("interactive"),
    resume: forkOf ?? resume,
    fork: forkOf !== undefined,
    toolArgs: call.toolArgs,
  });
  const [handle] = result.handles;
  const name = handle?.instance_name ?? "";
  if (handle?.state === "failed") {
    throw new HcomError({
      code: "launch_failed",
      message: `${name} did not start: ${handle.detail}`,
    });
  }
  if (handle?.state === "blocked") call.say(`${name} waits for a person: hcom term ${name}`);
  call.say(`${tag}: ${name}`);
  return name;
}

async function asked(call: Call, name: string, question: Question): Promise<Answer> {
  const { voice } = call;
  const thread = question.thread ?? `${call.title}-${name}`;
  const { id } = await voice.send(question.text, { to: name, intent: "request", thread });
  const isAnswer =
    "type = 'message' AND msg_from = ? AND (msg_reply_to_local = ? OR msg_thread = ?)";
  const deadline = Date.now() + question.timeout * 1000;
  for (let after = id; ; ) {
    const event = await nextOf(voice, { name, id, thread, isAnswer, after, deadline });
    if (event === null) return { kind: "silent", text: "" };
    if (event.type === "message") return { kind: "answer", text: String(event.data["text"]) };
    if (event.type === "life") return { kind: "gone", text: "" };
    call.say(`${name} waits for a person: hcom term ${name}`);
    after = event.id;
  }
}

interface Wanted {
  name: string;
  id: number;
  thread: string;
  isAnswer: string;
  after: number;
  deadline: number;
}

/** An answer, or what keeps it from coming: an end, an open question to a person. */
function nextOf(voice: Session, wanted: Wanted): Promise<LogEvent | null> {
  const { name, id, thread, isAnswer, after, deadline } = wanted;
  const isEnd = "type = 'life' AND instance = ? AND life_action = 'stopped'";
  const isBlocked = "type = 'status' AND instance = ? AND status_val = 'blocked'";
  return voice.wait(`(${isAnswer}) OR (${isEnd}) OR (${isBlocked})`, {
    params: [name, id, thread, name, name],
    after,
    timeout: Math.max(0, (deadline - Date.now()) / 1000),
  });
}

/** The log has names without their tags. */
export function baseOf(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

/** The newest event: what comes behind it is new. */
export async function lastEvent({ voice }: Call): Promise<number> {
  return (await voice.events({ last: 1 }))[0]?.id ?? 0;
}

/** For a report: what somebody said, or why there is nothing. */
export function wordsOf(answer: Answer, name: string): string {
  if (answer.kind === "answer") return answer.text;
  return answer.kind === "gone" ? `(${name} has stopped)` : `(${name} did not answer in time)`;
}
