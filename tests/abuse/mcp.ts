// Calls of every shape to the MCP server: each request has one answer, notifications have none,
// and the server lives until its input ends.
import { asObject, parseJson } from "../../src/core/json.ts";
import { launcher } from "../process/programs.ts";
import { harm, newTally, openPlace, type Place, pick, type Round, type Tally } from "./lab.ts";

const methods = [
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/read",
  "prompts/list",
  "prompts/get",
  "initialize",
  "no/such",
  "",
] as const;

const names = ["send", "history", "list_channels", "create_channel", "search", "nothing"] as const;
const values = [null, 1, "x", "\u001b[2J", "y".repeat(5000), [], {}, { a: [1] }, -1e9] as const;
const keys = [
  "channel",
  "to",
  "text",
  "content",
  "sender",
  "query",
  "limit",
  "id",
  "__proto__",
] as const;

export async function mcp({ random, goesOn }: Round): Promise<Tally[]> {
  const tally = newTally("MCP calls");
  using place = openPlace();
  while (goesOn()) await oneServer(tally, place, random);
  return [tally];
}

async function oneServer(tally: Tally, place: Place, random: () => number): Promise<void> {
  const child = Bun.spawn(["sh", launcher, "mcp"], {
    env: place.env,
    cwd: place.path,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const out = new Response(child.stdout).text();
  const err = new Response(child.stderr).text();
  const count = 500;
  child.stdin.write(`${JSON.stringify(first)}\n`);
  for (let id = 1; id < count; id++) {
    const method = pick(random, methods);
    const isNotice = random() < 0.1;
    const call = { jsonrpc: "2.0", method, params: paramsOf(random) };
    child.stdin.write(`${JSON.stringify(isNotice ? call : { ...call, id })}\n`);
    if (isNotice) child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "ping" })}\n`);
    if (random() < 0.05) child.stdin.write("{ this is no JSON\n");
  }
  child.stdin.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const code = await child.exited;
  clearTimeout(timer);
  tally.tried += count;
  if (code !== 0) harm(tally, "blocked", `exit ${code}: ${await err}`);
  const ids = (await out)
    .split("\n")
    .map((line) => asObject(parseJson(line))["id"])
    .filter((id) => typeof id === "number");
  const once = new Set(ids);
  for (let id = 0; id < count; id++) if (!once.has(id)) harm(tally, "lost", `no answer to ${id}`);
  if (once.size < ids.length) harm(tally, "doubled", `${ids.length - once.size} answers`);
}

const first = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "abuse", version: "1" },
  },
};

function paramsOf(random: () => number): unknown {
  if (random() < 0.1) return pick(random, values);
  const args: [string, unknown][] = [];
  for (let n = 0; n < 3; n++) args.push([pick(random, keys), pick(random, values)]);
  return { name: pick(random, names), uri: "hcom://x", arguments: Object.fromEntries(args) };
}
