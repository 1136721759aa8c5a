// A scripted model on loopback for vendor CLIs under test: it does what directives in the
// conversation say and remembers every request. See README.md for the directives.
import { parseJson } from "../../src/core/json.ts";
import { type Item, nextStep } from "./directives.ts";
import { anthropic } from "./model-anthropic.ts";
import { chat } from "./model-chat.ts";
import type { Conversation, Dialect } from "./model-dialect.ts";
import { gemini } from "./model-gemini.ts";
import { responses } from "./model-responses.ts";

export interface ModelRequest {
  /** Counts from 1, in order of arrival. */
  n: number;
  at: number;
  path: string;
  body: unknown;
  /** Everything the model could read, system prompt and tool results included. */
  text: string;
  /** What arrived since the model's last step: the part that is new in this request. */
  latest: string;
  /** The CLI's session or thread id. */
  session: string | null;
  /** A request without tools: a title, not the conversation. */
  isSide: boolean;
}

export interface ModelServer {
  /** For ANTHROPIC_BASE_URL; Codex and OpenCode want `${url}/v1`. */
  url: string;
  requests: ModelRequest[];
  /** The first request, past or future, that fits. To look only ahead, compare `n`. */
  waitFor(
    predicate: (request: ModelRequest) => boolean,
    timeoutMs?: number,
    what?: string,
  ): Promise<ModelRequest>;
  [Symbol.dispose](): void;
}

type Waiter = (request: ModelRequest) => void;

export function startModelServer(): ModelServer {
  const requests: ModelRequest[] = [];
  const waiters = new Set<Waiter>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 240,
    async fetch(incoming) {
      const { pathname } = new URL(incoming.url);
      const dialect = incoming.method === "POST" ? dialectOf(pathname) : undefined;
      if (dialect === undefined) return aside(pathname);
      const body = parseJson(await decoded(incoming));
      const conversation = dialect.read(body);
      const request = describe(requests.length + 1, pathname, body, conversation);
      requests.push(request);
      for (const waiter of [...waiters]) waiter(request);
      return reply(dialect, request, conversation);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    waitFor: (predicate, timeoutMs = 20_000, what = "a model request") =>
      waitFor({ requests, waiters }, predicate, timeoutMs, what),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function dialectOf(path: string): Dialect | undefined {
  if (path.endsWith("/v1/messages")) return anthropic;
  if (path.endsWith("/v1/responses")) return responses;
  if (path.endsWith("/chat/completions")) return chat;
  if (path.endsWith(":streamGenerateContent")) return gemini;
  return undefined;
}

/** What CLIs ask for beside the conversation. */
function aside(path: string): Response {
  if (path.endsWith(":countTokens")) return Response.json({ totalTokens: 10 });
  if (path.endsWith("/count_tokens")) return Response.json({ input_tokens: 10 });
  if (path.endsWith("/models")) return Response.json({ object: "list", data: [], models: [] });
  const error = { type: "not_found_error", message: `mock: no route ${path}` };
  return Response.json({ type: "error", error }, { status: 404 });
}

async function decoded(incoming: Request): Promise<string> {
  const bytes = new Uint8Array(await incoming.arrayBuffer());
  const encoding = incoming.headers.get("content-encoding");
  if (encoding === "zstd") return Bun.zstdDecompressSync(bytes).toString();
  return new TextDecoder().decode(encoding === "gzip" ? Bun.gunzipSync(bytes) : bytes);
}

function describe(n: number, path: string, body: unknown, seen: Conversation): ModelRequest {
  const lastStep = seen.items.findLastIndex((item) => item.from === "model");
  return {
    n,
    at: Date.now(),
    path,
    body,
    text: [seen.system, ...textsOf(seen.items)].join("\n"),
    latest: textsOf(seen.items.slice(lastStep + 1)).join("\n"),
    session: seen.session,
    isSide: seen.tools.length === 0,
  };
}

function textsOf(items: Item[]): string[] {
  return items.flatMap((item) => (item.from === "model" ? [] : [item.text]));
}

function reply(dialect: Dialect, request: ModelRequest, seen: Conversation): Response {
  if (request.isSide) return dialect.answer({ kind: "say", text: "mock title" }, request);
  const step = nextStep(seen.items);
  return step.kind === "fail" ? dialect.fail(step.status) : dialect.answer(step, request);
}

function waitFor(
  { requests, waiters }: { requests: ModelRequest[]; waiters: Set<Waiter> },
  predicate: (request: ModelRequest) => boolean,
  timeoutMs: number,
  what: string,
): Promise<ModelRequest> {
  const present = requests.find(predicate);
  if (present !== undefined) return Promise.resolve(present);
  const { promise, resolve, reject } = Promise.withResolvers<ModelRequest>();
  const timer = setTimeout(() => {
    waiters.delete(waiter);
    const last = requests.at(-1);
    const seen = `${requests.length} requests, the last with: ${last?.latest.slice(-400) ?? "-"}`;
    reject(new Error(`timed out after ${timeoutMs} ms waiting for ${what}; ${seen}`));
  }, timeoutMs);
  const waiter: Waiter = (request) => {
    if (!predicate(request)) return;
    clearTimeout(timer);
    waiters.delete(waiter);
    resolve(request);
  };
  waiters.add(waiter);
  return promise;
}
