// The doors that stay: how long one takes from its start to its first answer, and how long a call
// takes on the way there and back.
import { join } from "node:path";
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
  ];
}

interface Server {
  room: Room;
  argv: string[];
}

interface Line extends Disposable {
  /** Resolves with the answer; throws when it is an error. */
  call(method: string, params?: object): Promise<unknown>;
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

async function mcpCalls(server: Server, count: number): Promise<number[]> {
  using line = open(server);
  await line.call("initialize", hello);
  const tool = (name: string, args: object) => line.call("tools/call", { name, arguments: args });
  await tool("create_channel", { name: "ops" });
  return await timed(count, (n) =>
    tool("send_message", { channel_id: 1, sender: "bench", content: `message ${n}` }),
  );
}

async function rpcCalls(server: Server, count: number): Promise<number[]> {
  using line = open(server);
  const store = await line.call("store.create");
  await line.call("create_channel", { store, name: "ops" });
  return await timed(count, (n) =>
    line.call("send_message", { store, channel_id: 1, sender: "bench", content: `message ${n}` }),
  );
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
