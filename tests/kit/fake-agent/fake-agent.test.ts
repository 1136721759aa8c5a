// Does the fake agent look and listen as the product takes Claude Code to do? Its screens go
// through the product's own reader, and its hooks follow what was seen of the real one.
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScreen } from "../../../src/pty/screen.ts";
import { screen as reader } from "../../../src/tools/claude/screen.ts";
import { transcript as lines } from "../../../src/tools/claude/transcript.ts";
import { keyReader } from "./keys.ts";
import { type Picture, paint } from "./screen.ts";
import { stepsIn } from "./script.ts";
import { openSession } from "./session.ts";

const idle: Picture = {
  lines: ["❯ an earlier prompt", "● an answer"],
  draft: "",
  state: "idle",
  question: undefined,
  version: "2.1.329",
  cwd: "/project",
  tick: 3,
};

async function rowsOf(picture: Picture) {
  const size = { cols: 60, rows: 20 };
  const screen = await openScreen({ ...size, onChange() {} });
  screen.feed(new TextEncoder().encode(paint(picture, size)));
  while (screen.isBehind()) await Bun.sleep(1);
  return screen.rows();
}

test("the product recognises each of its screens", async () => {
  const seen = await rowsOf(idle);
  expect(reader.input(seen)).toBe("");
  expect(reader.busy?.(seen, "")).toBe(false);
  expect(reader.approval(seen, "")).toBe(false);
  expect(reader.overlay?.(seen)).toBe(false);
  expect(seen.some((row) => row.text.includes(reader.readyText ?? "?"))).toBe(true);
  expect(reader.busy?.(await rowsOf({ ...idle, state: "busy" }), "")).toBe(true);
  const asked = await rowsOf({ ...idle, state: "waiting", question: "touch x" });
  expect(reader.approval(asked, "")).toBe(true);
  expect(reader.input(asked)).toBeNull();
  expect(reader.input(await rowsOf({ ...idle, draft: "one\ntwo" }))).toBe("one\ntwo");
  const long = "word ".repeat(30).trim();
  const shown = reader.input(await rowsOf({ ...idle, draft: long })) ?? "";
  expect(shown.replace(/\s/g, "")).toBe(long.replace(/\s/g, ""));
});

test("Enter alone sends, inside a burst or a paste it is a line break", () => {
  const read = keyReader();
  expect(read("\r")).toEqual([{ kind: "enter" }]);
  expect(read("ab\r").at(-1)).toEqual({ kind: "text", text: "\n" });
  expect(read("\x1b[200~a\r")).toEqual([]);
  expect(read("b\x1b[201~\r")).toEqual([{ kind: "text", text: "a\nb" }, { kind: "enter" }]);
  expect(read("\x1b[?62c\x1b[I\x1b")).toEqual([{ kind: "escape" }]);
});

test("directives and standing rules become steps", () => {
  expect(stepsIn("do [[RUN ls]] then [[SLOW 20 a b]]")).toEqual([
    { kind: "run", command: "ls" },
    { kind: "slow", durationMs: 20, text: "a b" },
  ]);
  expect(stepsIn("[[RUN send ((SAY hi))]]")).toEqual([{ kind: "run", command: "send ((SAY hi))" }]);
  expect(stepsIn("((SAY hi))")).toEqual([{ kind: "say", text: "hi" }]);
  const rule = { when: "call (\\w+)", script: "[[SAY $1]]" };
  expect(stepsIn("please call luna", [rule])).toEqual([{ kind: "say", text: "luna" }]);
});

const say = (text: string) =>
  JSON.stringify({
    hookSpecificOutput: { hookEventName: "PostToolUse", additionalContext: text },
  });

/** What reaches the model of a hook that runs this script. */
async function heardOf(script: string): Promise<{ texts: string[]; proved: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), "hf-"));
  try {
    mkdirSync(join(dir, "cfg"));
    const group = { matcher: "Bash|Edit", hooks: [{ type: "command", command: script }] };
    const settings = { hooks: { PostToolUse: [group] } };
    writeFileSync(join(dir, "cfg/settings.json"), JSON.stringify(settings));
    const configDir = join(dir, "cfg");
    const session = openSession({ configDir, cwd: dir, version: "2.1.329", env: process.env });
    const fired = await session.fire("PostToolUse", { tool_name: "Bash" }, { subject: "Bash" });
    const texts = fired.absorb();
    const other = await session.fire("PostToolUse", { tool_name: "Read" }, { subject: "Read" });
    expect(other.absorb()).toEqual([]);
    const written = (await Bun.file(session.transcript.path).text()).split("\n");
    return { texts, proved: written.map(lines.reached).filter((text) => text !== "") };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test("a hook that was killed after it had printed all is heard, half a JSON is not", async () => {
  const print = (text: string) => `printf %s '${text}'`;
  const whole = { texts: ["words"], proved: ["words"] };
  const nothing = { texts: [], proved: [] };
  expect(await heardOf(print(say("words")))).toEqual(whole);
  expect(await heardOf(`${print(say("words"))}; kill -9 $$`)).toEqual(whole);
  expect(await heardOf(`${print(say("words").slice(0, -2))}; kill -9 $$`)).toEqual(nothing);
  expect(await heardOf(`${print("plain words")}`)).toEqual(nothing);
  expect(await heardOf(`${print(say("words"))}; exit 2`)).toEqual(nothing);
});
