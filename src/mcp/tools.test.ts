// The 17 tools: their schemas, what each answers, key for key and in order, and what each refuses.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { asObject, type JsonObject } from "../core/json.ts";
import {
  channelServer,
  envIn,
  jsonOf,
  type RawServer,
  startServer,
  tempDir,
  textOf,
} from "./fixtures/lab.ts";

const i = "integer";
const s = "string";
const b = "boolean";

/** Name -> required and optional arguments, as AgenticComm lists them. */
const table: Record<string, [Record<string, string>, Record<string, string>]> = {
  send_message: [{ channel_id: i, sender: s, content: s }, { message_type: s }],
  receive_messages: [{ channel_id: i }, { recipient: s, since: s }],
  create_channel: [
    { name: s },
    {
      channel_type: s,
      max_participants: i,
      ttl_seconds: i,
      persistence: b,
      encryption_required: b,
    },
  ],
  list_channels: [{}, {}],
  join_channel: [{ channel_id: i, participant: s }, {}],
  leave_channel: [{ channel_id: i, participant: s }, {}],
  get_channel_info: [{ channel_id: i }, {}],
  subscribe: [{ topic: s, subscriber: s }, {}],
  unsubscribe: [{ subscription_id: i }, {}],
  publish: [{ topic: s, sender: s, content: s }, {}],
  broadcast: [{ channel_id: i, sender: s, content: s }, {}],
  query_history: [{ channel_id: i }, { since: s, before: s, sender: s, message_type: s, limit: i }],
  search_messages: [{ query: s }, { max_results: i }],
  get_message: [{ message_id: i }, {}],
  acknowledge_message: [{ message_id: i, recipient: s }, {}],
  set_channel_config: [
    { channel_id: i },
    { max_participants: i, ttl_seconds: i, persistence: b, encryption_required: b },
  ],
  communication_log: [{ intent: s }, { observation: s, related_message_id: i, topic: s }],
};

/** Runs the body on an empty document and on an empty space of the bus: both answer the same. */
function onBoth(body: (server: RawServer) => Promise<void>): () => Promise<void> {
  return async () => {
    for (const args of [["--store", "s.acomm"], ["--bus"]]) {
      using dir = tempDir();
      await using server = startServer(dir.path, args);
      await body(server);
    }
  };
}

const keysOf = (value: unknown) => Object.keys(asObject(value));

const messageKeys = [
  "id",
  "channel_id",
  "sender",
  "recipient",
  "content",
  "message_type",
  "timestamp",
  "metadata",
  "signature",
  "acknowledged_by",
];

test("the tools and their arguments are those of AgenticComm", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, ["s.acomm"]);
  const answer = asObject((await server.ask({ id: 1, method: "tools/list" }))["result"]);
  const tools = answer["tools"] as { name: string; inputSchema: JsonObject }[];
  const listed = tools.map(({ name, inputSchema }) => {
    const properties = asObject(inputSchema["properties"]);
    const required = inputSchema["required"] as string[];
    const types = Object.entries(properties).map(([key, value]) => [key, asObject(value)["type"]]);
    const of = (isRequired: boolean) =>
      Object.fromEntries(types.filter(([key]) => required.includes(String(key)) === isRequired));
    return [name, [of(true), of(false)]];
  });
  expect(Object.fromEntries(listed)).toEqual(table);
  expect(listed.length).toBe(17);
});

