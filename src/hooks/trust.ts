// Some programs run a hook only after its user trusted that very text. Installing our hooks is that
// consent for ours: we ask the program itself for the hashes and store them where it looks.
import { pathsOf, toolConfigDir } from "../config/paths.ts";
import { asObject, parseJson } from "../core/json.ts";
import { findBinary, versionOf } from "../sys/binary.ts";
import { readText } from "../sys/files.ts";
import type { System } from "../sys/system.ts";
import type { HookTrust, Tool } from "../tools/tool.ts";
import { compareVersions } from "../tools/version.ts";
import { writeKeepingBackup } from "./settings-backup.ts";
import type { Where } from "./where.ts";

const answerMs = 10_000;

export type TrustOutcome =
  | "not_needed"
  | "trusted"
  /** Stored, but the program still does not take it: only ours are in question. */
  | "ours_untrusted"
  | "foreign_untrusted"
  | "unknown";

export async function storeTrust(
  system: System,
  tool: Tool,
  where: Where,
  known: { version?: string | undefined; directory?: string } = {},
): Promise<TrustOutcome> {
  const { trust } = await tool.settings();
  if (trust === undefined) return "not_needed";
  const binary = findBinary(tool.binary, system.env);
  const version = known.version ?? (binary === undefined ? undefined : versionOf(binary));
  if (binary === undefined || version === undefined) return "unknown";
  if (compareVersions(version, trust.since) < 0) return "not_needed";
  const { trustFile, hooksFile } = trust.files(where);
  const asked = { trust, binary, where, directory: known.directory ?? system.cwd };
  let answer = await askHooks(system, tool, asked);
  if (answer === undefined) return "unknown";
  const entries = trust.ours(answer, hooksFile);
  const text = readText(trustFile) ?? null;
  const next = trust.store(text, entries, version, hooksFile);
  if (next !== text) {
    writeKeepingBackup(where.paths, trustFile, next);
    // Only the program itself can say whether it takes what we stored.
    answer = await askHooks(system, tool, asked);
    if (answer === undefined) return "unknown";
  }
  if (trust.hasForeignUntrusted(answer, hooksFile)) return "foreign_untrusted";
  return trust.areOursTrusted(answer, hooksFile) ? "trusted" : "ours_untrusted";
}

export interface TrustDecision {
  /** Pass the program's own "trust all hooks" switch for this launch. */
  bypass: boolean;
  warning: string | undefined;
}

/**
 * Before a launch: our hooks must run, and nobody else's untrusted ones may slip in with them. The
 * switch of the program covers every hook, so it is used only when ours are all there are.
 */
export async function trustDecision(
  system: System,
  tool: Tool,
  launch: { version: string | undefined; directory: string },
): Promise<TrustDecision> {
  const paths = pathsOf(system.env, system.cwd);
  const where = { configDir: toolConfigDir(tool, system.env, paths), paths };
  const outcome = await storeTrust(system, tool, where, launch);
  switch (outcome) {
    case "not_needed":
    case "trusted":
      return { bypass: false, warning: undefined };
    case "ours_untrusted":
      return { bypass: true, warning: undefined };
    case "foreign_untrusted":
      return {
        bypass: false,
        warning: `${tool.label} has hooks that you have not trusted; it may ask about them`,
      };
    default:
      return {
        bypass: false,
        warning: `${tool.label} did not say whether it trusts hcom's hooks; it may ask about them`,
      };
  }
}

interface Question {
  trust: HookTrust;
  binary: string;
  where: Where;
  directory: string;
}

/** The last answer of the program's server, or undefined when it gave none. */
async function askHooks(
  system: System,
  tool: Tool,
  { trust, binary, where, directory }: Question,
): Promise<unknown> {
  const child = Bun.spawn([binary, ...trust.serverArgv], {
    cwd: directory,
    env: { ...system.env, [tool.configDir.env]: where.configDir },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), answerMs);
  try {
    return await converse(trust, directory, child.stdin, child.stdout);
  } catch (error) {
    system.log({ level: "warn", subsystem: "hooks", event: "trust_failed", msg: String(error) });
    return undefined;
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
    await child.exited;
  }
}

async function converse(
  trust: HookTrust,
  directory: string,
  input: Bun.FileSink,
  output: ReadableStream<Uint8Array>,
): Promise<unknown> {
  const lines = linesOf(output);
  let answer: unknown;
  for (const request of trust.requests(directory)) {
    input.write(`${JSON.stringify(request)}\n`);
    await input.flush();
    const id = asObject(request)["id"];
    if (id === undefined) continue;
    answer = await answerTo(lines, id);
  }
  return answer;
}

async function answerTo(lines: AsyncGenerator<string>, id: unknown): Promise<unknown> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the program ended before it answered");
    const message = asObject(parseJson(value));
    if (message["id"] !== id) continue;
    if (message["error"] !== undefined) throw new Error(JSON.stringify(message["error"]));
    return message;
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
