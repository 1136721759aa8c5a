// `acomm rpc` as its clients meet it: the program itself, lines in, lines out.
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program as built } from "../../tests/kit/built.ts";
import { asObject, type JsonObject } from "../core/json.ts";
import { operations } from "./rpc/operations.ts";

const folder = mkdtempSync(join(tmpdir(), "acomm-rpc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = [process.execPath, ...built("acomm.js", "main-acomm.ts"), "rpc"];
const env = { HOME: folder, HCOM_DIR: join(folder, "hcom"), PATH: "/usr/bin:/bin" };

interface Client {
  child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  /** One line out, one line back. */
  line(text: string | Uint8Array): Promise<unknown>;
  next(): Promise<unknown>;
  /** The result; an error is thrown as it came. */
  call(method: string, params?: object): Promise<JsonObject>;
  refused(method: string, params: object): Promise<unknown>;
}

const open: Client[] = [];

afterEach(async () => {
  for (const { child } of open.splice(0)) {
    child.kill("SIGKILL");
    await child.exited;
  }
});

function draft(content: string) {
  return { channel_id: 1, sender: "ana", content };
}

function start(): Client {
  const spawned = { env, cwd: folder, stdin: "pipe", stdout: "pipe", stderr: "pipe" } as const;
  const child = Bun.spawn(program, spawned);
  const lines = linesOf(child.stdout);
  let last = 0;
  const client: Client = {
    child,
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`it ended: ${await child.stderr.text()}`);
      return JSON.parse(value);
    },
    async line(text) {
      child.stdin.write(text);
      child.stdin.write("\n");
      await child.stdin.flush();
      return client.next();
    },
    async call(method, params = {}) {
      const message = { jsonrpc: "2.0", id: ++last, method, params };
      const answer = asObject(await client.line(JSON.stringify(message)));
      expect(answer["id"]).toBe(last);
      if ("error" in answer) throw answer["error"];
      return answer["result"] as JsonObject;
    },
    refused: (method, params) =>
      client.call(method, params).then(
        () => "accepted",
        (error) => error,
      ),
  };
  open.push(client);
  return client;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  for await (const chunk of stream) {
    const [first = "", ...more] = decoder.decode(chunk, { stream: true }).split("\n");
    pending.push(first);
    for (const next of more) {
      yield pending.join("");
      pending = [next];
    }
  }
}

async function withChannel(): Promise<{ client: Client; store: unknown }> {
  const client = start();
  const store = await client.call("store.create");
  await client.call("create_channel", { store, name: "ops" });
  return { client, store };
}

