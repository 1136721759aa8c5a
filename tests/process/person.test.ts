// The person at a terminal: mail as it comes, and questions before something wide happens.
import { expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, asTexts, parseJson } from "../../src/core/json.ts";
import { type Child, spawnChild } from "../../src/pty/child.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { processStart } from "../../src/sys/process.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

interface Terminal {
  child: Child;
  /** All that was shown so far. */
  text(): string;
  shows(what: string): Promise<unknown>;
}

function atTerminal(env: Env, argv: readonly string[]): Terminal {
  let text = "";
  const child = spawnChild({
    argv: [...argv],
    env: { ...env, TERM: "xterm-256color", NO_COLOR: "1" },
    directory: env["HOME"] ?? "/",
    cols: 100,
    rows: 30,
    onData: (bytes) => {
      text += new TextDecoder().decode(bytes);
    },
  });
  const shows = (what: string) =>
    until(() => text.includes(what), { timeoutMs: 10_000, what, dump: () => text });
  return { child, text: () => text, shows };
}

const hcomWords = (...words: string[]) => ["sh", launcher, ...words];

async function crew(env: Env, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let n = 0; n < count; n++) {
    const { out } = await hcom(env, ["start", "--json"]);
    names.push(String(asObject(parseJson(out))["name"]));
  }
  return names;
}

async function unread(env: Env): Promise<string[]> {
  const { out } = await hcom(env, ["inbox", "--peek", "--json"]);
  const lines = out.trim().split("\n").filter(Boolean);
  return lines.map((line) => String(asObject(parseJson(line))["text"]));
}

test("inbox --watch shows mail as it comes, and what was shown is read", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const [luna = ""] = await crew(env, 1);
  const terminal = atTerminal(env, hcomWords("inbox", "--watch"));
  await terminal.shows("Ctrl+C ends it");
  for (const text of ["the build is green", "and deployed"]) {
    await hcom(env, ["send", "@bigboss", "--name", luna, "--", text]);
    await terminal.shows(text);
  }
  terminal.child.write("\x03");
  expect(await terminal.child.exited).toBe(130);
  expect(await unread(env)).toEqual([]);
});

test("inbox --watch --peek & prints a line in the shell, and leaves the mail unread", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const [luna = ""] = await crew(env, 1);
  const shell = atTerminal(env, ["sh", "-i"]);
  shell.child.write(`sh ${launcher} inbox --watch --peek & echo started\n`);
  await shell.shows("Ctrl+C ends it");
  await hcom(env, ["send", "@bigboss", "--name", luna, "--", "shall I deploy?\nsecond line"]);
  await shell.shows("shall I deploy?");
  expect(shell.text()).toMatch(/✉ \S+ +shall I deploy\? second line +hcom inbox/);
  // The shell goes on taking commands.
  shell.child.write("echo still $((40 + 2))\n");
  await shell.shows("still 42");
  expect(await unread(env)).toEqual(["shall I deploy?\nsecond line"]);
  shell.child.write("kill %1; exit\n");
  await shell.child.exited;
});

test("a person who runs hcom start is told what it is for; a script gets the text", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const terminal = atTerminal(env, hcomWords("start", "--as", "luna"));
  await terminal.child.exited;
  expect(terminal.text()).toContain("You yourself need no name");
  expect(terminal.text()).toContain("hcom stop luna");
  expect(terminal.text()).not.toContain("session-metadata");
  expect((await hcom(env, ["start", "--as", "nova"])).out).toContain("session-metadata");
});

test("a watch in the background ends with its terminal", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await crew(env, 1);
  const pidFile = join(dir.path, "pid");
  const shell = atTerminal(env, ["sh", "-i"]);
  const watch = `sh -c 'echo $$ >${pidFile}; exec sh ${launcher} inbox --watch --peek'`;
  shell.child.write(`(${watch} &)\n`);
  await shell.shows("Ctrl+C ends it");
  const pid = Number(readFileSync(pidFile, "utf8"));
  expect(processStart(pid)).toBeDefined();
  shell.child.write("exit\n");
  await shell.child.exited;
  const isGone = () => processStart(pid) === undefined;
  await until(isGone, { timeoutMs: 15_000, what: "the watch to end" });
});

test("a message to many is asked about at a terminal, and no means no", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await crew(env, 11);
  const sent = async () => {
    const { out } = await hcom(env, ["events", "--type", "message", "--last", "5"]);
    return out.trim() === "" ? 0 : out.trim().split("\n").length;
  };
  for (const [key, code, count] of [
    ["\r", 1, 0],
    ["n\r", 1, 0],
    ["y\r", 0, 1],
  ] as const) {
    const terminal = atTerminal(env, hcomWords("send", "--", "hello all"));
    await terminal.shows("[y/N]");
    expect(terminal.text()).toContain("11");
    terminal.child.write(key);
    expect([key, await terminal.child.exited, await sent()]).toEqual([key, code, count]);
  }
});

test("kill all is asked about at a terminal, with who and where, and no means no", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const names = await crew(env, 2);
  const here = async () => (await hcom(env, ["list", "--names"])).out.trim().split("\n").sort();
  const no = atTerminal(env, hcomWords("kill", "all"));
  await no.shows("[y/N]");
  for (const name of names) expect(no.text()).toContain(`${name} (${dir.path})`);
  no.child.write("\r");
  expect(await no.child.exited).toBe(1);
  expect(await here()).toEqual(names.toSorted());
  const yes = atTerminal(env, hcomWords("kill", "all"));
  await yes.shows("[y/N]");
  yes.child.write("y\r");
  expect(await yes.child.exited).toBe(0);
  expect(await here()).toEqual([""]);
});

test("broadcast = project keeps a message without a target to the sender's project", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const [near = "", far = ""] = await crew(env, 2);
  const [project, other] = [join(dir.path, "project"), join(dir.path, "other")];
  for (const path of [join(project, ".git"), join(project, "src"), other]) {
    mkdirSync(path, { recursive: true });
  }
  {
    using bus = openLog(env);
    updateInstance(bus.db, near, { directory: join(project, "src") });
    updateInstance(bus.db, far, { directory: other });
  }
  const say = async (more: Env, ...words: string[]) => {
    const run = await hcom({ ...env, ...more }, ["send", "--json", ...words], { cwd: project });
    return asTexts(asObject(parseJson(run.out))["delivered_to"]).sort();
  };
  expect(await say({}, "--", "to all")).toEqual([near, far].sort());
  await hcom(env, ["config", "broadcast", "project"]);
  expect(await say({}, "--", "to the project")).toEqual([near]);
  expect(await say({ HCOM_BROADCAST: "all" }, "--", "to all")).toEqual([near, far].sort());
  // An agent's project is where it works, and the person is in every one of them.
  await hcom(env, ["inbox"]);
  expect(await say({}, "--name", near, "--", "from near")).toEqual(["bigboss"]);
  expect(await unread(env)).toEqual(["from near"]);
  const alone = join(dir.path, "alone");
  mkdirSync(join(alone, ".git"), { recursive: true });
  const nobody = await hcom(env, ["send", "--", "hello"], { cwd: alone });
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining("HCOM_BROADCAST=all")]);
  expect((await hcom(env, ["config", "broadcast", "--info"])).out).toContain("all, project");
});
