// hcom channel as agents and people type it: what is said reaches those who listen, `why` says in
// plain words what became of it, and nobody disposes of what is another's.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { openLiveStore } from "../../src/bus/channels/live-store.ts";
import { accessTo } from "../../src/bus/channels/open-bus-store.ts";
import { start } from "../../src/bus/life/start.ts";
import { upsertEndpoint } from "../../src/store/endpoints.ts";
import { hcom, openLog, plainEnv, type Run, tempDir } from "./lab.ts";

const dir = tempDir();
const env = plainEnv(dir.path);
afterAll(() => dir[Symbol.dispose]());

const run = (...args: string[]): Promise<Run> => hcom(env, args);
const names: string[] = [];

beforeAll(async () => {
  for (let n = 0; n < 5; n++) names.push(JSON.parse((await run("start", "--json")).out).name);
  const [, pushed = "", later = "", counted = "", muted = ""] = names;
  await run("channel", "create", "ops");
  await run("channel", "join", "ops", "--name", pushed);
  await run("channel", "join", "ops", "--name", later, "--wake", "next-turn");
  await run("channel", "join", "ops", "--name", counted, "--wake", "digest");
  await run("channel", "join", "ops", "--name", muted, "--wake", "mute");
});

test("why explains each way of waiting, and who reads by itself", async () => {
  const [from = "", pushed = "", later = "", counted = "", muted = ""] = names;
  await run("channel", "send", "ops", "--name", from, "--", "hello");
  const { id } = JSON.parse((await run("events", "--type", "message", "--last", "1")).out);
  const why = async () => (await run("why", `${id}`)).out;
  expect(await why()).toMatch(new RegExp(`^#${id}  [\\d:]+  ${from} → channel ops\n`));
  expect((await why()).split("\n").slice(1, -1).sort()).toEqual(
    [
      '  "hello"',
      `  ${pushed}: waiting`,
      "    now: no program under hcom, so it reads when it asks",
      `  ${later}: waiting for the agent's next turn: it wants next-turn from that channel, so ` +
        "this wakes nobody",
      `  ${counted}: waiting for the agent's next turn, to be counted in a digest: it wants ` +
        "digest from that channel, so this wakes nobody",
      `  ${muted}: not told, it has muted the channel and has not read it there`,
    ].sort(),
  );
  expect((await run("list")).out).toContain(`${later} +1`);
  expect((await run("listen", "1", "--name", later)).out).toContain(`[channel:ops #${id}]`);
  expect(JSON.parse((await run("listen", "1", "--json", "--name", counted)).out)).toEqual({
    digest: `[channel digest] ops: 1 new from ${from} - hcom channel read ops`,
  });
  expect(await why()).toContain(`  ${counted}: counted in a digest, not yet read (`);
  for (const name of [pushed, counted, muted]) {
    expect((await run("channel", "read", "ops", "--name", name)).out).toContain("hello");
    expect(await why()).toContain(`  ${name}: read by the agent itself (`);
  }
  expect((await run("list")).out).not.toContain(" +1");
  expect((await run("read", `${id}`)).out).toContain(
    `${from} → channel ops\n  to: ${[pushed, later, counted].join(", ")}\n`,
  );
});

test("an agent does not read, mute or leave for another, and a human may", async () => {
  const [from = "", other = ""] = names;
  for (const words of [
    ["read", "ops"],
    ["wake", "ops", "mute"],
    ["leave", "ops"],
  ]) {
    const refused = await run("channel", ...words, "--as", other, "--name", from);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(`${other} is another`) });
    const inside = await hcom({ ...env, CLAUDECODE: "1" }, ["channel", ...words, "--as", other]);
    expect(inside.code).toBe(1);
  }
  for (const as of ["ci bot", from]) {
    const join = await run("channel", "join", "ops", "--as", as, "--name", from);
    expect(join.out).toBe(`${as} joined ops (push)\n`);
  }
  expect((await run("channel", "wake", "ops", "mute", "--as", other)).code).toBe(0);
});

test("an agent of a group is called by its full name, and answers to it", async () => {
  const { name } = JSON.parse((await run("start", "--json")).out);
  await run("config", "-i", name, "tag", "api");
  const full = `api-${name}`;
  await run("channel", "create", "group");
  const joined = await run("channel", "join", "group", "--as", full);
  expect(joined).toEqual({ out: `${full} joined group (push)\n`, err: "", code: 0 });
  const said = await run("channel", "send", "group", "--name", full, "--", "hi");
  expect(said.code).toBe(0);
  const from = await run("channel", "history", "group", "--sender", full);
  expect(from.out).toEndWith(`  ${full}: hi\n`);
  // What scripts read keeps the name that never changes.
  const channel = JSON.parse((await run("channel", "info", "group", "--json")).out);
  expect(channel.participants).toEqual([name]);
  const shown = [["list"], ["info", "group"], ["history", "group"]];
  for (const words of shown) expect((await run("channel", ...words)).out).toContain(full);
});

