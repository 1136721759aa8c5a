// How a wrapped agent ends: by hcom, by SIGKILL of its wrapper, and when its pid has become
// another's.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Instance, launchContextOf } from "../../src/core/instance.ts";
import { getInstance, updateInstance } from "../../src/store/instances.ts";
import { processStart } from "../../src/sys/process.ts";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { descendantsOf } from "../kit/processes.ts";
import { until } from "../kit/until.ts";
import { hcom, openLog, plainEnv, tempDir, type Wrapped, wrapAgent } from "./lab.ts";

/** The wrapper and all below it, once the agent runs a command of its own. */
async function wholeTree(agent: Wrapped): Promise<number[]> {
  await agent.submit("[[RUN sleep 300]]");
  const below = () => descendantsOf(agent.child.pid);
  await until(() => below().some((pid) => isSleep(pid)), {
    timeoutMs: 5000,
    what: "the command of the agent",
    dump: agent.dump,
  });
  return [agent.child.pid, ...below()];
}

function isSleep(pid: number): boolean {
  const { stdout } = Bun.spawnSync(["ps", "-o", "args=", "-p", String(pid)]);
  return stdout.toString().trim() === "sleep 300";
}

async function expectGone(pids: readonly number[]): Promise<void> {
  await until(() => pids.every((pid) => processStart(pid) === undefined), {
    timeoutMs: 8000,
    what: `the end of ${pids.join(", ")}`,
    dump: () =>
      Bun.spawnSync(["ps", "-o", "pid,ppid,stat,args", "-p", pids.join()]).stdout.toString(),
  });
}

test.concurrent("kill ends the whole group, and the name with it", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const pids = await wholeTree(agent);
  const killed = await agent.hcom("kill", agent.name);
  expect(killed.code).toBe(0);
  await expectGone(pids);
  expect((await agent.hcom("list", "--names")).out).toBe("");
});

test.concurrent("kill -9 of the wrapper leaves no process and no name", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "bell");
  const pids = await wholeTree(agent);
  process.kill(agent.child.pid, "SIGKILL");
  await expectGone(pids);
  // The last hook of the session may still be at it.
  await until(async () => (await agent.hcom("list", "--names")).out === "", {
    timeoutMs: 30_000,
    what: "the name to be free",
    dump: agent.dump,
  });
  const stopped = await agent.hcom("list", "--stopped", agent.name);
  expect(stopped.out).toContain(agent.name);
});

test.concurrent("kill -9 of the agent ends its wrapper and its name", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  process.kill(getInstance(agent.bus.db, agent.name)?.pid ?? 0, "SIGKILL");
  expect(await agent.child.exited).toBe(137);
  expect((await agent.hcom("list", "--names")).out).toBe("");
});

test.concurrent("kill right after a headless launch leaves no process", async () => {
  using dir = tempDir();
  const { env } = prepareFakeAgent({ dir: dir.path, withInbox: true, version: fakeVersions.inbox });
  const launched = await hcom(env, ["claude", "--headless", "--json"]);
  expect(launched.err).toBe("");
  const name = (await hcom(env, ["list", "--names"])).out.trim();
  using bus = openLog(env);
  const wrapper = launchContextOf(getInstance(bus.db, name) as Instance).wrapper_pid ?? 0;
  expect(processStart(wrapper)).toBeDefined();
  const killed = await hcom(env, ["kill", name]);
  expect(killed.out + killed.err).toContain(name);
  await expectGone([wrapper]);
  const ours = Bun.spawnSync(["ps", "-eo", "args"]).stdout.toString().split("\n");
  expect(ours.filter((args) => args.includes(dir.path))).toEqual([]);
});

test.concurrent("after kill -9 of everything, kill says that nothing is there", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const pids = [agent.child.pid, ...descendantsOf(agent.child.pid)];
  // All stand still first: none of them sees another one end, and says so.
  for (const signal of ["SIGSTOP", "SIGKILL"]) for (const pid of pids) process.kill(pid, signal);
  await expectGone(pids);
  const killed = await agent.hcom("kill", agent.name);
  expect([killed.code, killed.err]).toEqual([0, ""]);
  expect(killed.out).toContain("already gone");
  expect((await agent.hcom("list", "--names")).out).toBe("");
});

test.concurrent("a pid that is another process by now is never killed", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const stranger = Bun.spawn(["sleep", "300"]);
  try {
    const row = getInstance(agent.bus.db, agent.name);
    const context = { ...JSON.parse(row?.launch_context ?? "{}"), pid_start: "1" };
    updateInstance(agent.bus.db, agent.name, {
      pid: stranger.pid,
      launch_context: JSON.stringify(context),
    });
    const killed = await agent.hcom("kill", agent.name);
    expect(killed.out).toContain("left alone");
    expect(processStart(stranger.pid)).toBeDefined();
  } finally {
    stranger.kill("SIGKILL");
    await stranger.exited;
  }
});

test.concurrent("an agent that exits by itself leaves the list", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  await agent.submit("/exit");
  expect(await agent.child.exited).toBe(0);
  expect((await agent.hcom("list", "--names")).out).toBe("");
});