describe("each tool answers in its own shape", () => {
  test(
    "channels",
    onBoth(async (server) => {
      const made = jsonOf(await server.call("create_channel", { name: "ops" }));
      expect(keysOf(made)).toEqual([
        "id",
        "name",
        "channel_type",
        "created_at",
        "participants",
        "config",
      ]);
      expect(made).toMatchObject({
        id: 1,
        name: "ops",
        channel_type: "Group",
        participants: [],
        config: {
          max_participants: 0,
          ttl_seconds: 0,
          persistence: true,
          encryption_required: false,
        },
      });
      expect(String(asObject(made)["created_at"])).toMatch(/Z$/);
      const joined = await server.call("join_channel", { channel_id: 1, participant: "ann" });
      expect(textOf(joined)).toBe(
        '{\n  "channel_id": 1,\n  "participant": "ann",\n  "status": "joined"\n}',
      );
      expect(joined["isError"]).toBeUndefined();
      expect(jsonOf(await server.call("get_channel_info", { channel_id: 1 }))).toMatchObject({
        participants: ["ann"],
      });
      const left = await server.call("leave_channel", { channel_id: 1, participant: "ann" });
      expect(textOf(left)).toBe(
        '{\n  "channel_id": 1,\n  "participant": "ann",\n  "status": "left"\n}',
      );
      const change = { channel_id: 1, max_participants: 4_294_967_295, persistence: null };
      const set = await server.call("set_channel_config", change);
      expect(textOf(set)).toBe('{\n  "channel_id": 1,\n  "status": "updated"\n}');
      const second = await server.call("create_channel", {
        name: "ops",
        channel_type: "PUBSUB",
        ttl_seconds: 60,
      });
      expect(jsonOf(second)).toMatchObject({ id: 2, channel_type: "PubSub" });
      expect(jsonOf(await server.call("list_channels"))).toMatchObject([
        { id: 1, config: { max_participants: 4_294_967_295, persistence: true } },
        { id: 2, config: { ttl_seconds: 60 } },
      ]);
    }),
  );

  test(
    "messages",
    onBoth(async (server) => {
      await server.call("create_channel", { name: "ops" });
      for (const participant of ["ann", "bob", "cy"]) {
        await server.call("join_channel", { channel_id: 1, participant });
      }
      const sent = jsonOf(
        await server.call("send_message", { channel_id: 1, sender: "ann", content: "hi" }),
      );
      expect(keysOf(sent)).toEqual(messageKeys);
      expect(sent).toMatchObject({
        id: 1,
        recipient: null,
        message_type: "Text",
        metadata: {},
        signature: "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
        acknowledged_by: [],
      });
      const shout = { channel_id: 1, sender: "ann", content: "Hear me" };
      expect(textOf(await server.call("broadcast", shout))).toBe(
        '{\n  "channel_id": 1,\n  "delivered_count": 2,\n  "status": "broadcast"\n}',
      );
      const ack = await server.call("acknowledge_message", { message_id: 2, recipient: "bob" });
      expect(textOf(ack)).toBe(
        '{\n  "message_id": 2,\n  "recipient": "bob",\n  "status": "acknowledged"\n}',
      );
      expect(jsonOf(await server.call("get_message", { message_id: 2 }))).toMatchObject({
        recipient: "bob",
        message_type: "Broadcast",
        acknowledged_by: ["bob"],
      });
      const ids = (result: unknown) => (jsonOf(result) as { id: number }[]).map((one) => one.id);
      const all = { channel_id: 1 };
      expect(ids(await server.call("receive_messages", all))).toEqual([1, 2, 3]);
      expect(ids(await server.call("receive_messages", { ...all, recipient: "cy" }))).toEqual([
        1, 3,
      ]);
      const odd = { ...all, since: "yesterday", message_type: "no such" };
      expect(ids(await server.call("query_history", odd))).toEqual([1, 2, 3]);
      const typed = { ...all, message_type: "broadcast", limit: 1 };
      expect(ids(await server.call("query_history", typed))).toEqual([2]);
      expect(ids(await server.call("query_history", { channel_id: 99 }))).toEqual([]);
      expect(ids(await server.call("search_messages", { query: "HEAR" }))).toEqual([3, 2]);
      expect(ids(await server.call("search_messages", { query: "", max_results: 1 }))).toEqual([3]);
    }),
  );

  test(
    "topics and notes",
    onBoth(async (server) => {
      const made = jsonOf(await server.call("subscribe", { topic: "news", subscriber: "ann" }));
      expect(keysOf(made)).toEqual(["id", "topic", "subscriber", "created_at"]);
      expect(
        textOf(await server.call("publish", { topic: "news", sender: "x", content: "!" })),
      ).toBe('{\n  "delivered_count": 1,\n  "status": "published",\n  "topic": "news"\n}');
      expect(textOf(await server.call("unsubscribe", { subscription_id: 1 }))).toBe(
        '{\n  "status": "unsubscribed",\n  "subscription_id": 1\n}',
      );
      const logged = jsonOf(await server.call("communication_log", { intent: "why" }));
      expect(keysOf(logged)).toEqual(["intent", "status", "timestamp"]);
      expect(logged).toMatchObject({ intent: "why", status: "logged" });
      expect(String(asObject(logged)["timestamp"])).toMatch(/\+00:00$/);
    }),
  );
});