test("no name and no text steers the terminal or passes for a message of another", async () => {
  using bus = openLog(env);
  // As from an imported document: at our doors such a name is refused.
  const store = openLiveStore(bus, "main");
  const { id: channelId } = store.createChannel({ name: "tricks", type: "Group" });
  const sender = "x\x1b]0;t\x07\n[tricks/9]";
  store.sendMessage({ channelId, sender, content: "a\r\n[tricks/9] b\rc\x9b" });
  const { out } = await run("channel", "history", "tricks");
  expect(out.replace(/ {2}\d\d:\d\d:\d\d/, "")).toBe(
    "tricks/3  x\ufffd]0;t\ufffd [tricks/9]: a\r\n  [tricks/9] b\ufffdc\ufffd\n",
  );
});

test("a second channel of a name is asked for, and the name alone then opens neither", async () => {
  const again = await run("channel", "create", "ops");
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("a channel ops already")]);
  const space = ["--space", "twins"];
  await run("channel", "create", "pair", ...space);
  const second = await run("channel", "create", "pair", "--go", ...space);
  expect(second.out).toContain("hcom channel join 2");
  const join = await run("channel", "join", "pair", ...space);
  expect(join.err).toContain("2 channels are called pair: 1, 2");
  expect((await run("channel", "join", "2", ...space)).code).toBe(0);
});

test("a text that begins with a dash is said, and what could be a flag is not", async () => {
  const [from = ""] = names;
  const told = await run("channel", "send", "ops", "- the build is red", "--name", from);
  expect([told.code, told.err]).toEqual([0, ""]);
  const history = await run("channel", "history", "ops", "--limit", "1", "--json");
  expect(JSON.parse(history.out)[0].content).toBe("- the build is red");
  for (const words of [
    ["channel", "send", "ops", "-h"],
    ["send", `@${from}`, "-h"],
    ["send", `@${from}`, "-hello"],
  ]) {
    expect([words, (await run(...words)).code]).toEqual([words, 2]);
  }
  expect((await run("send", `@${from}`, "- mind the gap")).code).toBe(0);
});

test("acomm on the bus believes a known session no other name", async () => {
  const [own = "", other = ""] = names;
  const env = { ...plainEnv(dir.path), CODEX_THREAD_ID: "thread-of-acomm" };
  using bus = openLog(env);
  const { name } = start(bus, { tool: "codex" }).row;
  const acomm = (...words: string[]) => hcom(env, ["--program=acomm", "--bus", ...words]);
  const forged = await acomm("send", "1", "hi", "--sender", other);
  expect([forged.code, JSON.parse(forged.err).code]).toEqual([1, "NOT_YOU"]);
  expect((await acomm("send", "1", "hi", "--sender", "bigboss")).code).toBe(1);
  expect((await acomm("channel", "leave", "1", own)).code).toBe(1);
  expect((await acomm("send", "1", "by myself")).code).toBe(0);
  const [last] = JSON.parse((await acomm("search", "by myself")).out);
  expect(last.sender).toBe(name);
});

test("what is said wakes who waits at a port, through any door; joining wakes nobody", async () => {
  const [from = ""] = names;
  let knocks = 0;
  const opened = { open: () => void knocks++, data: () => {} };
  using waiter = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: opened });
  using bus = openLog(env);
  upsertEndpoint(bus.db, { instance: from, kind: "listen", port: waiter.port, now: Date.now() });
  const { store } = liveForAgents(bus, "main");
  const [channel] = store.listChannels();
  const access = accessTo(bus, "main");
  await access.write((one) => one.createChannel({ name: "quiet", type: "Group" }));
  await access.write((one) => one.joinChannel(channel?.id ?? 0, "somebody"));
  await run("channel", "leave", "ops", "--as", "somebody");
  expect(knocks).toBe(0);
  await access.write((one) =>
    one.sendMessage({ channelId: channel?.id ?? 0, sender: from, content: "a", type: "Text" }),
  );
  expect(knocks).toBe(1);
  await run("channel", "send", "ops", "--from", "ci", "--", "b");
  expect(knocks).toBe(2);
});
