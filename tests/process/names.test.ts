// Names that change hands: a running agent gets another one, and a new agent takes over that of one
// that has stopped.
import { expect, test } from "bun:test";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { until } from "../kit/until.ts";
import { hcom, type Run, tempDir } from "./lab.ts";

function placeIn(dir: string) {
  const agent = prepareFakeAgent({ dir, withInbox: false, version: fakeVersions.bell });
  const run = (...args: string[]): Promise<Run> => hcom(agent.env, args, { cwd: agent.cwd });
  const heard = (text: string) =>
    until(() => agent.context().some((one) => one.text.includes(text)) || null, {
      timeoutMs: 20_000,
      what: text,
      dump: async () => (await run("status", "--logs")).out,
    });
  return { run, heard, context: agent.context };
}

const nameIn = ({ out, err }: Run) => /^Names: (\w+)$/m.exec(out)?.[1] ?? `none: ${out}${err}`;

test("a running agent that is renamed is told, reached and ended by its new name", async () => {
  using dir = tempDir();
  const { run, heard } = placeIn(dir.path);
  const old = nameIn(await run("claude", "--headless"));
  await run("send", `@${old}`, "--", "word-to-the-old-name");
  await heard("word-to-the-old-name");
  const session = (await run("list", old, "session_id")).out;
  const renamed = await run("rename", old, "docs");
  expect([renamed.code, renamed.out]).toEqual([0, `${old} is docs now\n`]);
  await heard("Your name is docs from now on");
  expect((await run("list", "docs", "session_id")).out).toBe(session);
  await until(async () => (await run("list", "docs", "status")).out === "listening\n" || null, {
    timeoutMs: 20_000,
    what: "it to be idle",
  });
  await run("send", "@docs", "--", "word-to-the-new-name");
  await heard("word-to-the-new-name");
  const late = await run("send", "@docs", "@zzzz", "--", "x");
  expect(late.code).toBe(3);
  const former = await run("send", `@${old}`, "--", "x");
  expect([former.code, former.err]).toEqual([
    3,
    expect.stringContaining(`${old} is called docs now`),
  ]);
  const killed = await run("kill", "docs");
  expect([killed.code, killed.out]).toEqual([0, expect.stringContaining("of 'docs'")]);
});

test("mail that waits, threads and subscriptions go along", async () => {
  using dir = tempDir();
  const { run } = placeIn(dir.path);
  const made = JSON.parse((await run("start", "--json")).out);
  const other = JSON.parse((await run("start", "--json")).out);
  await run("events", "sub", "--type", "life", "--for", made.name);
  await run("send", `@${made.name}`, `@${other.name}`, "--thread", "plan", "--", "before-it");
  expect((await run("rename", made.name, "docs")).code).toBe(0);
  await run("send", "--thread", "plan", "--name", other.name, "--", "to-the-thread");
  const mail = await run("listen", "--name", "docs", "--timeout", "1");
  for (const text of ["before-it", "Your name is docs", "to-the-thread"]) {
    expect([text, mail.out.split(text).length - 1]).toEqual([text, 1]);
  }
  expect((await run("listen", "--name", "docs", "--timeout", "1")).code).toBe(1);
  expect((await run("events", "sub")).out).toContain("docs");
});

test("names that are taken, left behind or no names are refused", async () => {
  using dir = tempDir();
  const { run } = placeIn(dir.path);
  const one = JSON.parse((await run("start", "--json")).out).name;
  const two = JSON.parse((await run("start", "--json")).out).name;
  const gone = JSON.parse((await run("start", "--json")).out).name;
  await run("stop", gone);
  const cases: [string[], number, RegExp][] = [
    [[one, two], 1, /is in use/],
    [[one, gone], 1, /is of one that has stopped\n {2}its successor gets both/],
    [[one, "bigboss"], 2, /cannot be an agent's name/],
    [[one, "Two Words"], 2, /./],
    [["zzzz", "docs"], 3, /no agent "zzzz"/],
    [[one], 2, /how it is to be called/],
    [[one, "docs", "--name", two], 1, /is not you/],
  ];
  for (const [words, code, message] of cases) {
    const run_ = await run("rename", ...words);
    expect([words, run_.code, run_.err]).toEqual([words, code, expect.stringMatching(message)]);
  }
});

test("a successor has name and mail of one that has stopped, and its own session", async () => {
  using dir = tempDir();
  const { run, heard, context } = placeIn(dir.path);
  const name = nameIn(await run("claude", "--headless", "--tag", "api"));
  const session = (await run("list", name, "session_id")).out;
  await run("send", `@api-${name}`, "--", "read-before");
  await heard("read-before");
  const still = await run("claude", "--headless", "--as", name);
  expect([still.code, still.err]).toEqual([1, expect.stringContaining("has not stopped")]);
  await run("send", `@api-${name}`, "--", "[[SLOW 60000 never]] one-long-turn");
  await heard("one-long-turn");
  await run("send", `@api-${name}`, "--", "left-behind");
  expect((await run("kill", name)).code).toBe(0);
  const two = await run("2", "claude", "--headless", "--as", name);
  expect([two.code, two.err]).toEqual([2, expect.stringContaining("one name is for one agent")]);
  const next = await run("claude", "--headless", "--as", name);
  expect([next.code, nameIn(next)]).toEqual([0, name]);
  expect(JSON.parse((await run("list", name, "--json")).out).full_name).toBe(`api-${name}`);
  expect((await run("list", name, "session_id")).out).not.toBe(session);
  await heard("left-behind");
  expect(context().filter((one) => one.text.includes("read-before")).length).toBe(1);
  expect((await run("kill", "all", "--go")).code).toBe(0);
});
