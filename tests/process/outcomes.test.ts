// What a launch says of its agents: ready, failed with the reason, or waiting for a person with the
// question; at once, and later to whoever asks for its batch.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { hcom, tempDir } from "./lab.ts";

const question = [
  " Is this a project you created or one you trust?",
  " Claude Code may read files in it",
  " ❯ 1. Yes, I trust this folder",
  "   2. No, exit",
  " Enter to confirm · Esc to cancel",
];

/** A Claude that asks its person before anything else. */
function asking(dir: string): string {
  const bin = join(dir, "asking");
  mkdirSync(bin);
  const says = question.map((line) => `echo '${line}'`).join("\n");
  const version = '[ "$1" = --version ] && { echo 2.1.329; exit 0; }';
  writeFileSync(join(bin, "claude"), `#!/bin/sh\n${version}\n${says}\nexec sleep 120\n`, {
    mode: 0o755,
  });
  return bin;
}

test("a batch tells who is ready, who failed and why, and what another one asks", async () => {
  using dir = tempDir();
  const agent = prepareFakeAgent({
    dir: dir.path,
    withInbox: false,
    version: fakeVersions.bell,
  });
  const { env, cwd } = agent;
  const launch = (more: Record<string, string>, ...words: string[]) =>
    hcom({ ...env, ...more }, ["claude", "--headless", "--batch-id", "mixed", ...words], { cwd });
  const asked = { PATH: `${asking(dir.path)}:${env["PATH"]}` };

  expect((await hcom(env, ["events", "launch"])).code).toBe(3);
  const ready = await launch({});
  expect([ready.code, ready.err]).toEqual([0, ""]);
  const one = await hcom(env, ["events", "launch", "mix"]);
  expect([one.code, one.out]).toEqual([0, expect.stringMatching(/^Batch mixed: 1 of 1 ready\n/)]);

  const waits = await launch(asked);
  expect(waits.code).toBe(2);
  expect(waits.err).toMatch(/^\w+ asks its person something: hcom term \w+$/m);
  for (const line of question) expect(waits.err).toContain(`  | ${line}`);
  const both = await hcom(env, ["events", "launch", "--json"]);
  expect(both.code).toBe(2);
  expect(JSON.parse(both.out)).toMatchObject({
    ...{ status: "blocked", batch_id: "mixed", expected: 2, ready: 1, failed: 0, blocked: 1 },
    outcomes: [{ state: "ready" }, { state: "blocked" }],
  });

  const failed = await launch({ FAKE_AGENT_FAILS: "1" }, "--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out).outcomes).toMatchObject([
    { state: "failed", detail: expect.stringMatching(/exit code 9[\s\S]*cannot sign in/) },
  ]);
  const all = await hcom(env, ["events", "launch"]);
  expect(all.code).toBe(1);
  expect(all.err).toMatch(/^failed: \w+: exit code 9/m);
  expect(all.err).toContain("  | cannot sign in");
  expect((await hcom(env, ["kill", "all", "--go"])).code).toBe(0);
});
