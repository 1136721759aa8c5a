// The log is SQLite and its verbs need Bun, so a helper process of ours has them, on Node and on
// Bun alike: `hcom rpc`, one line a call. It starts with the first call and ends with this program.
// A caller's event loop never waits for a lock, and SQL that does not come to an end can be ended.
import type { ChildProcess } from "node:child_process";
import { asNumber, asObject, asText, isObject, parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import { realSystem } from "../../sys/system.ts";

interface Pending {
  resolve(result: unknown): void;
  reject(error: Refusal): void;
}

interface Helper {
  child: ChildProcess;
  /** Whose log it has open. */
  directory: string | undefined;
  pending: Map<number, Pending>;
  /** The end of what it wrote to standard error. */
  complaint: string;
  /** It takes no more calls. */
  isOver: boolean;
}

const usualSeconds = 30;
let running: Promise<Helper | undefined> | undefined;
let lastId = 0;

/** Results are those of our own program, so their shape is not looked at. */
export async function ask<T>(
  method: string,
  params: object,
  limit: { seconds: number } = { seconds: usualSeconds },
): Promise<T> {
  const helper = await helperNow();
  const id = ++lastId;
  const line = JSON.stringify({ jsonrpc: "2.0", id, method, params });
  return await new Promise<unknown>((resolve, reject) => {
    const timer = setTimeout(() => giveUp(helper, method, limit.seconds), limit.seconds * 1000);
    const done = <V>(tell: (value: V) => void) => {
      return (value: V): void => {
        clearTimeout(timer);
        helper.pending.delete(id);
        if (helper.pending.size === 0) hold(helper.child, false);
        tell(value);
      };
    };
    if (helper.pending.size === 0) hold(helper.child, true);
    helper.pending.set(id, { resolve: done(resolve), reject: done(reject) });
    helper.child.stdin?.write(`${line}\n`);
  }).then((result) => result as T);
}

/** One for each directory of the log; the one before ends where that has changed. */
function helperNow(): Promise<Helper> {
  const directory = realSystem().env["HCOM_DIR"];
  // One after the other: two first calls at once share a helper.
  const next = (running ?? Promise.resolve(undefined)).then((current) => {
    if (current?.isOver === false && current.directory === directory) {
      return current;
    }
    current?.child.stdin?.end();
    return start(directory);
  });
  // A failure is the caller's; the next one tries again.
  running = next.catch(() => undefined);
  return next;
}

async function start(directory: string | undefined): Promise<Helper> {
  const { spawn } = await import("node:child_process");
  const words = [await launcherPath(), "--program=hcom", "rpc"];
  // Ctrl+C at a terminal is the caller's to hear: it may want to end what it has launched.
  const child = spawn("sh", words, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const helper: Helper = { child, directory, pending: new Map(), complaint: "", isOver: false };
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(helper, line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    helper.complaint = (helper.complaint + text).slice(-2000);
  });
  // Both pipes and the process have to be over: a last answer may still be on its way.
  child.on("close", () => failAll(helper, helper.complaint.trim() || "its helper has ended"));
  child.on("error", (error) => failAll(helper, error.message));
  child.stdin.on("error", () => {});
  hold(child, false);
  return helper;
}

/** While an answer is awaited this program stays; otherwise the helper keeps nobody up. */
function hold(child: ChildProcess, isHeld: boolean): void {
  const verb = isHeld ? "ref" : "unref";
  child[verb]();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) {
    if (pipe !== null && verb in pipe) (pipe as unknown as Record<typeof verb, () => void>)[verb]();
  }
}

function take(helper: Helper, line: string): void {
  const answer = asObject(parseJson(line));
  const pending = helper.pending.get(asNumber(answer["id"]) ?? 0);
  if (pending === undefined) return;
  const error = answer["error"];
  if (isObject(error)) pending.reject(refusalOf(error));
  else pending.resolve(answer["result"]);
}

function refusalOf(error: Record<string, unknown>): Refusal {
  const data = asObject(error["data"]);
  const hint = asText(data["hint"]);
  return new Refusal({
    code: asText(data["code"]) ?? (error["code"] === invalidParams ? "usage" : "bug"),
    message: asText(error["message"]) ?? "hcom has failed",
    ...(hint === undefined ? {} : { hint }),
  });
}

/** JSON-RPC 2.0 */
const invalidParams = -32602;

function giveUp(helper: Helper, method: string, seconds: number): void {
  helper.child.kill("SIGKILL");
  failAll(helper, `${method} did not come to an end within ${seconds} s`);
}

function failAll(helper: Helper, reason: string): void {
  helper.isOver = true;
  for (const { reject } of [...helper.pending.values()]) {
    reject(new Refusal({ code: "no_answer", message: `hcom did not answer: ${reason}` }));
  }
}

/** Beside `dist/`, where this is part of the bundle, or three folders up in a checkout. */
async function launcherPath(): Promise<string> {
  const [{ existsSync }, { fileURLToPath }] = await Promise.all([
    import("node:fs"),
    import("node:url"),
  ]);
  const places = ["../bin/hcom", "../../../bin/hcom"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = places.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Refusal({
    code: "no_helper",
    message: `the program of this package is missing: ${places[0]}`,
    hint: "install hcom again",
  });
}
