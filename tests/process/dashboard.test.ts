// The dashboard on a real terminal, as a person drives it: keys in, frames out, and the log looked
// at afterwards. The agents are fake ones under wrappers of ours.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { openDashboard } from "./dashboard-lab.ts";
import { hcom, plainEnv, tempDir, type Wrapped, wrapAgent } from "./lab.ts";

const dir = tempDir();
const env = {
  ...plainEnv(dir.path),
  ...{ TERM: "xterm-256color", LANG: "C.UTF-8", TZ: "UTC", SHELL: "/bin/sh" },
};
const tmux = startTmux();
let agent: Wrapped;

beforeAll(async () => {
  agent = await wrapAgent(dir.path, "typing");
});

afterAll(async () => {
  tmux[Symbol.dispose]();
  await agent[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

const open = (argv = "", extra: Record<string, string> = {}) =>
  openDashboard(tmux, { dir: dir.path, env: { ...env, ...extra }, argv });

const messages = async () => {
  const { out } = await hcom(env, ["events", "--type", "message", "--last", "50"]);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).data as Record<string, unknown>);
};

test("bare hcom on a terminal opens it, every view is there, leaving restores all", async () => {
  using dashboard = await open();
  await dashboard.shows("Agents", agent.name, "claude");
  for (const [key, words] of [
    ["2", "Nothing was said yet."],
    ["3", "everything"],
    ["4", "[screen]"],
    ["5", "Nobody waits for you."],
    ["6", "There are no channels."],
    ["8", "hooks"],
    ["?", "Everywhere"],
  ] as const) {
    dashboard.keys(key);
    await dashboard.shows(words);
  }
  dashboard.keys("Escape");
  await dashboard.shows("hooks  claude");
  dashboard.keys("7");
  await dashboard.shows("[7 Launch]", "prompt");
  dashboard.keys("Escape");
  await dashboard.shows("hooks  claude");
  dashboard.keys("q");
  const end = await dashboard.shows("left with 0", "as-it-was");
  expect(end).toContain("scrolled-before");
});

test("a message is written, arrives, is seen to, and the answer is replied to", async () => {
  using dashboard = await open("tui");
  await dashboard.shows(agent.name);
  dashboard.keys("m");
  await dashboard.shows(`@${agent.name}`);
  dashboard.type("please say hello");
  dashboard.keys("Enter");
  await until(async () => (await messages()).some((one) => one["text"] === "please say hello"), {
    timeoutMs: 15_000,
    what: "the message in the log",
    dump: () => dashboard.pane.capture(),
  });
  await agent.hcom("send", "@bigboss", "--name", agent.name, "--", "hello to you");
  dashboard.keys("2");
  await dashboard.shows("hello to you", "please say hello");
  dashboard.keys("r");
  dashboard.type("thanks");
  dashboard.keys("Enter");
  const reply = await until(
    async () => (await messages()).find((one) => one["text"] === "thanks"),
    {
      timeoutMs: 15_000,
      what: "the reply in the log",
    },
  );
  expect(reply["reply_to_local"]).toBeNumber();
  expect(reply["from"]).toBe("bigboss");
});

test("a question is shown word by word, answered by one key, denied by another", async () => {
  using dashboard = await open("tui");
  await dashboard.shows(agent.name);
  for (const [key, isDone] of [
    ["y", true],
    ["d", false],
  ] as const) {
    const file = `${dir.path}/answered-${key}`;
    await agent.submit(`work [[ASK touch ${file}]]`);
    await dashboard.shows("asks you");
    dashboard.keys("a");
    await dashboard.shows(`touch ${file}`, "y allows");
    dashboard.keys(key);
    await dashboard.shows("Nobody waits for you.");
    expect(existsSync(file)).toBe(isDone);
    dashboard.keys("1");
  }
});

test("text is typed into an agent's terminal, and the way out is on the screen", async () => {
  using dashboard = await open("tui");
  await dashboard.shows(agent.name);
  dashboard.keys("i");
  await dashboard.shows("esc leaves");
  dashboard.type("[[SAY typed-from-there]]");
  dashboard.keys("Enter");
  await dashboard.shows("typed-from-there");
  dashboard.keys("Escape");
  await dashboard.shows("q quit");
});

test("a tag is given, a kill is taken back, a stop is done", async () => {
  await hcom(env, ["start", "--as", "vela"]);
  using dashboard = await open("tui");
  await dashboard.shows("vela");
  dashboard.keys("/");
  dashboard.type("vela");
  dashboard.keys("Enter", "t");
  await dashboard.shows("tag of vela");
  dashboard.type("ops");
  dashboard.keys("Enter");
  await dashboard.shows("ops-vela");
  dashboard.keys("k");
  await dashboard.shows("kill ops-vela?");
  dashboard.keys("y");
  await dashboard.shows("takes it back");
  dashboard.keys("u");
  await dashboard.shows("taken back");
  dashboard.keys("s");
  await dashboard.shows("stop ops-vela?");
  dashboard.keys("y");
  await dashboard.shows('nobody fits "vela"');
});

test("a storm of sizes, and a terminal that is too small", async () => {
  using dashboard = await open("tui");
  for (let at = 0; at < 30; at++) dashboard.pane.resize(40 + ((at * 37) % 120), 10 + (at % 30));
  dashboard.pane.resize(20, 6);
  await dashboard.shows("too small");
  dashboard.pane.resize(60, 15);
  await dashboard.shows("[1 Agents]", "? help");
});

test("a signal ends it in order", async () => {
  using dashboard = await open("tui");
  const { pid } = dashboard.pane;
  const child = Bun.spawnSync(["pgrep", "-P", `${pid}`])
    .stdout.toString()
    .trim();
  process.kill(Number(child), "SIGTERM");
  await dashboard.shows("left with 143", "as-it-was");
});

test("without colour and without UTF-8 it shows the same words", async () => {
  using dashboard = await open("tui", { NO_COLOR: "1", LANG: "C", LC_ALL: "C" });
  const frame = await dashboard.shows(agent.name, "tool      claude");
  expect(frame.replace(/scrolled-before/, "")).toMatch(/^[\x20-\x7e\n]*$/);
});

const childOf = (pid: number) =>
  Number(
    Bun.spawnSync(["pgrep", "-P", `${pid}`])
      .stdout.toString()
      .trim(),
  );

test("Ctrl+Z gives the terminal back and stops it; it comes back with its frame", async () => {
  using dashboard = await open("tui");
  const pid = childOf(dashboard.pane.pid);
  dashboard.keys("C-z");
  const stateOf = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
  await until(() => stateOf() === "T", { timeoutMs: 5000, what: "it to stop" });
  const shell = await dashboard.shows("scrolled-before");
  expect(shell).not.toContain("? help");
  process.kill(pid, "SIGCONT");
  await dashboard.shows("? help", agent.name);
  dashboard.keys("q");
  await dashboard.shows("left with 0", "as-it-was");
});

test("a file that is named opens at its line in the editor, and then it is back", async () => {
  const editor = `${dir.path}/vi`;
  await Bun.write(editor, `#!/bin/sh\necho "$@" > ${dir.path}/edited\n`);
  chmodSync(editor, 0o755);
  await hcom(env, ["send", `@${agent.name}`, "-b", "--", "look at src/a.ts:12, please"]);
  using dashboard = await open("tui", { EDITOR: editor });
  await dashboard.shows(agent.name);
  dashboard.keys("3", "/");
  dashboard.type("src/a.ts");
  dashboard.keys("Enter", "e");
  await until(() => existsSync(`${dir.path}/edited`), { timeoutMs: 5000, what: "the editor" });
  const told = () => readFileSync(`${dir.path}/edited`, "utf8");
  await until(() => told() !== "", { timeoutMs: 5000, what: "what the editor was told" });
  expect(told()).toMatch(/^\+12 .*src\/a\.ts\n$/);
  await dashboard.shows("[3 Activity]", "? help");
});

test("agents are launched from the form, and a kill that nobody takes back is done", async () => {
  using dashboard = await open("tui", agent.agent.env);
  await dashboard.shows(agent.name);
  dashboard.keys("7");
  await dashboard.shows("◂ claude ▸");
  dashboard.keys("Down", "Down");
  dashboard.type("made");
  dashboard.keys("Down", "Down", "Down", "Right", "Down");
  dashboard.type("[[SAY launched-there]]");
  await dashboard.shows("yes, without a terminal", "launched-there");
  dashboard.keys("Enter");
  await dashboard.shows("[1 Agents]", "made-", "[headless]");
  dashboard.keys("/");
  dashboard.type("made");
  dashboard.keys("Enter", "k");
  await dashboard.shows("kill made-");
  dashboard.keys("y");
  await dashboard.shows("takes it back");
  await dashboard.shows('nobody fits "made"');
  dashboard.keys("J");
  await dashboard.shows("done", "kill made-");
});

test("another log in the place of this one is shown; without any it goes on", async () => {
  using place = tempDir();
  const own = { ...env, ...plainEnv(place.path) };
  await hcom(own, ["start", "--as", "luna"]);
  using dashboard = await open("tui", own);
  await dashboard.shows("luna");
  renameSync(`${place.path}/.hcom`, `${place.path}/old`);
  await hcom(own, ["start", "--as", "nova"]);
  const frame = await dashboard.shows("nova");
  expect(frame).not.toContain("luna");
  rmSync(`${place.path}/.hcom`, { recursive: true });
  await dashboard.shows("? help");
  dashboard.keys("2");
  await dashboard.shows("[2 Talk]");
  dashboard.keys("q");
  await dashboard.shows("left with 0", "as-it-was");
});

test("inline it stands below what was there, and the scrollback keeps what happens", async () => {
  using dashboard = await open("tui --inline");
  await dashboard.shows("scrolled-before", "[1 Agents]", agent.name);
  await hcom(env, ["send", `@${agent.name}`, "-b", "--", "kept-in-the-scrollback"]);
  // Above the frame, where it may show the same in its own columns.
  await dashboard.shows("\n      │ kept-in-the-scrollback", "? help");
  dashboard.keys("q");
  await dashboard.shows("left with 0", "as-it-was");
  const before = dashboard.pane.history();
  expect(before).toContain("scrolled-before");
  expect(before).toContain("│ kept-in-the-scrollback");
  expect(before).not.toContain("? help");
});
