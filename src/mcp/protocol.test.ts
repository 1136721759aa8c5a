// What goes over the wire, byte by byte: codes and texts of every refusal, and what no client
// library would send.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { asObject } from "../core/json.ts";
import { channelServer, jsonOf, startServer, tempDir, textOf } from "./fixtures/lab.ts";

const initialize = '{"jsonrpc":"2.0","id":3,"method":"initialize","params":{';
const documentIn = (dir: string) => ["--store", join(dir, "s.acomm")];

test("every protocol fault has its code and text", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  const faults: [said: string, id: unknown, code: number, message: string | RegExp][] = [
    ["{bad", null, -32700, /^Parse error: /],
    ["7", null, -32700, /^Parse error: /],
    ['{"id":1,"method":"ping"}', 1, -32700, "Parse error: missing field `jsonrpc`"],
    ['{"jsonrpc":"2.0","id":1}', 1, -32700, "Parse error: missing field `method`"],
    ["\u0000\uffff", null, -32700, /^Parse error: /],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', null, -32600, /^Invalid request: /],
    ["[]", null, -32600, /^Invalid request: /],
    [
      '{"jsonrpc":"1.0","id":2,"method":"ping"}',
      2,
      -32600,
      'Invalid request: jsonrpc must be "2.0"',
    ],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 1.5, -32600, /^Invalid request: id/],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32600, /^Invalid request: id/],
    [
      '{"jsonrpc":"2.0","id":3,"method":"initialize"}',
      3,
      -32602,
      "Invalid params: Initialize params required",
    ],
    [
      '{"jsonrpc":"2.0","id":3,"method":"initialize","params":{}}',
      3,
      -32602,
      "Invalid params: missing field `protocolVersion`",
    ],
    ...['"capabilities":5', '"capabilities":{"roots":5}', '"clientInfo":5'].map(
      (part): [string, number, number, RegExp] => [
        `${initialize}"protocolVersion":"2025-06-18",${part}}}`,
        3,
        -32602,
        /^Invalid params: (capabilities|clientInfo)/,
      ],
    ),
    ['{"jsonrpc":"2.0","id":4,"method":"ping","params":[]}', 4, -32602, /^Invalid params: /],
    ...["5", '{"progressToken":{}}', '{"io.modelcontextprotocol/related-task":1}'].map(
      (meta): [string, number, number, string] => [
        `{"jsonrpc":"2.0","id":5,"method":"tools/list","params":{"_meta":${meta}}}`,
        5,
        -32602,
        "Invalid params: _meta is malformed",
      ],
    ),
    [
      '{"jsonrpc":"2.0","id":7,"method":"tools/call"}',
      7,
      -32602,
      "Invalid params: Tool call params required",
    ],
    [
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":null}',
      7,
      -32602,
      "Invalid params: Tool call params required",
    ],
    [
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}',
      7,
      -32602,
      "Invalid params: missing field `name`",
    ],
    [
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":[]}}',
      7,
      -32602,
      "Invalid params: arguments must be an object",
    ],
    [
      '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"nope"}}',
      6,
      -32803,
      "Tool not found: nope",
    ],
    ['{"jsonrpc":"2.0","id":"x","method":"what/ever"}', "x", -32601, "Method not found: what/ever"],
    ['{"jsonrpc":"2.0","id":"x","method":"tasks/get"}', "x", -32601, "Method not found: tasks/get"],
    [
      '{"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"comm://channels/9"}}',
      8,
      -32802,
      "Resource not found: comm://channels/9",
    ],
    [
      '{"jsonrpc":"2.0","id":8,"method":"resources/subscribe","params":{"uri":"comm://no"}}',
      8,
      -32802,
      "Resource not found: comm://no",
    ],
    [
      '{"jsonrpc":"2.0","id":8,"method":"prompts/get","params":{"name":"no"}}',
      8,
      -32602,
      "Invalid params: Prompt not found: no",
    ],
  ];
  for (const [said, id, code, message] of faults) {
    server.write(`${said}\n`);
    const answer = asObject(await server.hear());
    const error = asObject(answer["error"]);
    expect([said, answer["id"], error["code"]]).toEqual([said, id, code]);
    if (typeof message === "string") expect(error["message"]).toBe(message);
    else expect(error["message"]).toMatch(message);
  }
  // And nothing of it has done harm.
  expect(await server.ask({ id: 9, method: "ping" })).toEqual({
    jsonrpc: "2.0",
    id: 9,
    result: {},
  });
});

