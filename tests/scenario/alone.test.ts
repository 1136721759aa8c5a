// A session that hcom did not launch: whoever sends wakes it, or says that nothing can.
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { addToLaunchContext } from "../../src/bus/agents/launch-context.ts";
import { holdsOf } from "../../src/bus/mail/hold.ts";
import { wakeAlone } from "../../src/bus/mail/waking/wake-alone.ts";
import { processStart } from "../../src/sys/process.ts";
import { until } from "../kit/until.ts";
import { makeWorld, type World } from "./world.ts";

/** A session of Claude that publishes an inbox, in this very process. */
async function publish(world: World, name: string, permissions: string) {
  const configDir = mkdtempSync("/tmp/hcw-");
  const socket = join(configDir, "inbox.sock");
  const lines: string[] = [];
  const server = createServer((peer) => peer.on("data", (data) => lines.push(data.toString())));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  mkdirSync(join(configDir, "sessions"));
  const session = {
    status: "idle",
    sessionId: world.row(name).session_id,
    procStart: processStart(process.pid),
    peerProtocol: 1,
    messagingSocketPath: socket,
  };
  writeFileSync(join(configDir, `sessions/${process.pid}.json`), JSON.stringify(session));
  addToLaunchContext(world.bus, name, {
    tool_pid: process.pid,
    config_dir: configDir,
    permissions,
  });
  return {
    lines,
    [Symbol.dispose]: () => {
      server.close();
      rmSync(configDir, { recursive: true, force: true });
    },
  };
}

test("an idle session without a wrapper gets one nudge from whoever sends", async () => {
  using world = await makeWorld();
  const name = world.join();
  using inbox = await publish(world, name, "asked");
  const { id } = world.say("bigboss", "hello", { targets: [name] });
  await wakeAlone(world.bus, [name]);
  await until(() => inbox.lines.length > 0, { timeoutMs: 5000, what: "the nudge" });
  expect(inbox.lines.join("")).toContain(`<hcom>mail: ${id}</hcom>`);
  // The next send finds it on its way.
  world.say("bigboss", "and this", { targets: [name] });
  await wakeAlone(world.bus, [name]);
  expect(inbox.lines).toHaveLength(1);
  expect((await holdsOf(world.bus, [name])).size).toBe(0);
});

test("a session that works is left to its hooks", async () => {
  using world = await makeWorld();
  const name = world.join();
  using inbox = await publish(world, name, "asked");
  world.hook({ kind: "prompt", session: `s-${name}` });
  world.say("bigboss", "hello", { targets: [name] });
  await wakeAlone(world.bus, [name]);
  expect(inbox.lines).toEqual([]);
});

test("a session that would hold the line gets none, and its sender is told", async () => {
  using world = await makeWorld();
  const name = world.join();
  using inbox = await publish(world, name, "bypassed");
  world.say("bigboss", "hello", { targets: [name] });
  await wakeAlone(world.bus, [name]);
  expect(inbox.lines).toEqual([]);
  const hold = (await holdsOf(world.bus, [name])).get(name);
  expect(hold?.kind).toBe("unreachable");
  expect(hold?.text).toContain("nothing of hcom can wake it");
});
