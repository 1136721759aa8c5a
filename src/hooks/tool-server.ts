// Asks a tool's own server (Codex's app-server) what it makes of its settings: which hooks it runs,
// and whether it trusts them. Nobody else can know that.
import { toolConfigEnv } from "../config/paths.ts";
import { asObject, parseJson } from "../core/json.ts";
import type { System } from "../sys/system.ts";
import type { HookTrust, ServerAnswers, Tool } from "../tools/tool.ts";

const answerMs = 10_000;

export interface ServerQuestion {
  trust: HookTrust;
  binary: string;
  configDir: string;
  directory: string;
  /** In front of the server's own arguments. */
  args: readonly string[];
}

/** Undefined when the server gave no answer at all. */
export async function askServer(
  system: System,
  tool: Tool,
  { trust, binary, configDir, directory, args }: ServerQuestion,
): Promise<ServerAnswers | undefined> {
  const child = Bun.spawn([binary, ...args, ...trust.serverArgv], {
    cwd: directory,
    env: { ...system.env, ...toolConfigEnv(tool, configDir) },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), answerMs);
  try {
    return await converse(trust.requests(directory), child.stdin, child.stdout);
  } catch (error) {
    system.log({ level: "warn", subsystem: "hooks", event: "no_answer", msg: String(error) });
    return undefined;
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
    await child.exited;
  }
}

async function converse(
  requests: readonly object[],
  input: Bun.FileSink,
  output: ReadableStream<Uint8Array>,
): Promise<ServerAnswers> {
  const lines = linesOf(output);
  const answers = new Map<unknown, unknown>();
  for (const request of requests) {
    input.write(`${JSON.stringify(request)}\n`);
    await input.flush();
    const id = asObject(request)["id"];
    if (id !== undefined) answers.set(id, await answerTo(lines, id));
  }
  return answers;
}

async function answerTo(lines: AsyncGenerator<string>, id: unknown): Promise<unknown> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the program ended before it answered");
    const message = asObject(parseJson(value));
    if (message["id"] === id) return message;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