test("members that the protocol does not have change nothing", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  server.say({ jsonrpc: "2.0", method: "notifications/initialized", trace: 1 });
  const answer = { jsonrpc: "2.0", id: 1, result: {} };
  expect(await server.ask({ id: 1, method: "ping", trace: "x" })).toEqual(answer);
  expect(await server.ask({ id: 1, method: "ping", result: {} })).toEqual(answer);
  expect(await server.ask({ id: 1, method: "ping", params: { _meta: null } })).toEqual(answer);
  const params = { uri: "comm://session/operations" };
  const { result } = await server.ask({ id: 2, method: "resources/read", params, trace: {} });
  expect(JSON.stringify(result)).toContain('\\"session_active\\": true');
});

test("bytes that are no UTF-8 are a parse error", async () => {
  using dir = tempDir();
  const child = Bun.spawn([process.execPath, ...channelServer, ...documentIn(dir.path)], {
    env: { HOME: dir.path, HCOM_DIR: join(dir.path, "h") },
    stdin: new Blob([new Uint8Array([0x22, 0xff, 0xfe, 0x22, 0x0a])]),
    stdout: "pipe",
  });
  const answer = asObject(JSON.parse(await new Response(child.stdout).text()));
  expect(asObject(answer["error"])["code"]).toBe(-32700);
  expect(await child.exited).toBe(0);
});

test("blank lines, carriage returns and stray answers are passed over", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  server.write('\n  \r\n{"jsonrpc":"2.0","id":1,"result":{}}\n');
  server.write('{"jsonrpc":"2.0","method":"no/such/notification"}\r\n');
  server.write('{"jsonrpc":"2.0","method":"initialize"}\n');
  server.write('{"jsonrpc":"2.0","id":2,"method":"ping"}\r\n');
  expect(await server.hear()).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
});

test("a message may come in pieces, and several in one", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  const line = '{"jsonrpc":"2.0","id":"é€😀","method":"ping"}\n';
  for (const character of line) server.write(character);
  server.write(line + line);
  for (let nth = 0; nth < 3; nth++) expect(asObject(await server.hear())["id"]).toBe("é€😀");
});