const refusals: [tool: string, args: JsonObject, text: string | RegExp][] = [
  ["send_message", { channel_id: 9, sender: "a", content: "x" }, "Channel not found: 9"],
  ["send_message", { sender: "a", content: "x" }, "Invalid params: channel_id is required"],
  ["send_message", { channel_id: 1, content: "x" }, "Invalid params: sender is required"],
  ["send_message", { channel_id: 1, sender: "a" }, "Invalid params: content is required"],
  [
    "send_message",
    { channel_id: 1, sender: "a", content: "x", message_type: "Shout" },
    "Invalid params: Unknown message type: shout",
  ],
  [
    "send_message",
    { channel_id: 1, sender: "", content: "x" },
    "Invalid sender: Sender cannot be empty",
  ],
  [
    "send_message",
    { channel_id: 1, sender: "a", content: "" },
    "Invalid message content: Message content cannot be empty",
  ],
  ["send_message", { channel_id: "one" }, /^Invalid params: channel_id is required as a non-/],
  ["send_message", { channel_id: -1 }, /^Invalid params: channel_id is required as a non-/],
  ["send_message", { channel_id: 1.5 }, /^Invalid params: channel_id is required as a non-/],
  ["receive_messages", { channel_id: 9 }, "Channel not found: 9"],
  ["create_channel", {}, "Invalid params: name is required"],
  [
    "create_channel",
    { name: "a b" },
    "Invalid channel name: Channel name must contain only alphanumeric characters, hyphens, or " +
      "underscores",
  ],
  [
    "create_channel",
    { name: "x", channel_type: "Tube" },
    "Invalid params: Unknown channel type: tube",
  ],
  [
    "create_channel",
    { name: "x", max_participants: 4_294_967_296 },
    /^Invalid params: max_participants must be between 0 and 4294967295/,
  ],
  ["create_channel", { name: "x", persistence: "no" }, /^Invalid params: persistence must be/],
  ["join_channel", { channel_id: 9, participant: "a" }, "Channel not found: 9"],
  ["join_channel", { channel_id: 1 }, "Invalid params: participant is required"],
  ["join_channel", { channel_id: 1, participant: "" }, "Invalid sender: Sender cannot be empty"],
  [
    "join_channel",
    { channel_id: 1, participant: "ann" },
    "Participant 'ann' is already in channel 1",
  ],
  [
    "join_channel",
    { channel_id: 1, participant: "bob" },
    "Channel 1 has reached maximum participants",
  ],
  ["leave_channel", { channel_id: 1, participant: "bob" }, "Participant 'bob' is not in channel 1"],
  ["get_channel_info", { channel_id: 9 }, "Channel 9 not found"],
  ["get_message", { message_id: 9 }, "Message 9 not found"],
  ["acknowledge_message", { message_id: 9, recipient: "a" }, "Message not found: 9"],
  ["unsubscribe", { subscription_id: 9 }, "Subscription not found: 9"],
  ["subscribe", { topic: "x", subscriber: "" }, "Invalid sender: Sender cannot be empty"],
  ["broadcast", { channel_id: 9, sender: "a", content: "x" }, "Channel not found: 9"],
  ["query_history", { channel_id: 1, limit: 0 }, /^Invalid params: limit must be between 1 and/],
  ["query_history", { channel_id: 1, limit: 10_001 }, /^Invalid params: limit must be between/],
  ["search_messages", { query: "", max_results: 1001 }, /^Invalid params: max_results must be/],
  ["search_messages", {}, "Invalid params: query is required"],
  ["set_channel_config", { channel_id: 44 }, "Invalid params: Channel 44 not found"],
  ["communication_log", {}, "Invalid params: missing field `intent`"],
];