test.concurrent("who still runs is not resumed, and who nobody knows is not guessed", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const refused = await agent.hcom("r", agent.name);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("still runs")]);
  expect(refused.err).toContain(`hcom kill ${agent.name}`);
  const unknown = await agent.hcom("resume", `${agent.name}x`);
  expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining(agent.name)]);
  expect((await agent.hcom("f")).code).toBe(2);
  await agent.hcom("kill", agent.name);
  const stopped = await agent.hcom("send", `@${agent.name}`, "--", "hi");
  expect(stopped.err).toContain(`resume: hcom r ${agent.name}`);
});

test.concurrent("term shows all screens, with heads and row numbers, or text alone", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const all = await agent.hcom("term");
  expect(all.out).toMatch(
    new RegExp(`^Screen of ${agent.name} \\(claude, listening, \\d+x\\d+\\)\n  1: `),
  );
  expect((await agent.hcom("term", agent.name)).out).toBe(all.out);
  const clean = (await agent.hcom("term", agent.name, "--clean")).out;
  expect(clean).not.toMatch(/^Screen of|^ +\d+: |\n\n/m);
  expect(all.out).toContain(`: ${clean.split("\n")[0]}`);
  expect(JSON.parse((await agent.hcom("term", "--json")).out)).toMatchObject([
    { name: agent.name },
  ]);
  expect(JSON.parse((await agent.hcom("term", agent.name, "--json")).out)).toHaveProperty("cursor");
});

test.concurrent("term debug has wrappers write down what they see, until it is off", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  expect((await agent.hcom("term", "debug", "on")).code).toBe(0);
  const log = await until(
    async () => {
      const [path] = JSON.parse((await agent.hcom("term", "debug", "logs", "--json")).out);
      return path;
    },
    { timeoutMs: 15_000, what: "a trace", dump: agent.dump },
  );
  expect(JSON.parse(readFileSync(log, "utf8").split("\n")[0] ?? "")).toMatchObject({
    ...{ name: agent.name, launch: "ready", lines: expect.any(Array) },
  });
  expect((await agent.hcom("term", "debug", "off")).code).toBe(0);
  expect((await agent.hcom("term", "debug", "perhaps")).code).toBe(2);
});

test("a group is found as it is addressed, by list, stop and kill", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const names = ["luna", "nova", "kira", "vela"];
  for (const name of names) await hcom(env, ["start", "--as", name]);
  for (const name of ["nova", "kira"]) await hcom(env, ["config", "-i", name, "tag", "review"]);
  for (const word of ["review-", "@review-", "tag:review", "REVIEW-"]) {
    const { out } = await hcom(env, ["list", word, "--names"]);
    expect([word, out.trim().split("\n").sort()]).toEqual([word, ["review-kira", "review-nova"]]);
  }
  const stopped = await hcom(env, ["stop", "review-"]);
  expect(stopped.out).toMatch(/^Stopped tag:review: review-\w+, review-\w+\n$/);
  await hcom(env, ["config", "-i", "vela", "tag", "api"]);
  const killed = await hcom(env, ["kill", "@api-", "luna"]);
  expect(killed.out).toContain("'api-vela' is off the list");
  expect((await hcom(env, ["list", "--names"])).out).toBe("");
  expect(await hcom(env, ["kill", "api-"])).toMatchObject({ code: 3 });
});

test("kill claims no program that it did not end", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  for (const name of ["luna", "nova"]) await hcom(env, ["start", "--as", name]);
  const { out, code } = await hcom(env, ["kill", "all", "--go"]);
  expect([code, out]).toEqual([0, expect.stringContaining("Killed 0; 2 off the list only")]);
  expect(out).toContain("'luna' is off the list; hcom did not start its program");
  expect((await hcom(env, ["list", "--names"])).out).toBe("");
  const stopped = await hcom(env, ["list", "--stopped"]);
  expect(stopped.out).toContain("taken off the list by a person");
  expect(stopped.out).toContain("in a session: hcom start --as luna");
  expect(stopped.out).not.toContain("killed");
  const [first] = JSON.parse((await hcom(env, ["list", "--stopped", "--json"])).out);
  expect(first).toMatchObject({ resume: expect.stringMatching(/^hcom start --as /) });
});

test.concurrent("a running agent outlives a reset and takes part again by its name", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const reset = await agent.hcom("reset", "--go");
  expect([reset.code, reset.err]).toEqual([
    ...[0, expect.stringContaining(`hcom start --as ${agent.name}`)],
  ]);
  expect((await agent.hcom("list", "--names")).out).toBe("");
  await agent.submit(`[[RUN hcom start --as ${agent.name}]]`);
  await until(async () => (await agent.hcom("list", "--names")).out === `${agent.name}\n`, {
    timeoutMs: 8000,
    what: "the agent to be back",
    dump: agent.dump,
  });
  await agent.hcom("send", `@${agent.name}`, "--", "behind the reset");
  await until(async () => (await agent.hcom("list", "--json")).out.includes('"unread_count":0'), {
    timeoutMs: 8000,
    what: "its mail to be handed over",
    dump: agent.dump,
  });
});
