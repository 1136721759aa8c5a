// What the dashboard does, each through the real program on a real terminal, with the log looked at
// afterwards. The agents are sessions that only take part, and fake ones in windows of tmux.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { spawnChild } from "../../src/pty/child.ts";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { killTree } from "../kit/processes.ts";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { hasBroker, startBroker } from "../relay/lab.ts";
import { type Dashboard, openDashboard } from "./dashboard-lab.ts";
import { hcom, plainEnv, tempDir } from "./lab.ts";

const dir = tempDir();
const terminal = { TERM: "xterm-256color", LANG: "C.UTF-8", TZ: "UTC", SHELL: "/bin/sh" };
const env = { ...plainEnv(dir.path), ...terminal };
const tmux = startTmux();
const open = (argv: string) => openDashboard(tmux, { dir: dir.path, env, argv });

beforeAll(async () => {
  await hcom(env, ["start", "--as", "luna"]);
});

afterAll(() => {
  tmux[Symbol.dispose]();
  dir[Symbol.dispose]();
});

const told = async (...argv: string[]) => (await hcom(env, argv)).out;
const holds = (words: string, ...argv: string[]) =>
  until(async () => (await told(...argv)).includes(words), { timeoutMs: 15_000, what: words });
const write = (dashboard: Dashboard, text: string) => {
  dashboard.type(text);
  dashboard.keys("Enter");
};

test("a message is acknowledged, and the one who wrote it is told", async () => {
  await hcom(env, ["send", "@bigboss", "--name", "luna", "--", "shall I deploy?"]);
  using dashboard = await open("tui talk");
  await dashboard.shows("shall I deploy?");
  dashboard.keys("x");
  await dashboard.shows("ack #", "[ack, re #");
  expect(await told("events", "--type", "message", "--last", "1")).toContain('"intent":"ack"');
});

test("something is said in a channel, in its view and by its name", async () => {
  await hcom(env, ["channel", "create", "build"]);
  using dashboard = await open("tui channels");
  await dashboard.shows("build", "0 said");
  dashboard.keys("Enter");
  await dashboard.shows("in build");
  write(dashboard, "it is green");
  await dashboard.shows("1 said", "it is green");
  dashboard.keys("1", "b");
  dashboard.type("#bu");
  dashboard.keys("Tab");
  await dashboard.shows("> #build");
  write(dashboard, "and stays so");
  await holds("and stays so", "channel", "history", "build");
});

test("a setting is changed for all, and another one for one agent", async () => {
  using dashboard = await open("tui settings");
  await dashboard.shows("hooks");
  dashboard.keys("/");
  write(dashboard, "dashboard_mouse");
  await dashboard.shows("❯ dashboard_mouse");
  dashboard.keys("Enter", "C-u");
  write(dashboard, "true");
  await dashboard.shows("[config.toml]");
  expect(await told("config", "dashboard_mouse")).toContain("true");
  dashboard.keys("1", "4", "v", "v", "v", "v");
  await dashboard.shows("[settings]", "as for all");
  dashboard.keys("Down", "Down", "Enter", "C-u");
  await dashboard.shows("hints =");
  write(dashboard, "be brief");
  await dashboard.shows("be brief", "its own");
  expect(await told("config", "-i", "luna", "hints")).toContain("be brief");
  await hcom(env, ["config", "dashboard_mouse", "false"]);
});

test("everybody is told after a question, those that are marked without one", async () => {
  await hcom(env, ["start", "--as", "mira"]);
  await hcom(env, ["start", "--as", "nils"]);
  using dashboard = await open("tui");
  await dashboard.shows("luna", "mira", "nils");
  dashboard.keys("b");
  write(dashboard, "to all of you");
  await dashboard.shows("Tell all 3 agents?");
  dashboard.keys("y");
  await dashboard.shows("send to everybody:");
  await holds("to all of you", "events", "--type", "message", "--last", "1");
  dashboard.keys("Home", "Space", "Space", "m");
  await dashboard.shows("@luna", "@mira");
  write(dashboard, "to you two");
  await holds("to you two", "events", "--type", "message", "--last", "1");
  const seen = JSON.parse(await told("list", "--json")) as { name: string; unread_count: number }[];
  const two = seen.toSorted((a, b) => b.unread_count - a.unread_count).slice(0, 2);
  expect(two.map((one) => one.name).toSorted()).toEqual(["luna", "mira"]);
});

