// The official client as the judge: it checks every answer against the protocol's own schemas, in
// the versions with a handshake and in the one without.
import { expect, test } from "bun:test";
import type { ClientOptions } from "@modelcontextprotocol/client";
import { asObject } from "../core/json.ts";
import { connect, jsonOf, startServer, tempDir } from "./fixtures/lab.ts";

const eras: [name: string, options: ClientOptions][] = [
  ["with a handshake", {}],
  ["without one", { versionNegotiation: { mode: { pin: "2026-07-28" } } }],
  ["asking first", { versionNegotiation: { mode: "auto" } }],
];

const ways: [tool: string, args: Record<string, unknown>][] = [
  ["create_channel", { name: "ops" }],
  ["list_channels", {}],
  ["join_channel", { channel_id: 1, participant: "ann" }],
  ["join_channel", { channel_id: 1, participant: "bob" }],
  ["send_message", { channel_id: 1, sender: "ann", content: "hi", message_type: "query" }],
  ["receive_messages", { channel_id: 1 }],
  ["broadcast", { channel_id: 1, sender: "ann", content: "all" }],
  ["query_history", { channel_id: 1 }],
  ["search_messages", { query: "hi" }],
  ["get_message", { message_id: 1 }],
  ["acknowledge_message", { message_id: 1, recipient: "bob" }],
  ["get_channel_info", { channel_id: 1 }],
  ["set_channel_config", { channel_id: 1, ttl_seconds: 3600 }],
  ["subscribe", { topic: "news", subscriber: "bob" }],
  ["publish", { topic: "news", sender: "ann", content: "new" }],
  ["unsubscribe", { subscription_id: 1 }],
  ["communication_log", { intent: "test" }],
  ["leave_channel", { channel_id: 1, participant: "bob" }],
];

for (const [name, options] of eras) {
  test(`the official client lists and calls all 17 tools ${name}`, async () => {
    using dir = tempDir();
    await using connected = await connect(dir.path, ["--store", "s.acomm"], options);
    const { client } = connected;
    expect((await client.listTools()).tools.length).toBe(17);
    for (const [tool, args] of ways) {
      const result = await client.callTool({ name: tool, arguments: args });
      expect([tool, result.isError]).toEqual([tool, undefined]);
      const value = jsonOf(result);
      expect(result.structuredContent).toEqual(Array.isArray(value) ? { result: value } : value);
    }
    expect(new Set(ways.map(([tool]) => tool)).size).toBe(17);
    const wrong = await client.callTool({ name: "get_message", arguments: { message_id: 99 } });
    expect(wrong.isError).toBe(true);
    await expect(client.callTool({ name: "nope", arguments: {} })).rejects.toMatchObject({
      code: -32803,
      message: "Tool not found: nope",
    });
  });

  test(`the official client reads resources and prompts ${name}`, async () => {
    using dir = tempDir();
    await using connected = await connect(dir.path, ["--bus"], options);
    const { client } = connected;
    for (const [tool, args] of ways) await client.callTool({ name: tool, arguments: args });
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const filled = resourceTemplates.map(({ uriTemplate }) => uriTemplate.replace("{id}", "1"));
    for (const uri of [...resources.map((one) => one.uri), ...filled]) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([{ uri, mimeType: "application/json" }]);
    }
    const { prompts } = await client.listPrompts();
    expect(prompts.map((one) => one.name)).toEqual([
      "comm-status",
      "channel-health",
      "thread-summary",
      "comm-topology",
      "comm-debug",
    ]);
    for (const { name: prompt, arguments: args = [] } of prompts) {
      const needed = args.filter((one) => one.required).map((one) => [one.name, "1"]);
      const given = Object.fromEntries(needed);
      const { messages } = await client.getPrompt({ name: prompt, arguments: given });
      const text = String(asObject(messages[0]?.content)["text"]);
      expect(text).not.toContain("{{");
      expect(text).toContain("hi");
    }
    await expect(client.readResource({ uri: "comm://messages/99" })).rejects.toMatchObject({
      code: -32802,
    });
  });

  for (const store of [["--store", "s.acomm"], ["--bus"]]) {
    test(`a subscriber hears of what another process changed ${name}, ${store[0]}`, async () => {
      using dir = tempDir();
      await using connected = await connect(dir.path, store, options);
      const { client } = connected;
      await client.callTool({ name: "create_channel", arguments: { name: "ops" } });
      const heard = Promise.withResolvers<string>();
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
        heard.resolve(params.uri);
      });
      const uri = "comm://channels/1/messages";
      if (client.getNegotiatedProtocolVersion() === "2026-07-28") {
        await client.listen({ resourceSubscriptions: [uri] });
      } else {
        await client.subscribeResource({ uri });
      }
      await using other = startServer(dir.path, store);
      await other.call("send_message", { channel_id: 1, sender: "eve", content: "psst" });
      expect(await heard.promise).toBe(uri);
    });
  }
}
