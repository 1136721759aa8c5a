// What a person sees at a terminal of 80, 120 and 200 columns, with and without colour. Times and
// the folder's name are made the same for every run; nothing else is touched.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { spawnChild } from "../../src/pty/child.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

/** The screens show its path. */
const dir = tempDir("/tmp");
afterAll(() => dir[Symbol.dispose]());
// No agent program and no terminal multiplexer of this machine is found on the way.
const paths = { PATH: "/usr/bin:/bin", TZ: "UTC", TERM: "xterm-256color" };
const env: Env = { ...plainEnv(dir.path), ...paths };
const inside: Env = { ...env, CLAUDECODE: "1" };

beforeAll(async () => {
  for (const name of ["luna", "nova", "kira", "vela", "miso"]) {
    await hcom(env, ["start", "--as", name]);
  }
  await hcom(env, ["stop", "miso"]);
  const request = "please look at the failing test in api/, it began with the parser and 日本語";
  await hcom(env, [
    "send",
    "@luna",
    "--json",
    "--name",
    "nova",
    "--intent",
    "request",
    "--",
    request,
  ]);
  const question = "the tests pass; shall I deploy, or wait for the second review?";
  await hcom(env, [
    "send",
    "@bigboss",
    "--json",
    "--name",
    "nova",
    "--intent",
    "request",
    "--",
    question,
  ]);
  await hcom(env, ["send", "@vela", "-b", "--", "please rebase on main"]);
  for (const name of ["ops", "release-train"]) await hcom(env, ["channel", "create", name]);
  for (const name of ["luna", "nova", "kira"]) {
    await hcom(env, ["channel", "join", "ops", "--json", "--name", name]);
  }
  await hcom(env, [
    "channel",
    "send",
    "ops",
    "--json",
    "--name",
    "luna",
    "--",
    "the build is red: 日本語",
  ]);
  beat();
});

/** Long ago, so that the age of a status is the same in every run. */
function beat(): void {
  using bus = openLog(env);
  const now = Math.floor(Date.now() / 1000);
  bus.db.run(
    "UPDATE kv SET value = json_set(value, '$.since', ?) WHERE key LIKE 'owed:%'",
    now - 190,
  );
  const since = { status_time: now - 7210, last_stop: now, created_at: now - 90_000 };
  updateInstance(bus.db, "luna", {
    ...since,
    tag: "api",
    tool: "claude",
    status: "active",
    status_context: "tool:Bash",
  });
  updateInstance(bus.db, "kira", since);
  updateInstance(bus.db, "vela", {
    ...since,
    tool: "codex",
    status: "listening",
    launch_context: wrapped,
    status_context: "tui:prompt-has-text",
  });
  updateInstance(bus.db, "nova", {
    ...since,
    tool: "codex",
    launch_context: wrapped,
    status: "blocked",
    status_context: "approval",
    status_detail: "rm -rf build && npm run release -- --tag next --publish-everything-at-once",
  });
}

/** Its screen can be looked at. */
const wrapped = JSON.stringify({ control_socket: "/nowhere.sock" });

async function screen(words: string[], { columns, extra = {} }: { columns: number; extra?: Env }) {
  let text = "";
  // A character may come in two pieces.
  const decoder = new TextDecoder();
  const child = spawnChild({
    argv: ["sh", launcher, ...words],
    env: { ...env, ...extra },
    directory: dir.path,
    cols: columns,
    rows: 40,
    onData: (bytes) => {
      text += decoder.decode(bytes, { stream: true });
    },
  });
  await child.exited;
  return text
    .replaceAll("\r\n", "\n")
    .replace(/\d\d:\d\d:\d\d/g, "14:02:05")
    .replace(/(joined: +).*/g, "$1yesterday (1d ago)")
    .replace(/(?:\d+s ago|now) +(?=stopped(?: by|…))/g, "3s ago   ")
    .replaceAll(dir.path.split("/").at(-1) ?? "", "hp-folder");
}

const screens = [
  ...["overview", "list", "list -v", "list nova", "events --type message", "list --stopped"],
  ...[
    "status",
    "config",
    "config broadcast --info",
    "why",
    "why 17",
    "why 19",
    "read 17",
    "inbox --peek",
  ],
  ...["channel list", "channel history ops", "channel info ops", "channel subscriptions"],
  ...["list api-", "list zeno", "events sub", "hooks", "mcp status", "events --type life"],
];

/** With nothing in them that a colour would tell. */
const plain = ["channel info ops", "channel subscriptions", "mcp status"];

for (const columns of [80, 120, 200]) {
  for (const extra of [{}, { NO_COLOR: "1" }] as Env[]) {
    const how = extra["NO_COLOR"] === undefined ? "in" : "without";
    test(`${columns} columns ${how} colour`, async () => {
      for (const words of screens) {
        // On a busy machine the last heartbeat would be too old by the end.
        beat();
        const shown = await screen(words.split(" ").filter(Boolean), { columns, extra });
        const lines = Bun.stripANSI(shown).split("\n");
        expect(lines.filter((line) => Bun.stringWidth(line) > columns)).toEqual([]);
        // By the name that people type, never by a part of it.
        expect(lines.filter((line) => /(?<!api-)\bluna\b/.test(line))).toEqual([]);
        if (!plain.includes(words)) {
          expect([words, shown.includes("\x1b[")]).toEqual([
            words,
            extra["NO_COLOR"] === undefined,
          ]);
        }
        expect(`$ hcom ${words}\n${shown}`).toMatchSnapshot();
      }
    }, 60_000);
  }
}

