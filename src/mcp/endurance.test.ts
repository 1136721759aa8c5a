// Ends that nobody wishes for: clients and servers that die, readers that are slow, places that
// cannot be written to. What was answered is stored, and nothing stored is torn.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { until } from "../../tests/kit/until.ts";
import { openBus } from "../bus/bus.ts";
import { contextOf, operationsOf } from "../bus/channels/session-log.ts";
import { asObject, type JsonObject } from "../core/json.ts";
import { processStart } from "../sys/process.ts";
import { realSystem } from "../sys/system.ts";
import { channelServer, envIn, jsonOf, startServer, tempDir } from "./fixtures/lab.ts";

const stores = [["--store", "s.acomm"], ["--bus"]];

for (const args of stores) {
  test(`a server that is killed has stored all that it answered, ${args[0]}`, async () => {
    using dir = tempDir();
    let answered = 0;
    await using server = startServer(dir.path, args);
    await server.call("create_channel", { name: "ops" });
    for (let id = 1; id <= 200; id++) {
      const given = { channel_id: 1, sender: "a", content: `nr ${id}` };
      const params = { name: "send_message", arguments: given };
      server.say({ jsonrpc: "2.0", id, method: "tools/call", params });
    }
    while (answered < 50 && (await server.hear()) !== undefined) answered += 1;
    server.kill("SIGKILL");
    await server.exited;
    await using next = startServer(dir.path, args);
    const stored = jsonOf(await next.call("receive_messages", { channel_id: 1 })) as JsonObject[];
    expect(stored.length).toBeGreaterThanOrEqual(answered);
    expect(stored.map((one) => one["content"])).toEqual(stored.map((_, at) => `nr ${at + 1}`));
  });

  test(`a client that is gone ends the server, and the store is whole, ${args[0]}`, async () => {
    using dir = tempDir();
    const script = `
      import { startServer } from ${JSON.stringify(join(import.meta.dir, "fixtures/lab.ts"))};
      const server = startServer(${JSON.stringify(dir.path)}, ${JSON.stringify(args)});
      await server.call("create_channel", { name: "ops" });
      for (let id = 1; id <= 300; id++) {
        const params = { name: "send_message",
          arguments: { channel_id: 1, sender: "a", content: "x".repeat(2000) } };
        server.say({ jsonrpc: "2.0", id, method: "tools/call", params });
      }
      console.log(server.pid);
      process.kill(process.pid, "SIGKILL");`;
    const client = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
    const pid = Number(await new Response(client.stdout).text());
    expect(pid).toBeGreaterThan(0);
    await until(() => processStart(pid) === undefined, {
      timeoutMs: 10_000,
      what: "the server to end",
    });
    await using next = startServer(dir.path, args);
    const stored = jsonOf(await next.call("receive_messages", { channel_id: 1 })) as JsonObject[];
    expect(stored.map((one) => one["id"])).toEqual(stored.map((_, at) => at + 1));
    const sent = await next.call("send_message", { channel_id: 1, sender: "b", content: "on" });
    expect(jsonOf(sent)).toMatchObject({ id: stored.length + 1 });
  });

  test(`every call and note outlives the run, ${args[0]}`, async () => {
    using dir = tempDir();
    await using server = startServer(dir.path, args);
    await server.call("create_channel", { name: "ops" });
    await server.call("send_message", { channel_id: 1, sender: "a", content: "hi" });
    await server.call("send_message", { channel_id: 7, sender: "a", content: "hi" });
    await server.call("get_message", { message_id: 9 });
    await server.call("communication_log", { intent: "why", related_message_id: 1 });
    const { code } = await server.finish();
    expect(code).toBe(0);
    using bus = openBus({ ...realSystem(), env: envIn(dir.path), log: () => {} });
    const calls = operationsOf(bus);
    expect(calls.map((one) => [one.tool, one.relatedKind, one.relatedId, one.ok])).toEqual([
      ["create_channel", "channel", 1, true],
      ["send_message", "message", 1, true],
      ["send_message", null, null, false],
      ["get_message", "message", 9, false],
      ["communication_log", null, null, true],
    ]);
    const isBus = args[0] === "--bus";
    expect(calls[0]?.store).toBe(isBus ? "bus:main" : join(dir.path, "s.acomm"));
    expect(contextOf(bus)).toMatchObject([{ intent: "why", relatedMessageId: 1, topic: null }]);
  });
}

test("a reader that is slow gets all of it, in order", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, ["--bus"]);
  await server.call("create_channel", { name: "ops" });
  const content = "y".repeat(200_000);
  await server.call("send_message", { channel_id: 1, sender: "a", content });
  const ids = Array.from({ length: 40 }, (_, at) => at);
  for (const id of ids) {
    const params = { name: "get_message", arguments: { message_id: 1 } };
    server.say({ jsonrpc: "2.0", id, method: "tools/call", params });
  }
  for (const id of ids) {
    const answer = asObject(await server.hear());
    expect(answer["id"]).toBe(id);
    expect(jsonOf(answer["result"])).toMatchObject({ content });
  }
});

test("a document is served where the log has no place", async () => {
  using dir = tempDir();
  await Bun.write(join(dir.path, "file"), "");
  const more = { HCOM_DIR: join(dir.path, "file", "h") };
  await using server = startServer(dir.path, ["s.acomm"], more);
  expect(jsonOf(await server.call("create_channel", { name: "ops" }))).toMatchObject({ id: 1 });
  const params = { uri: "comm://session/operations" };
  const answer = await server.ask({ id: 1, method: "resources/read", params });
  const contents = asObject(answer["result"])["contents"] as { text: string }[];
  expect(JSON.parse(contents[0]!.text)).toMatchObject({ operation_count: 1 });
});

test("a document that cannot be read is refused by every tool, and left as it is", async () => {
  using dir = tempDir();
  const path = join(dir.path, "s.acomm");
  await Bun.write(path, "not a store");
  await using server = startServer(dir.path, ["s.acomm"]);
  for (const [tool, args] of [
    ["list_channels", {}],
    ["create_channel", { name: "ops" }],
  ] as [string, JsonObject][]) {
    expect(await server.call(tool, args)).toMatchObject({ isError: true });
  }
  expect(await Bun.file(path).text()).toBe("not a store");
});

test("asked for help or its version, it answers and ends", () => {
  for (const [word, text] of [
    ["--help", "--store PATH"],
    ["--version", "agentic-comm-mcp "],
  ] as const) {
    const run = Bun.spawnSync([process.execPath, ...channelServer, word]);
    expect([run.exitCode, run.stderr.toString()]).toEqual([0, ""]);
    expect(run.stdout.toString()).toContain(text);
  }
});
