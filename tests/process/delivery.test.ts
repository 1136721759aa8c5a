// The wrapper on a real terminal around an agent that behaves like Claude Code: when mail comes in,
// by which way, and what it must never do to the human's draft or to an open question.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fakeVersions } from "../kit/fake-agent/prepare.ts";
import { staysTrue, until } from "../kit/until.ts";
import { type Reach, tempDir, wrapAgent } from "./lab.ts";
import { senderProgram } from "./programs.ts";

const reaches = Object.keys(fakeVersions) as Reach[];

/** Longer than every pause of the wrapper: what it was going to do, it would have done. */
const patienceMs = 2500;

for (const reach of reaches) {
  test.concurrent(`an idle agent gets its mail in exactly one turn: ${reach}`, async () => {
    using dir = tempDir();
    await using agent = await wrapAgent(dir.path, reach);
    const id = await agent.send("hello");
    await agent.arrives(id);
    expect(agent.via(id)).toBe(reach);
    await until(() => agent.status().status === "listening", {
      timeoutMs: 5000,
      what: "the turn to end",
      dump: agent.dump,
    });
    const isOnce = () => agent.times([id])[0] === 1 && agent.prompts().length === 1;
    await staysTrue(patienceMs, isOnce, "one message in one turn");
    expect(agent.draft()).toBe("");
  });
}

test.concurrent("mail for a busy agent comes in the middle of its turn", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const gate = join(dir.path, "gate");
  const waits = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
  await agent.submit(`work [[RUN ${waits}]] [[RUN touch ${gate}2]]`);
  await until(() => agent.status().context === "tool:Bash", {
    timeoutMs: 5000,
    what: "the action to run",
    dump: agent.dump,
  });
  const id = await agent.send("while you work");
  await Bun.write(gate, "");
  await agent.arrives(id);
  expect(agent.via(id)).toMatch(/^hook:(post|batch)$/);
  await until(() => existsSync(`${gate}2`), { timeoutMs: 5000, what: "the turn to go on" });
  expect(agent.prompts()).toHaveLength(1);
  expect(agent.times([id])).toEqual([1]);
});

for (const reach of ["inbox", "typing"] as const) {
  test.concurrent(`an open question stays open, the mail comes after it: ${reach}`, async () => {
    using dir = tempDir();
    await using agent = await wrapAgent(dir.path, reach);
    await agent.submit(`work [[ASK touch ${dir.path}/answered]]`);
    await until(() => agent.status().status === "blocked", {
      timeoutMs: 5000,
      what: "the question",
      dump: agent.dump,
    });
    const id = await agent.send("are you there?");
    expect((await agent.hcom("list")).out).toContain("asks: touch");
    const isLeftAlone = () => !existsSync(`${dir.path}/answered`) && agent.times([id])[0] === 0;
    await staysTrue(patienceMs, isLeftAlone, "an open question");
    expect(agent.screen()).toContain("Do you want to proceed?");
    agent.press("1");
    await agent.arrives(id);
    expect(existsSync(`${dir.path}/answered`)).toBe(true);
    expect(agent.prompts()).toHaveLength(1);
  });
}

test.concurrent("a half-typed draft stays untouched until the human sends it", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "typing");
  await agent.type("half a dra");
  const id = await agent.send("hello");
  await until(() => agent.status().context === "tui:prompt-has-text", {
    timeoutMs: 8000,
    what: "the reason to be shown",
    dump: agent.dump,
  });
  expect(agent.draft()).toBe("half a dra");
  expect((await agent.hcom("list")).out).toContain("unsent text stands in its input box");
  await agent.submit("ft");
  await agent.arrives(id);
  expect(agent.prompts().map((one) => one.text)).toEqual(["half a draft"]);
});

test.concurrent("an inbox is used beside a draft, which stays", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  await agent.type("half a draft");
  const id = await agent.send("hello");
  await agent.arrives(id);
  expect(agent.draft()).toBe("half a draft");
});

for (const reach of reaches) {
  test.concurrent(`a burst of 20 comes in order and once: ${reach}`, async () => {
    using dir = tempDir();
    await using agent = await wrapAgent(dir.path, reach);
    const argv = [process.execPath, senderProgram];
    const child = Bun.spawn([...argv, "burst", agent.name, "20", "0"], {
      env: agent.agent.env,
      cwd: dir.path,
      stdout: "pipe",
    });
    const ids = (await new Response(child.stdout).text()).trim().split("\n").map(Number);
    expect(ids).toHaveLength(20);
    await agent.arrives(ids.at(-1) ?? 0);
    expect(agent.times(ids)).toEqual(ids.map(() => 1));
    const texts = agent.agent
      .context()
      .map((one) => one.text)
      .join("\n");
    const order = [...texts.matchAll(/: burst (\d+)/g)].map(([, n]) => Number(n));
    expect(order).toEqual(ids.map((_, at) => at));
  });
}

test.concurrent("a locked database does not freeze the terminal", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "typing");
  const began = performance.now();
  await agent.type("draft");
  // What an echo takes on this machine at this moment.
  const usualMs = performance.now() - began;
  const id = await agent.send("before the lock");
  agent.bus.db.exec("BEGIN EXCLUSIVE");
  const lockedAt = performance.now();
  const echoes: number[] = [];
  while (performance.now() - lockedAt < 3000) {
    agent.press("\x15");
    await until(() => agent.draft() === "", { timeoutMs: 3000, what: "an empty box" });
    // A pause in which the wrapper would type, if it could note that first.
    await staysTrue(700, () => (agent.draft() ?? "") === "", "an empty box");
    expect(agent.draft()).toBe("");
    const typedAt = performance.now();
    await agent.type("x");
    echoes.push(performance.now() - typedAt);
  }
  agent.bus.db.exec("COMMIT");
  expect(Math.max(...echoes)).toBeLessThan(1000 + 5 * usualMs);
  agent.press("\x15");
  await agent.arrives(id);
});

test.concurrent("pasted lines stay a draft and go out as one prompt", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "typing");
  agent.press("\x1b[200~one\ntwo\x1b[201~");
  await until(() => agent.draft() === "one\ntwo", { timeoutMs: 3000, what: "the paste" });
  const id = await agent.send("hello");
  agent.press("\r");
  await agent.arrives(id);
  expect(agent.prompts()[0]?.text).toBe("one\ntwo");
});

for (const reach of ["inbox", "typing"] as const) {
  test.concurrent(`an interrupted turn holds up no mail: ${reach}`, async () => {
    using dir = tempDir();
    await using agent = await wrapAgent(dir.path, reach);
    await agent.submit("[[RUN sleep 300]]");
    await until(() => agent.status().context === "tool:Bash", {
      timeoutMs: 5000,
      what: "the action to run",
      dump: agent.dump,
    });
    // No hook tells of it.
    agent.press("\x1b");
    const id = await agent.send("hello");
    await agent.arrives(id);
    expect(agent.via(id)).toBe(reach);
  });
}

test.concurrent("a message that is too long for a hook comes as a digest", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "inbox");
  const long = await agent.send("long ".repeat(5000));
  await agent.arrives(long);
  const read = await agent.hcom("read", String(long), "--json");
  expect(read.out).toContain("long ".repeat(4999));
  expect(agent.agent.context().filter((one) => one.text.includes("persisted-output"))).toEqual([]);
});