test("what was not read is gone through, a thread is shown alone, why is told", async () => {
  const send = ["send", "@bigboss", "--name", "luna", "--thread", "plan", "--"];
  await hcom(env, [...send, "first of the plan"]);
  await hcom(env, [...send, "second of the plan"]);
  using dashboard = await open("tui");
  await dashboard.shows("unread");
  dashboard.keys("n");
  await dashboard.shows("[2 Talk]", "first of the plan");
  for (let at = 0; at < 5; at++) dashboard.keys("n");
  await dashboard.shows("nothing unread");
  expect(await told("inbox", "--peek")).not.toContain("of the plan");
  dashboard.keys("End", "T");
  await until(() => !dashboard.pane.capture().includes("to you two"), {
    ...{ timeoutMs: 5000, what: "the thread alone" },
  });
  await dashboard.shows("first of the plan", "second of the plan");
  dashboard.keys("Home", "w");
  await dashboard.shows("any other key close", "handed over by inbox");
  dashboard.keys("Escape");
  await dashboard.shows("A only luna");
  dashboard.keys("3", "K");
  await dashboard.shows("message only", "second of the plan");
  dashboard.keys("A");
  await dashboard.shows('with "luna"');
});

test("a file is completed in what is written", async () => {
  mkdirSync(`${dir.path}/papers/drafts-of-may`, { recursive: true });
  using dashboard = await open("tui");
  await dashboard.shows("luna");
  dashboard.keys("m");
  dashboard.type("look at ./papers/dr");
  dashboard.keys("Tab");
  await dashboard.shows("look at ./papers/drafts-of-may/");
});

test("a click opens a view, chooses a row and presses a key", async () => {
  const extra = { ...env, HCOM_DASHBOARD_MOUSE: "true" };
  using dashboard = await openDashboard(tmux, { dir: dir.path, env: extra, argv: "tui" });
  const frame = await dashboard.shows("luna");
  const click = (words: string) => {
    const lines = dashboard.pane.capture().split("\n");
    const y = lines.findIndex((line) => line.includes(words));
    const x = lines[y]?.indexOf(words) ?? 0;
    // Pressed and let go, as xterm tells it (SGR 1006), which tmux hands on untouched.
    dashboard.pane.type(`\x1b[<0;${x + 1};${y + 1}M\x1b[<0;${x + 1};${y + 1}m`);
  };
  expect(frame).toContain("[1 Agents]");
  click("? help");
  await dashboard.shows("Everywhere");
  dashboard.keys("Escape");
  await dashboard.shows("m write");
  click("8 Settings");
  await dashboard.shows("[8 Settings]");
});

test("an agent gets another name; a reset is asked about and taken back", async () => {
  using dashboard = await open("tui");
  await dashboard.shows("luna");
  dashboard.keys("N", "C-u");
  write(dashboard, "vera");
  await dashboard.shows("○ vera");
  expect(await told("list")).toContain("vera");
  dashboard.keys("8");
  await dashboard.shows("hooks");
  dashboard.keys("X");
  await dashboard.shows("reset?", "archive");
  dashboard.keys("y");
  await dashboard.shows("takes it back");
  dashboard.keys("u");
  await dashboard.shows("reset: taken back");
  expect(await told("list")).toContain("vera");
});

test("the group of machines: joined with a token that nobody sees", async () => {
  using dashboard = await open("tui");
  dashboard.keys("9");
  await dashboard.shows("This machine is in no group.", "C join one");
  dashboard.keys("C");
  await dashboard.shows("token of the group");
  write(dashboard, "no-token");
  await dashboard.shows("join the group:");
  expect(dashboard.pane.capture()).not.toContain("no-token");
});

