// Programs that run on after a reset or a stop: they are found, ended, and brought back.
import { expect, test } from "bun:test";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { hcom, type Run, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

test("programs left by a reset are listed, brought back with their name, and ended", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  const agent = prepareFakeAgent({ dir: dir.path, withInbox: false, version: fakeVersions.bell });
  const run = (...args: string[]): Promise<Run> => hcom(agent.env, args, { cwd: agent.cwd });
  const heard = (text: string) =>
    until(() => agent.context().some((one) => one.text.includes(text)) || null, {
      timeoutMs: 30_000,
      what: text,
      dump: async () => (await run("status", "--logs")).out,
    });
  for (const _ of [1, 2]) tmux.newPane(["sh", launcher, "claude"], agent.env, agent.cwd);
  const names = await until(
    async () => {
      const idle = (await run("list", "--format", "{name} {status}")).out.trim().split("\n");
      return idle.filter((line) => line.endsWith(" listening")).length === 2 && idle;
    },
    { timeoutMs: 30_000, what: "two agents" },
  );
  const [kept = "", gone = ""] = names.map((line) => line.split(" ")[0] ?? "");
  await run("send", `@${kept}`, "--", "before-the-reset");
  await heard("before-the-reset");
  expect(JSON.parse((await run("list", "--orphans", "--json")).out)).toEqual([]);

  expect((await run("reset", "--go")).code).toBe(0);
  const orphans = JSON.parse((await run("list", "--orphans", "--json")).out);
  expect(orphans.map((one: { name: string }) => one.name).toSorted()).toEqual([kept, gone].sort());

  const nobody = await run("kill", "all", "--go");
  const still = orphans.map((one: { name: string }) => one.name);
  const said = `${still.join(", ")} (hcom kill ${still.join(" ")})`;
  expect([nobody.code, nobody.out]).toEqual([
    0,
    `Nothing to kill. Still running, off the list: ${said}\n`,
  ]);
  const killed = await run("kill", gone, "--json");
  expect([killed.code, JSON.parse(killed.out).results]).toEqual([
    0,
    [{ name: gone, outcome: "ended" }],
  ]);
  const again = await run("start", "--orphan", kept);
  expect([again.code, again.out]).toEqual([0, `${kept} takes part again\n`]);
  expect((await run("list", "--orphans")).out).toContain("No program of ours");
  await run("send", `@${kept}`, "--", "after-the-reset");
  await heard("after-the-reset");
  const none = await run("start", "--orphan", gone);
  expect([none.code, none.err]).toEqual([3, expect.stringContaining("runs without taking part")]);
  expect((await run("kill", kept)).code).toBe(0);
});
