// What somebody has written, taken apart: whom it is for, in which thread or channel, and what is
// said. Its first words may name all of these: `@luna thread:release ...`, `#build ...`.
import type { Run, State, Writing } from "../state.ts";

interface Written {
  targets: readonly string[];
  thread: string;
  /** Of a channel. */
  room: string;
  body: string;
}

const name = String.raw`[\p{L}\p{N}_.:-]*[\p{L}\p{N}_-]`;
const target = new RegExp(`^@(${name})[,:]?(?:\\s+|$)`, "u");
const thread = new RegExp(`^thread:(${name})(?:\\s+|$)`, "u");
const room = new RegExp(`^#(${name})(?:\\s+|$)`, "u");

function takenApart(text: string, rooms: readonly string[]): Written {
  const written = { targets: [] as string[], thread: "", room: "", body: text.trimStart() };
  for (;;) {
    const { body } = written;
    const found = target.exec(body) ?? thread.exec(body) ?? room.exec(body);
    const [whole = "", word = ""] = found ?? [];
    // What looks like a channel and is none belongs to what is said.
    const isOther = body.startsWith("#") && !rooms.includes(word);
    if (found === null || isOther) return written;
    if (body.startsWith("@")) written.targets.push(word);
    else if (body.startsWith("#")) written.room = word;
    else written.thread = word;
    written.body = body.slice(whole.length);
  }
}

/** The command that says it; undefined when nothing is said. What is said goes to its input. */
export function saying(state: State, text: string, about: Writing): Run | undefined {
  const { channels } = state.world;
  const written = takenApart(
    text,
    about.channel === undefined ? channels.map((one) => one.name) : [],
  );
  const channel = about.channel ?? channels.find((one) => one.name === written.room);
  // In a channel of its own view names are words like others.
  const body = about.channel === undefined ? written.body : text.trim();
  if (body.trim() === "") return undefined;
  if (channel !== undefined) {
    const argv = ["channel", "send", `${channel.id}`, "--stdin"];
    return { kind: "run", label: `say in ${channel.name}`, argv, stdin: body };
  }
  const { targets } = written;
  const flags = [
    ...(about.intent === "" ? [] : ["--intent", about.intent]),
    ...(about.replyTo === undefined ? [] : ["--reply-to", `${about.replyTo}`]),
    ...(written.thread === "" ? [] : ["--thread", written.thread]),
  ];
  const names = targets.map((one) => `@${one}`);
  const argv = ["send", ...names, "-b", "--go", ...flags, "--stdin"];
  const label = `send to ${targets.length === 0 ? "everybody" : targets.join(", ")}`;
  return { kind: "run", label, argv, stdin: body };
}