describe("protocol", () => {
  test("the version is answered", async () => {
    const { version } = await import("../../package.json");
    expect(await start().call("version")).toBe(version as never);
  });

  test("an answer has its result last, for clients that cannot parse it", async () => {
    const { child } = start();
    child.stdin.write('{"method":"store.create","id":"a","jsonrpc":"2.0"}\n');
    child.stdin.end();
    expect(await child.stdout.text()).toBe('{"jsonrpc":"2.0","id":"a","result":1}\n');
    expect(await child.exited).toBe(0);
  });

  test("what is no request is answered with the code that says so", async () => {
    const client = start();
    const error = async (text: string | Uint8Array) => {
      const { id, error } = asObject(await client.line(text));
      return [id, asObject(error)["code"]];
    };
    expect(await error("garbage")).toEqual([null, -32700]);
    expect(await error(Uint8Array.of(0x22, 0xff, 0x22))).toEqual([null, -32700]);
    expect(await error("3")).toEqual([null, -32600]);
    expect(await error("[]")).toEqual([null, -32600]);
    expect(await error('{"jsonrpc":"1.0","id":5,"method":"version"}')).toEqual([5, -32600]);
    expect(await error('{"jsonrpc":"2.0","id":5}')).toEqual([5, -32600]);
    expect(await error('{"jsonrpc":"2.0","id":{},"method":"version"}')).toEqual([null, -32600]);
    expect(await error('{"jsonrpc":"2.0","id":5,"method":"nope"}')).toEqual([5, -32601]);
    expect(await error('{"jsonrpc":"2.0","id":5,"method":"toString"}')).toEqual([5, -32601]);
    expect(await error('{"jsonrpc":"2.0","id":5,"method":"stats","params":[1]}')).toEqual([
      5, -32602,
    ]);
    expect(await client.call("store.create")).toBe(1 as never);
  });

  test("parameters that are missing, wrong or unknown are refused by name", async () => {
    const { client, store } = await withChannel();
    const said = async (method: string, params: object) => {
      const error = asObject(await client.refused(method, params));
      return [error["code"], error["message"]];
    };
    expect(await said("join_channel", { store, channel_id: 1 })).toEqual([
      -32602,
      "Invalid params: participant is required",
    ]);
    for (const channel_id of [-1, 1.5, "1", 2 ** 53, true]) {
      expect(await said("join_channel", { store, channel_id, participant: "ana" })).toEqual([
        -32602,
        "Invalid params: channel_id must be an integer from 0 to 2^53-1",
      ]);
    }
    expect(await said("stats", { store, verbose: true })).toEqual([
      -32602,
      "Invalid params: there is no parameter verbose",
    ]);
    expect(await said("query_history", { store, channel_id: 1, order: "up" })).toEqual([
      -32602,
      "Invalid params: order must be asc or desc",
    ]);
  });

  test("a batch is answered in one line, notifications not at all", async () => {
    const { client, store } = await withChannel();
    const join = (participant: string) => {
      const params = { store, channel_id: 1, participant };
      return { jsonrpc: "2.0", method: "join_channel", params };
    };
    client.child.stdin.write(`${JSON.stringify(join("ana"))}\n\n`);
    client.child.stdin.write(`${JSON.stringify([join("ben")])}\n`);
    const batch = [join("eve"), { ...join("ana"), id: 7 }, { ...join("zoe"), id: 8 }, 1];
    const answers = await client.line(JSON.stringify(batch));
    expect(answers).toMatchObject([
      { id: 7, error: { code: -32000, data: { code: "already_in_channel" } } },
      { id: 8, result: null },
      { id: null, error: { code: -32600 } },
    ]);
    expect(await client.call("get_channel_info", { store, channel_id: 1 })).toMatchObject({
      participants: ["ana", "ben", "eve", "zoe"],
    });
  });

  test("a line may be large, but not without end", async () => {
    const { client, store } = await withChannel();
    const content = "\u0001".repeat(1_048_576);
    const sent = { store, channel_id: 1, sender: "ana" };
    expect(await client.call("send_message", { ...sent, content })).toMatchObject({ content });
    expect(await client.refused("send_message", { ...sent, content: `${content}.` })).toMatchObject(
      {
        code: -32000,
        data: { code: "invalid_content" },
      },
    );
    expect(await client.line("x".repeat(17_000_000))).toMatchObject({ error: { code: -32600 } });
    expect(await client.call("stats", { store })).toMatchObject({ message_count: 1 });
  });

  test("a client that reads late gets everything", async () => {
    const { client, store } = await withChannel();
    const content = "x".repeat(100_000);
    await client.call("send_message", { store, channel_id: 1, sender: "ana", content });
    const asked = Array.from({ length: 100 }, (_, at) => {
      const params = { store, channel_id: 1 };
      return JSON.stringify({ jsonrpc: "2.0", id: `n${at}`, method: "receive_messages", params });
    });
    client.child.stdin.write(`${asked.join("\n")}\n`);
    await client.child.stdin.end();
    for (const at of asked.keys()) {
      expect(await client.next()).toMatchObject({ id: `n${at}`, result: [{ content }] });
    }
    expect(await client.child.exited).toBe(0);
  });

  test("it ends when its client does, with an answer under way, too", async () => {
    const quiet = start();
    await quiet.call("version");
    await quiet.child.stdin.end();
    expect(await quiet.child.exited).toBe(0);

    // The shell is the client: it reads one answer and is gone, while a large one is due.
    const ask = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"version"}\n`;
    const deaf = Bun.spawn(
      ["sh", "-c", '{ "$@"; echo $? >&3; } 3>code | head -c 10 >/dev/null', "sh", ...program],
      { env, cwd: folder, stdin: new Blob([ask(1).repeat(50_000)]), stderr: "pipe" },
    );
    expect(await deaf.stderr.text()).toBe("");
    expect(await deaf.exited).toBe(0);
    expect((await Bun.file(join(folder, "code")).text()).trim()).toBe("0");
  });
});

describe("stores", () => {
  test("are apart, and gone when freed", async () => {
    const { client, store } = await withChannel();
    const other = await client.call("store.create");
    expect(await client.call("list_channels", { store: other })).toEqual([] as never);
    await client.call("store.free", { store });
    expect(await client.refused("list_channels", { store })).toMatchObject({
      code: -32000,
      data: { code: "store_not_found" },
    });
    expect(await client.call("store.create")).toBe(3 as never);
  });

  test("are saved and loaded in both forms", async () => {
    const { client, store } = await withChannel();
    for (const form of ["seed", "head", undefined]) {
      const path = join(folder, `${form}.acomm`);
      await client.call("store.save", { store, path, form });
      const again = await client.call("store.load", { path });
      expect(await client.call("list_channels", { store: again })).toEqual(
        await client.call("list_channels", { store }),
      );
    }
    expect(await client.refused("store.save", { store, path: "x", form: "e1" })).toMatchObject({
      code: -32602,
    });
    expect(await client.refused("store.load", { path: "missing" })).toMatchObject({
      data: { code: "io_error" },
    });
    await Bun.write(join(folder, "wrong.acomm"), "no store");
    expect(await client.refused("store.load", { path: "wrong.acomm" })).toMatchObject({
      data: { code: "invalid_file" },
    });
  });

  test("that are open keep each change before it is answered", async () => {
    const [one, two] = [start(), start()];
    const path = join(folder, "open.acomm");
    const store = await one.call("store.open", { path });
    const other = await two.call("store.open", { path });
    await one.call("create_channel", { store, name: "ops" });
    expect(await two.call("stats", { store: other })).toMatchObject({ channel_count: 1 });
    const sent = { channel_id: 1, sender: "ana", content: "hi" };
    await two.call("send_message", { ...sent, store: other });
    one.child.kill("SIGKILL");
    two.child.kill("SIGKILL");
    const late = start();
    const loaded = await late.call("store.load", { path });
    expect(await late.call("receive_messages", { store: loaded, channel_id: 1 })).toMatchObject([
      { id: 1, content: "hi" },
    ]);
    const opened = await late.call("store.open", { path });
    expect(await late.refused("store.save", { store: opened, path })).toMatchObject({
      data: { code: "store_is_live" },
    });
  });

  test("of the bus are shared by everybody", async () => {
    const [one, two] = [start(), start()];
    const store = await one.call("store.open", { bus: true });
    const other = await two.call("store.open", { path: "bus:" });
    const { id } = await one.call("create_channel", { store, name: "ops" });
    expect(await two.call("get_channel_info", { store: other, channel_id: id })).toMatchObject({
      name: "ops",
    });
    await two.call("send_message", { store: other, channel_id: id, sender: "ana", content: "hi" });
    expect(await one.call("receive_messages", { store, channel_id: id })).toMatchObject([
      { content: "hi", sender: "ana" },
    ]);
  });
});

describe("operations", () => {
  test("every one of them answers as the store does", async () => {
    const { client, store } = await withChannel();
    const answers: Record<string, unknown> = {};
    const asked: [string, object][] = [
      ["create_channel", { name: "direct", channel_type: "direct", ttl_seconds: 60 }],
      ["set_channel_config", { channel_id: 2, max_participants: 5 }],
      ["join_channel", { channel_id: 1, participant: "ana" }],
      ["join_channel", { channel_id: 1, participant: "ben" }],
      ["leave_channel", { channel_id: 1, participant: "ana" }],
      ["send_message", { channel_id: 1, sender: "ana", content: "Hello", message_type: "Query" }],
      ["broadcast", { channel_id: 1, sender: "ana", content: "all" }],
      ["subscribe", { topic: "build.*", subscriber: "eve" }],
      ["publish", { topic: "build.done", sender: "ana", content: "green" }],
      ["acknowledge_message", { message_id: 1, recipient: "ben" }],
      ["list_channels", {}],
      ["list_subscriptions", {}],
      ["get_channel_info", { channel_id: 2 }],
      ["get_message", { message_id: 1 }],
      ["receive_messages", { channel_id: 1, recipient: "eve" }],
      ["query_history", { channel_id: 1, message_type: "broadcast", limit: 5, order: "desc" }],
      ["count_messages", { channel_id: 1 }],
      ["search_messages", { query: "hELLO" }],
      ["unsubscribe", { subscription_id: 1 }],
      ["expire_messages", { dry_run: true }],
      ["send_messages", { messages: [draft("one"), { ...draft("two"), message_type: "query" }] }],
      ["stats", {}],
    ];
    for (const [method, params] of asked) {
      answers[method] = await client.call(method, { store, ...params });
    }
    expect(Object.keys(operations).filter((name) => !(name in answers))).toEqual([]);
    const config = { max_participants: 5, ttl_seconds: 60, persistence: true };
    expect(answers).toMatchObject({
      create_channel: { id: 2, channel_type: "Direct", config: { ttl_seconds: 60 } },
      set_channel_config: { id: 2, config },
      join_channel: null,
      leave_channel: null,
      send_message: { id: 1, message_type: "Query", recipient: null },
      broadcast: [{ id: 2, recipient: "ben", message_type: "Broadcast" }],
      subscribe: { id: 1, topic: "build.*", subscriber: "eve" },
      publish: [{ id: 3, recipient: "eve", message_type: "Notification" }],
      acknowledge_message: null,
      list_channels: [{ name: "ops" }, { name: "direct" }, { name: "build.done" }],
      list_subscriptions: [{ id: 1 }],
      get_channel_info: { id: 2, config },
      get_message: { id: 1, acknowledged_by: ["ben"] },
      receive_messages: [{ id: 1 }],
      query_history: [{ id: 2 }],
      count_messages: 2,
      search_messages: [{ id: 1, content: "Hello" }],
      unsubscribe: null,
      expire_messages: [],
      send_messages: { id: 4, count: 2 },
      stats: { channel_count: 3, message_count: 5, subscription_count: 0, total_participants: 1 },
    });
  });

  test("many messages are sent all or none, in memory and in place", async () => {
    for (const place of ["memory", "document"]) {
      const { client } = await withChannel();
      const path = join(folder, "many.acomm");
      const params = place === "memory" ? {} : { path };
      const method = place === "memory" ? "store.create" : "store.open";
      const store = await client.call(method, params);
      await client.call("create_channel", { store, name: "ops" });
      for (const bad of [{ channel_id: 9 }, { content: "" }, { sender: "" }]) {
        const messages = [draft("one"), { ...draft("two"), ...bad }];
        await client.refused("send_messages", { store, messages });
      }
      await client.refused("send_messages", { store, messages: [] });
      const counted = async (): Promise<unknown> =>
        client.call("count_messages", { store, channel_id: 1 });
      expect(await counted()).toBe(0);
      const messages = Array.from({ length: 100 }, (_, at) => draft(`${at}`));
      expect(await client.call("send_messages", { store, messages })).toEqual({
        id: 1,
        count: 100,
      });
      expect(await counted()).toBe(100);
    }
  });

  test("what a store refuses has its code and its sentence", async () => {
    const { client, store } = await withChannel();
    expect(
      await client.refused("send_message", { store, channel_id: 9, sender: "a", content: "b" }),
    ).toMatchObject({
      code: -32000,
      message: "Channel not found: 9",
      data: { code: "channel_not_found" },
    });
    expect(await client.refused("get_message", { store, message_id: 9 })).toMatchObject({
      message: "Message 9 not found",
      data: { code: "message_not_found" },
    });
    expect(
      await client.refused("create_channel", { store, name: "x", channel_type: "ring" }),
    ).toMatchObject({ data: { code: "unknown_channel_type" } });
  });
});