test(
  "what a caller can do wrong is an answer of the tool, in AgenticComm's words",
  onBoth(async (server) => {
    await server.call("create_channel", { name: "ops", max_participants: 1 });
    await server.call("join_channel", { channel_id: 1, participant: "ann" });
    for (const [tool, args, text] of refusals) {
      const result = await server.call(tool, args);
      expect([tool, args, result["isError"]]).toEqual([tool, args, true]);
      if (typeof text === "string") expect(textOf(result)).toBe(text);
      else expect(textOf(result)).toMatch(text);
    }
  }),
);

test("an argument that a tool does not have is refused with the nearest that it has", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, ["s.acomm"]);
  await server.call("create_channel", { name: "ops" });
  const draft = { channel_id: 1, sender: "a", content: "b" };
  for (const [more, said] of [
    ["messagetype", 'there is no argument "messagetype" - did you mean message_type?'],
    ["from", 'there is no argument "from" - did you mean sender?'],
    ["constructor", 'there is no argument "constructor" (it takes channel_id'],
  ] as const) {
    const refused = await server.call("send_message", { ...draft, [more]: "x" });
    expect([refused["isError"], textOf(refused)]).toEqual([true, expect.stringContaining(said)]);
  }
  expect(jsonOf(await server.call("receive_messages", { channel_id: 1 }))).toEqual([]);
});

test("numbers and booleans may come as texts", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, ["s.acomm"]);
  const made = await server.call("create_channel", { name: "ops", persistence: "false" });
  expect(jsonOf(made)).toMatchObject({ config: { persistence: false } });
  const draft = { channel_id: "1", sender: "a", content: "1" };
  expect(jsonOf(await server.call("send_message", draft))).toMatchObject({ content: "1" });
  const asked = { channel_id: "1", limit: "2" };
  expect(jsonOf(await server.call("query_history", asked))).toHaveLength(1);
  for (const wrong of ["", " 1", "1.0", "0x1", "-1", "9007199254740993", "one"]) {
    const refused = await server.call("query_history", { channel_id: wrong });
    expect(textOf(refused)).toContain(`not the string ${JSON.stringify(wrong)}`);
  }
  for (const beyond of ["9007199254740992", "1e300"]) {
    const args = `{"channel_id":${beyond}}`;
    server.write(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"receive_messages",` +
        `"arguments":${args}}}\n`,
    );
    expect(await server.hearText()).toContain("not a number beyond 2^53-1");
  }
});

test("a word that Gemini CLI adds to all tools is passed over", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, ["s.acomm"]);
  const result = await server.call("list_channels", { wait_for_previous: true });
  expect(jsonOf(result)).toEqual([]);
});

test("arguments that name no store are refused before anything is served", async () => {
  for (const args of [["--nope"], ["--store"], ["--store="], ["a", "b"], ["--bus", "a"]]) {
    using dir = tempDir();
    const child = Bun.spawn([process.execPath, ...channelServer, ...args], {
      cwd: dir.path,
      env: envIn(dir.path),
      stdout: "pipe",
      stderr: "pipe",
    });
    expect(await new Response(child.stderr).text()).toContain("agentic-comm-mcp [--store PATH");
    expect(await new Response(child.stdout).text()).toBe("");
    expect(await child.exited).toBe(2);
  }
});

test("the store is named by an option, by its value, by a path or by the environment", async () => {
  for (const args of [["--store", "a.acomm"], ["--store=a.acomm"], ["a.acomm"], []]) {
    using dir = tempDir();
    const more = args.length === 0 ? { ACOMM_STORE: "a.acomm" } : {};
    await using server = startServer(dir.path, args, more);
    await server.call("create_channel", { name: "ops" });
    expect(await Bun.file(join(dir.path, "a.acomm")).exists()).toBe(true);
  }
});