test("every empty screen names the next step", async () => {
  using empty = tempDir();
  const fresh = { HOME: empty.path, HCOM_DIR: `${empty.path}/.hcom` };
  for (const words of [
    ...["overview", "list", "list --stopped", "status", "events", "events --type life", "inbox"],
    ...["stop all", "kill all", "channel list", "channel subscriptions", "channel search x"],
    ...["relay", "run", "archive", "transcript timeline", "list --orphans", "events sub"],
    ...["channel log", "hooks show", "transcript", "why 1", "read 1", "channel history ops"],
  ]) {
    const shown = await screen(words.split(" ").filter(Boolean), { columns: 80, extra: fresh });
    const wide = Bun.stripANSI(shown)
      .split("\n")
      .filter((line) => Bun.stringWidth(line) > 80);
    expect([words, wide]).toEqual([words, []]);
    const steps = Bun.stripANSI(shown).match(/hcom [a-z]+/g) ?? [];
    expect([words, steps.length > 0, shown]).toEqual([words, true, shown]);
  }
});

test("a pipe gets a quoted text whole, an agent its beginning", async () => {
  const quote = '"please look at the failing test in api/, it began with the parser and 日本語"';
  expect((await hcom(env, ["list"])).out).toContain(quote);
  expect((await hcom(env, ["why", "17"])).out).toContain(quote);
  expect((await hcom(inside, ["list"])).out).toContain('it began with the …"');
  // A legend and a head are for people.
  expect((await hcom(env, ["list"])).out).not.toContain("STATUS");
});

test("an agent program that gives its commands a terminal gets what scripts get", async () => {
  const shown = await screen(["events", "--last", "1"], { columns: 80, extra: inside });
  expect(JSON.parse(shown)).toMatchObject({ type: expect.any(String) });
});

test("a command to copy is whole however narrow the terminal is", async () => {
  for (const columns of [40, 60, 80]) {
    const shown = await screen(["list", "--stopped"], { columns, extra: { NO_COLOR: "1" } });
    expect(shown.split("\n").some((line) => /in a session: hcom start --as miso$/.test(line))).toBe(
      true,
    );
  }
});

test("help of help is the help", async () => {
  const help = await hcom(env, ["help"]);
  for (const words of [
    ["help", "help"],
    ["help", "--help"],
  ]) {
    expect(await hcom(env, words)).toEqual(help);
  }
});

test("the person who joins a channel is you, and reads how soon it hears", async () => {
  using own = tempDir();
  const fresh = { ...env, HOME: own.path, HCOM_DIR: `${own.path}/.hcom` };
  await hcom(fresh, ["channel", "create", "ops"]);
  const joined = await hcom(fresh, ["channel", "join", "ops"]);
  expect(joined.out).toBe("You joined ops; you hear at once (push)\n");
  const left = await hcom(fresh, ["channel", "leave", "ops"]);
  expect(left.out).toBe("You left ops\n");
});

test("what happened last is what was said and done, not by which calls of hcom", async () => {
  const { out } = await hcom(env, ["overview"]);
  const [, events = ""] = out.split("Last events");
  expect(events).toContain("the build is red");
  expect(events).not.toContain("ran hcom");
});

test("whoever lists, sends or launches is told once of settings that are ignored", async () => {
  using own = tempDir();
  const fresh = { ...env, HOME: own.path, HCOM_DIR: `${own.path}/.hcom` };
  await hcom(fresh, ["start", "--as", "luna"]);
  writeFileSync(`${own.path}/.hcom/config.toml`, "tag = [");
  const told = /^Settings: .*config\.toml is not TOML.*\n {2}mend it: hcom config --edit\n$/;
  const listed = await hcom(fresh, ["list", "--json"]);
  expect([JSON.parse(listed.out).length, listed.err, listed.code]).toEqual([
    1,
    expect.stringMatching(told),
    0,
  ]);
  expect(await hcom(fresh, ["send", "@luna", "--", "hi"])).toMatchObject({
    err: expect.stringMatching(told),
    code: 0,
  });
  expect((await hcom(fresh, ["codex"])).err).toContain("config.toml is not TOML");
  expect((await hcom(fresh, ["post"])).err).toBe("");
  expect((await hcom({ ...fresh, CLAUDECODE: "1" }, ["list"])).err).toBe("");
});

test("the channels say how much of each its reader has not read", async () => {
  using own = tempDir();
  const fresh = { ...env, HOME: own.path, HCOM_DIR: `${own.path}/.hcom` };
  await hcom(fresh, ["start", "--as", "luna"]);
  await hcom(fresh, ["channel", "create", "ops"]);
  await hcom(fresh, ["channel", "create", "quiet"]);
  await hcom(fresh, ["channel", "join", "ops"]);
  await hcom(fresh, ["channel", "send", "ops", "--name", "luna", "--", "it is red"]);
  const shown = Bun.stripANSI(await screen(["channel", "list"], { columns: 80, extra: fresh }));
  expect(shown).toMatch(
    /^CHANNEL +NUMBER +UNREAD +MEMBERS\nops +#1 +\+1 +bigboss\nquiet +#2 +nobody\n/,
  );
});
