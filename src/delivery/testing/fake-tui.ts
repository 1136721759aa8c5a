// A tiny agent program for tests of the wrapper: an input box, turns, questions. What it is told to
// do stands in the text that is sent with Enter; what happened is appended to FAKE_LOG.
import { appendFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";

const { stdin, stdout } = process;
const turnMs = Number(process.env["FAKE_TURN_MS"] ?? 50);
const transcript: string[] = [];
let draft = "";
let state: "idle" | "busy" | "asking" = "idle";

note(`start ${stdout.columns}x${stdout.rows}`);
stdin.setRawMode(true);
stdin.on("data", (bytes: Buffer) => {
  for (const char of bytes.toString("utf8")) key(char);
  draw();
});
stdout.on("resize", () => {
  note(`size ${stdout.columns}x${stdout.rows}`);
  draw();
});
process.on("SIGTERM", () => process.exit(process.env["FAKE_DEAF"] === "1" ? undefined : 143));
process.on("SIGHUP", () => {
  note("hangup");
  process.exit(129);
});
if (process.env["FAKE_TRUST"] === "1") state = "asking";
setTimeout(draw, Number(process.env["FAKE_START_MS"] ?? 0));

function key(char: string): void {
  if (state === "asking") {
    if (char === "y") {
      state = "idle";
      note("answered");
    }
  } else if (char === "\r") void submit();
  else if (char === "\x7f") draft = draft.slice(0, -1);
  else if (char >= " ") draft += char;
}

async function submit(): Promise<void> {
  const text = draft;
  draft = "";
  note(`prompt ${text}`);
  if (text.startsWith("exit ")) process.exit(Number(text.slice(5)));
  if (text === "crash") process.kill(process.pid, "SIGKILL");
  if (text === "flood") stdout.write("x".repeat(500_000));
  if (text.startsWith("title ")) stdout.write(`\x1b]0;${text.slice(6)}\x07`);
  state = text === "ask" ? "asking" : "busy";
  transcript.push(`said ${text}`);
  draw();
  if (state === "asking") return;
  await after(turnMs);
  state = "idle";
  note("idle");
  draw();
}

function draw(): void {
  const rule = "─".repeat(Math.max(4, stdout.columns - 1));
  const box = draft === "" ? "\x1b[2mTry something\x1b[0m" : draft;
  const bottom = state === "asking" ? ["Proceed? y"] : [rule, `❯ ${box}`, rule];
  const lines = [...transcript.slice(-5), state === "busy" ? "working" : "", ...bottom];
  stdout.write(`\x1b[2J\x1b[H${lines.join("\r\n")}`);
}

function note(line: string): void {
  const path = process.env["FAKE_LOG"];
  if (path !== undefined) appendFileSync(path, `${line}\n`);
}
