// The tool of the bus server that shows an agent's conversation.
import { expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { openBus } from "../bus/bus.ts";
import { start } from "../bus/life/start.ts";
import { asObject } from "../core/json.ts";
import { updateInstance } from "../store/instances.ts";
import { realSystem } from "../sys/system.ts";
import { envIn, hubServer, jsonOf, startServer, tempDir, textOf } from "./fixtures/lab.ts";

const recorded = join(import.meta.dir, "../tools/codex/fixtures/0.169.0/work.jsonl");

/** An agent whose session has this id and whose program wrote that transcript; its name. */
function agentIn(dir: string, session: string): string {
  const env = envIn(dir, { CODEX_THREAD_ID: session });
  using bus = openBus({ ...realSystem(), env, home: dir, cwd: dir, log: () => {} });
  const { name } = start(bus, { tool: "codex" }).row;
  const own = join(dir, ".codex/sessions/work.jsonl");
  cpSync(recorded, own);
  updateInstance(bus.db, name, { transcript_path: own });
  return name;
}

test("it shows another agent's exchanges, or the caller's own", async () => {
  using dir = tempDir();
  const [ann, bob] = [agentIn(dir.path, "thread-a"), agentIn(dir.path, "thread-b")];
  await using server = startServer(dir.path, [], {}, hubServer);
  const asAnn = { threadId: "thread-a" };
  const last = jsonOf(await server.call("transcript", { agent: bob, last: 1 }, asAnn));
  expect(last).toMatchObject({
    ...{ agent: bob, total: 3 },
    exchanges: [{ position: 3, user: "a plain question", action: "MOCK-ECHO a plain question" }],
  });
  const own = asObject(jsonOf(await server.call("transcript", { range: "1-2" }, asAnn)));
  expect(own).toMatchObject({ agent: ann, exchanges: [{ position: 1 }, { position: 2 }] });
  const given = { agent: `@${bob}`, range: 2, detail: "detailed" };
  expect(jsonOf(await server.call("transcript", given, asAnn))).toMatchObject({
    exchanges: [{ position: 2, tools: [{ name: "Bash", is_error: false }], ended_on_error: true }],
  });
});

test("what it cannot answer it refuses in words", async () => {
  using dir = tempDir();
  const ann = agentIn(dir.path, "thread-a");
  await using server = startServer(dir.path, [], {}, hubServer);
  for (const [given, says] of [
    [{ agent: "zzzz" }, `no agent "zzzz" (Available: ${ann})`],
    [{ agent: ann, range: "3-2" }, 'invalid range "3-2"'],
    [{ agent: ann, range: "9" }, `there is no exchange 9: ${ann} has 3`],
    [{ agent: ann, detail: "much" }, "detail must be one of normal, full, detailed"],
    [{ agent: ann, last: 0 }, "last must be between 1 and 200"],
    [{}, "hcom does not know who is calling"],
  ] as const) {
    const answer = await server.call("transcript", given);
    expect(answer["isError"]).toBe(true);
    expect(textOf(answer)).toContain(says);
  }
});
