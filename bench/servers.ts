// The doors that stay: how long one takes from its start to its first answer, and how long a call
// takes on the way there and back.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDocument } from "../src/acomm/write-document.ts";
import { filled, residentMiB } from "./channels.ts";
import type { Lab, Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf } from "./measure.ts";

export async function servers(lab: Lab): Promise<Measurement[]> {
  const room = lab.room("servers");
  const starts = lab.isSmoke ? 3 : 20;
  const calls = lab.isSmoke ? 20 : 500;
  const server = lab.launcher("agentic-comm-mcp");
  const mcp = { room, argv: [server, join(room.folder, "mcp.acomm")] };
  const rpc = { room, argv: [lab.launcher("acomm"), "rpc"] };
  const ready: number[] = [];
  for (let round = 0; round < starts; round++) ready.push(await mcpStart(mcp));
  return [
    measurementOf(
      { name: "MCP server, start to tools/list", unit: "ms", target: atMost(90) },
      ready,
    ),
    measurementOf(
      { name: "MCP call that sends, document", unit: "ms", target: atMost(2) },
      await mcpCalls(mcp, calls),
    ),
    measurementOf(
      { name: "MCP call that sends, --bus", unit: "ms", target: atMost(2) },
      await mcpCalls({ room, argv: [server, "--bus"] }, calls),
    ),
    measurementOf(
      { name: "acomm rpc, call that sends", unit: "ms", target: atMost(0.5) },
      await rpcCalls(rpc, calls),
    ),
    measurementOf(
      { name: "acomm rpc, a message of a hundred in one call", unit: "us", target: atMost(5) },
      await rpcBatches(rpc, calls / 5),
    ),
    ...(await atSizes(lab, server)),
  ];
}

interface Server {
  room: Room;
  argv: string[];
}

interface Line extends Disposable {
  /** Resolves with the answer; throws when it is an error. */
  call(method: string, params?: object): Promise<unknown>;
  /** The most memory that it ever had; 0 where nobody knows. */
  peakMiB(): number;
}

function open({ room, argv }: Server): Line {
  const child = Bun.spawn(argv, {
    env: room.env,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let buffered = "";
  let id = 0;
  const nextLine = async (): Promise<string> => {
    for (;;) {
      const end = buffered.indexOf("\n");
      if (end >= 0) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 1);
        return line;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error(`${argv.join(" ")} ended`);
      buffered += decoder.decode(value, { stream: true });
    }
  };
  return {
    async call(method, params = {}) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params })}\n`);
      await child.stdin.flush();
      const line = await nextLine();
      const answer = JSON.parse(line);
      if (answer.error !== undefined || answer.result?.isError) throw new Error(line);
      return answer.result;
    },
    peakMiB: () => residentMiB(child.pid),
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}

const hello = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "bench", version: "1" },
};

async function mcpStart(server: Server): Promise<number> {
  const startedAt = performance.now();
  using line = open(server);
  await line.call("initialize", hello);
  await line.call("tools/list");
  return performance.now() - startedAt;
}

async function mcpCalls(
  server: Server,
  count: number,
  after: (line: Line) => void = () => {},
): Promise<number[]> {
  using line = open(server);
  await line.call("initialize", hello);
  const tool = (name: string, args: object) => line.call("tools/call", { name, arguments: args });
  await tool("create_channel", { name: "ops" });
  const times = await timed(count, (n) =>
    tool("send_message", { channel_id: 1, sender: "bench", content: `message ${n}` }),
  );
  after(line);
  return times;
}

async function rpcCalls(server: Server, count: number): Promise<number[]> {
  using line = open(server);
  const store = await line.call("store.create");
  await line.call("create_channel", { store, name: "ops" });
  return await timed(count, (n) =>
    line.call("send_message", { store, channel_id: 1, sender: "bench", content: `message ${n}` }),
  );
}

async function rpcBatches(server: Server, count: number): Promise<number[]> {
  using line = open(server);
  const store = await line.call("store.create");
  await line.call("create_channel", { store, name: "ops" });
  const times = await timed(count, (n) => {
    const one = (at: number) => ({ channel_id: 1, sender: "bench", content: `message ${n} ${at}` });
    const messages = Array.from({ length: 100 }, (_, at) => one(at));
    return line.call("send_messages", { store, messages });
  });
  // Milliseconds for a hundred are 10 microseconds for one.
  return times.map((ms) => ms * 10);
}

/** A server on a document that is large already: what a call takes, and the server at its most. */
async function atSizes(lab: Lab, server: string): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (const size of lab.isSmoke ? [1000] : [10_000, 100_000]) {
    const room = lab.room(`servers-${size}`);
    const path = join(room.folder, "large.acomm");
    writeFileSync(path, writeDocument(filled(size).snapshot()));
    const calls = lab.isSmoke ? 2 : 20;
    let peak = 0;
    const times = await mcpCalls({ room, argv: [server, path] }, calls, (line) => {
      peak = line.peakMiB();
    });
    const at = `at ${size / 1000} k`;
    found.push(measurementOf({ name: `MCP call that sends, document ${at}`, unit: "ms" }, times));
    const label = { name: `MCP server, memory ${at}`, unit: "MiB", target: atMost(180) };
    // Only Linux says so.
    if (peak > 0) found.push(measurementOf(label, [peak]));
  }
  return found;
}

async function timed(count: number, body: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = -3; n < count; n++) {
    const startedAt = performance.now();
    await body(n);
    if (n >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}
