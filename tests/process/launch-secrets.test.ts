// What a launch is told in words is for its agent alone: other users of the machine read the
// arguments of every process, and children of the agent its environment.
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { descendantsOf } from "../kit/processes.ts";
import { until } from "../kit/until.ts";
import { hcom, tempDir, type Wrapped, wrapAgent } from "./lab.ts";

const prompt = "FIRST-SECRET words\nand /clear a second line";
const system = "SYSTEM-SECRET";

/** What stands in arguments and environments of our wrapper and everything below it. */
function shownBy(pid: number): string {
  return [pid, ...descendantsOf(pid)]
    .flatMap((one) => ["cmdline", "environ"].map((file) => `/proc/${one}/${file}`))
    .map(readOrNothing)
    .join("\n");
}

/** A process may end while it is looked at. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function runFiles(agent: Wrapped): string[] {
  return readdirSync(`${agent.agent.hcomDir}/.tmp/run-settings`);
}

test("a first prompt and a system prompt stand in no arguments and no environment", async () => {
  using dir = tempDir();
  const args = ["--hcom-prompt", prompt, "--hcom-system-prompt", system];
  await using agent = await wrapAgent(dir.path, "bell", args);
  const first = await until(() => agent.prompts()[0], {
    timeoutMs: 15_000,
    what: "the first prompt",
    dump: agent.dump,
  });
  expect(first.text).toBe(prompt);
  const shown = shownBy(agent.child.pid);
  expect(shown).toContain("--append-system-prompt-file");
  expect(shown).not.toContain("SECRET");
  const kept = runFiles(agent).map((name) =>
    readFileSync(`${agent.agent.hcomDir}/.tmp/run-settings/${name}`, "utf8"),
  );
  expect(kept.filter((text) => text.includes("SECRET"))).toEqual([system]);

  const id = await agent.send("after it");
  await agent.arrives(id);
  expect(agent.prompts().filter(({ text }) => text.includes("FIRST-SECRET"))).toHaveLength(1);
}, 60_000);

test("a first prompt from a file stands in no arguments at any time", async () => {
  using dir = tempDir();
  const file = `${dir.path}/prompt.md`;
  writeFileSync(file, prompt);
  await using agent = await wrapAgent(dir.path, "bell", ["--hcom-prompt-file", file]);
  const first = await until(() => agent.prompts()[0], {
    timeoutMs: 15_000,
    what: "the first prompt",
    dump: agent.dump,
  });
  expect([first.text, shownBy(agent.child.pid).includes("SECRET")]).toEqual([prompt, false]);
  const twice = ["claude", "--hcom-prompt", "x", "--hcom-prompt-file", file, "--headless"];
  expect(await hcom(agent.agent.env, twice)).toMatchObject({
    code: 2,
    err: expect.stringContaining("given twice"),
  });
}, 60_000);

test("what a launch keeps in files goes once its agent is gone, and not before", async () => {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, "bell");
  const folder = `${agent.agent.hcomDir}/.tmp`;
  const left = ["run-settings/0123abcd.json", "launch/00000000-0000-4000-8000-000000000000.sh"];
  await Bun.write(`${folder}/${left[1]}`, "export KEY=secret");
  writeFileSync(`${folder}/${left[0]}`, "{}");
  const kept = runFiles(agent).filter((name) => name !== "0123abcd.json");
  expect(kept).toHaveLength(1);
  await hcom(agent.agent.env, ["claude", "--headless"]);
  expect(left.filter((name) => existsSync(`${folder}/${name}`))).toEqual([]);
  expect(runFiles(agent)).toEqual(expect.arrayContaining(kept));
  // Let go, not ended: its program still has the settings.
  await agent.hcom("stop", agent.name);
  await hcom(agent.agent.env, ["claude", "--headless"]);
  expect(runFiles(agent)).toEqual(expect.arrayContaining(kept));
  agent.child.kill();
  await agent.child.exited;
  await hcom(agent.agent.env, ["claude", "--headless"]);
  expect(runFiles(agent).filter((name) => kept.includes(name))).toEqual([]);
  await agent.hcom("kill", "all", "--go");
}, 60_000);
