// What the dashboard writes to its terminal, byte by byte: the clipboard, the notice that somebody
// asks, and how it leaves.
import { expect, test } from "bun:test";
import { spawnChild } from "../../src/pty/child.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { until } from "../kit/until.ts";
import { hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

function openRaw(env: Record<string, string>, directory: string) {
  let bytes = "";
  const child = spawnChild({
    argv: ["sh", launcher, "tui"],
    env,
    directory,
    cols: 90,
    rows: 24,
    onData: (data) => {
      bytes += Buffer.from(data).toString("latin1");
    },
  });
  return {
    child,
    all: () => bytes,
    writes: (text: string) =>
      until(() => bytes.includes(text), { timeoutMs: 15_000, what: JSON.stringify(text) }),
  };
}

test("it copies by OSC 52, rings when somebody asks, and leaves as it came", async () => {
  using dir = tempDir();
  const env = { ...plainEnv(dir.path), TERM: "xterm-256color", HCOM_DASHBOARD_NOTICE: "bell" };
  await hcom(env, ["start", "--as", "luna"]);
  const raw = openRaw(env, dir.path);
  await raw.writes("luna");
  raw.child.write("c");
  await raw.writes(`\x1b]52;c;${Buffer.from("luna").toString("base64")}`);
  await raw.writes("copied");
  const now = Math.floor(Date.now() / 1000);
  using bus = openLog(env);
  updateInstance(bus.db, "luna", {
    ...{ tool: "claude", status: "blocked", status_context: "approval", status_time: now },
    ...{ status_detail: "rm -rf build", last_stop: now },
  });
  // Said as every status is: by an event, which is what wakes a reader.
  await hcom(env, ["send", "@luna", "-b", "--quiet", "--", "hello"]);
  await raw.writes("\x07");
  await raw.writes("asks you");
  raw.child.write("q");
  await raw.child.exited;
  expect(raw.all()).toContain("\x1b[?1049h");
  expect(raw.all()).not.toContain("\x1b[3J");
  for (const mode of ["\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l"]) {
    expect([mode, raw.all().lastIndexOf(mode) > raw.all().indexOf("luna")]).toEqual([mode, true]);
  }
});

test("it asks for the ground and draws for a light one; a notice goes to the desktop", async () => {
  using dir = tempDir();
  const env = {
    ...plainEnv(dir.path),
    ...{ TERM: "xterm-256color", TERM_PROGRAM: "WezTerm", HCOM_DASHBOARD_NOTICE: "desktop" },
  };
  await hcom(env, ["start", "--as", "luna"]);
  const raw = openRaw(env, dir.path);
  await raw.writes("\x1b]11;?");
  raw.child.write("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
  await raw.writes("luna");
  // The ground of the chosen line.
  await raw.writes("48;5;254");
  using bus = openLog(env);
  const now = Math.floor(Date.now() / 1000);
  updateInstance(bus.db, "luna", {
    ...{ tool: "claude", status: "blocked", status_context: "approval", status_time: now },
    ...{ status_detail: "rm -rf build", last_stop: now },
  });
  await hcom(env, ["send", "@luna", "-b", "--quiet", "--", "hello"]);
  await raw.writes("\x1b]777;notify;hcom;luna asks you");
  raw.child.write("q");
  await raw.child.exited;
});