test.skipIf(!hasBroker)("a group is made, its token copied and not shown, and left", async () => {
  using place = tempDir();
  await using broker = await startBroker(place.path, { extra: ["allow_anonymous true"] });
  const own = { ...plainEnv(place.path), ...terminal };
  using dashboard = await openDashboard(tmux, { dir: place.path, env: own, argv: "tui relay" });
  try {
    dashboard.keys("N");
    await dashboard.shows("broker (enter: a public one)");
    write(dashboard, broker.plainUrl);
    await dashboard.shows("make a group: done", "connected", "No other machine");
    dashboard.keys("Y");
    await dashboard.shows("Copy the token");
    dashboard.keys("y");
    await dashboard.shows("copied; on the other machine");
    const { token } = JSON.parse((await hcom(own, ["relay", "token", "--json"])).out);
    expect(token).toBeString();
    expect(dashboard.pane.history()).not.toContain(token.slice(0, 20));
    dashboard.keys("O");
    await dashboard.shows("disabled");
  } finally {
    await hcom(own, ["relay", "daemon", "stop"]);
  }
});

/** Somebody who looks at the window in which this program runs. */
function viewer(pid: number): Disposable {
  const [socket = ""] = tmux.variable.split(",");
  const panes = tmux.ask("list-panes", "-a", "-F", "#{pane_pid} #{session_name}").split("\n");
  const session = panes.find((line) => line.startsWith(`${pid} `))?.split(" ")[1] ?? "";
  const child = spawnChild({
    argv: ["tmux", "-S", socket, "attach", "-t", session],
    ...{ env, directory: dir.path, cols: 120, rows: 40, onData() {} },
  });
  return { [Symbol.dispose]: () => child.kill() };
}

test("a launched agent's window is brought forward, it is forked, ended and resumed", async () => {
  using place = tempDir();
  const fake = prepareFakeAgent({
    ...{ dir: place.path, withInbox: false, version: fakeVersions.typing },
  });
  const own = { ...fake.env, ...terminal, HCOM_TERMINAL: "tmux" };
  using dashboard = await openDashboard(tmux, {
    ...{ dir: place.path, env: own, argv: "tui launch", isInside: true },
  });
  const list = async () =>
    JSON.parse((await hcom(own, ["list", "--json"])).out) as { name: string; pid?: number }[];
  const count = (wanted: number) =>
    until(async () => (await list()).length === wanted, {
      ...{
        timeoutMs: 25_000,
        what: `${wanted} agents`,
        dump: () => {
          dashboard.keys("J");
          Bun.sleepSync(500);
          return dashboard.pane.capture();
        },
      },
    });
  try {
    dashboard.keys("Up", "Down", "Down", "Down", "Down", "Down", "Down");
    // Without a word said there is no session that could be gone on with.
    write(dashboard, "[[SAY begun]]");
    await dashboard.shows("[1 Agents]", "◉ ");
    const [{ name } = { name: "" }] = await list();
    await dashboard.shows(`◉ ${name}`, "o its terminal");
    dashboard.keys("J");
    await dashboard.shows("done", "launch claude", "Launched");
    dashboard.keys("Escape");
    await dashboard.shows(`◉ ${name}`, "o its terminal");
    using _viewer = viewer(dashboard.pane.pid);
    const front = () => tmux.ask("list-clients", "-F", "#{pane_pid}").trim();
    await until(() => front() === `${dashboard.pane.pid}`, { timeoutMs: 5000, what: "a viewer" });
    dashboard.keys("o");
    await until(() => front() !== `${dashboard.pane.pid}`, {
      ...{ timeoutMs: 10_000, what: "the agent in front", dump: () => dashboard.pane.capture() },
    });
    dashboard.keys("f");
    await count(2);
    dashboard.keys("k", "y");
    await count(1);
    dashboard.keys("S");
    await dashboard.shows("⊘ ");
    dashboard.keys("End", "R");
    await count(2);
  } finally {
    for (const { pid } of await list()) if (pid !== undefined) killTree(pid);
  }
}, 60_000);