test("a line of 6 MB with 1 MiB of content is served, one byte more is refused", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  await server.call("create_channel", { name: "big" });
  const most = 1_048_576;
  const send = async (id: number, content: string) => {
    // The longest spelling: six characters for each.
    const spelled = content.replaceAll("a", "\\u0061");
    server.write(
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"send_message",` +
        `"arguments":{"channel_id":1,"sender":"s","content":"${spelled}"}}}\n`,
    );
    return asObject(asObject(await server.hear())["result"]);
  };
  const sent = asObject(jsonOf(await send(1, "a".repeat(most))));
  expect(String(sent["content"]).length).toBe(most);
  const refused = await send(2, "a".repeat(most + 1));
  expect(textOf(refused)).toBe(
    "Invalid message content: Message content exceeds maximum size of 1048576 bytes",
  );
});

test("a line beyond every limit is thrown away, and the next one served", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  const piece = "x".repeat(1024 * 1024);
  for (let nth = 0; nth < 9; nth++) server.write(piece);
  server.write("\n");
  const refused = asObject(await server.hear());
  expect(refused["id"]).toBeNull();
  expect(asObject(refused["error"])["code"]).toBe(-32801);
  expect(await server.ask({ id: 1, method: "ping" })).toMatchObject({ id: 1, result: {} });
});

test("versions are negotiated, and requests before the handshake are served", async () => {
  using dir = tempDir();
  const versions: [asked: string, given: string, isStructured: boolean][] = [
    ["2024-11-05", "2024-11-05", false],
    ["2025-03-26", "2025-03-26", false],
    ["2025-06-18", "2025-06-18", true],
    ["2025-11-25", "2025-11-25", true],
    ["1999-01-01", "2025-11-25", true],
  ];
  for (const [asked, given, isStructured] of versions) {
    await using server = startServer(dir.path, documentIn(dir.path));
    const early = await server.call("list_channels");
    expect(early["structuredContent"]).toBeUndefined();
    const params = { protocolVersion: asked };
    const answer = await server.ask({ id: 1, method: "initialize", params });
    const result = asObject(answer["result"]);
    expect(result["protocolVersion"]).toBe(given);
    expect(result["serverInfo"]).toMatchObject({ name: "agentic-comm-mcp" });
    expect(result["capabilities"]).toEqual({
      tools: { listChanged: false },
      resources: { subscribe: true },
      prompts: {},
    });
    const late = await server.call("list_channels");
    expect(late["structuredContent"]).toEqual(isStructured ? { result: [] } : undefined);
  }
});

test("the session begins with either spelling of initialized and ends with shutdown", async () => {
  using dir = tempDir();
  for (const method of ["initialized", "notifications/initialized"]) {
    await using server = startServer(dir.path, documentIn(dir.path));
    const isActive = async () => {
      const params = { uri: "comm://session/operations" };
      const answer = await server.ask({ id: 1, method: "resources/read", params });
      const contents = asObject(answer["result"])["contents"] as { text: string }[];
      return JSON.parse(contents[0]!.text).session_active as boolean;
    };
    expect(await isActive()).toBe(false);
    server.say({ jsonrpc: "2.0", method });
    expect(await isActive()).toBe(true);
    expect(await server.ask({ id: 2, method: "shutdown" })).toMatchObject({ id: 2, result: {} });
    expect(await isActive()).toBe(false);
  }
});

test("what came before the end of input is answered in order, and the exit is clean", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  const ids = Array.from({ length: 40 }, (_, at) => at + 1);
  for (const id of ids) {
    const params = { name: "create_channel", arguments: { name: `c${id}` } };
    server.say({ jsonrpc: "2.0", id, method: "tools/call", params });
  }
  const { rest, code } = await server.finish();
  expect(rest.map((answer) => answer["id"])).toEqual(ids);
  expect(code).toBe(0);
  await using next = startServer(dir.path, documentIn(dir.path));
  expect((jsonOf(await next.call("list_channels")) as unknown[]).length).toBe(40);
});

test("an unfinished last line is served, too", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  server.write('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  const { rest, code } = await server.finish();
  expect(rest).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  expect(code).toBe(0);
});

test("a signal ends it cleanly", async () => {
  using dir = tempDir();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    await using server = startServer(dir.path, documentIn(dir.path));
    await server.ask({ id: 1, method: "ping" });
    server.kill(signal);
    expect(await server.exited).toBe(0);
    expect(await server.hear()).toBeUndefined();
  }
});

test("an id comes back as it was spelled, however long the line around it", async () => {
  using dir = tempDir();
  await using server = startServer(dir.path, documentIn(dir.path));
  const heard = async (line: string) => {
    server.write(`${line}\n`);
    return (await server.hearText()) ?? "";
  };
  const ids = ["9007199254740992", "18446744073709551617", "-9007199254740993", "7", '"7"'];
  for (const id of ids) {
    const member = `"id":${id}`;
    const ping = `{"jsonrpc":"2.0",${member},"method":"ping"}`;
    expect(await heard(ping)).toContain(member);
    expect(await heard(ping.replace("ping", "no/such"))).toContain(member);
    expect(await heard(`{${member},"method":"ping"}`)).toContain(member);
    const long = `"params":{"x":"${"y".repeat(9_000_000)}"}`;
    expect(await heard(`{"jsonrpc":"2.0",${member},"method":"ping",${long}}`)).toContain(member);
    expect(await heard(`{"method":"ping",${long},"jsonrpc":"2.0",${member}}`)).toContain(member);
  }
  expect(await heard('{"jsonrpc":"2.0","id":1.5,"method":"ping"}')).toContain('"id":1.5');
});

test("batches are taken in the version that has them, and in no other", async () => {
  using dir = tempDir();
  const call = (id: number, name: string, given = {}) => {
    return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: given } };
  };
  const batch = [
    call(1, "create_channel", { name: "ops" }),
    { jsonrpc: "2.0", method: "notifications/initialized" },
    call(2, "list_channels"),
    { jsonrpc: "2.0", id: 3, method: "no/such" },
    { id: 4 },
    { jsonrpc: "2.0", id: 5, method: "initialize", params: { protocolVersion: "2025-03-26" } },
  ];
  for (const [version, isTaken] of [
    ["2025-03-26", true],
    ["2025-06-18", false],
  ] as const) {
    await using server = startServer(dir.path, documentIn(dir.path));
    await server.ask({ id: 0, method: "initialize", params: { protocolVersion: version } });
    server.say(batch);
    const answer: unknown = JSON.parse((await server.hearText()) ?? "");
    if (!isTaken) {
      expect(answer).toMatchObject({ id: null, error: { code: -32600 } });
      continue;
    }
    const answers = answer as { id: number; error?: { code: number } }[];
    expect(answers.map((one) => [one.id, one.error?.code])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, -32601],
      [4, -32700],
      [5, -32600],
    ]);
    server.say([{ jsonrpc: "2.0", method: "notifications/initialized" }]);
    expect(await server.ask({ id: 9, method: "ping" })).toMatchObject({ id: 9, result: {} });
  }
});
