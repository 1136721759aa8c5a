// JSON-RPC 2.0 around a function that does the calls: one line in, at most one line out. The
// members of an answer stand in one order, result or error last, so that a small client can cut the
// result out of the line without parsing it.

import { isObject, type JsonObject, parseJson } from "../../core/json.ts";
import { type EchoedId, echoedId, idBetween, spelledIds } from "../../core/json-id.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Line } from "../../sys/stream-lines.ts";
import { InvalidParams } from "./params.ts";

export interface Callee {
  call(method: string, params: unknown): Promise<unknown>;
  /** An error that is nobody's fault but ours; the client is told, too. */
  onBug(error: unknown): void;
}

const errorCode = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  bug: -32603,
  /** Whatever the program refuses; `data.code` says what. */
  refused: -32000,
} as const;

export class UnknownMethod extends Error {}

type Id = EchoedId;

/** The answer, or undefined when there is none to give: a notification, or an empty line. */
export async function answerLine(line: Line, callee: Callee): Promise<string | undefined> {
  if (line.kind === "too_long") {
    const id = idBetween(line.head, line.tail);
    return failure(id, errorCode.request, "Invalid request: too long");
  }
  const text = decoded(line.bytes);
  if (text?.trim() === "") return undefined;
  const message = text === undefined ? undefined : parseJson(text);
  if (message === undefined) {
    const reason = text === undefined ? "the line is not UTF-8" : "the line is not JSON";
    return failure(null, errorCode.parse, `Parse error: ${reason}`);
  }
  const spelled = spelledIds(text ?? "", message);
  if (!Array.isArray(message)) return answer(message, spelled[0], callee);
  return answerBatch(message, spelled, callee);
}

async function answerBatch(
  batch: readonly unknown[],
  spelled: readonly (string | undefined)[],
  callee: Callee,
): Promise<string | undefined> {
  if (batch.length === 0) return failure(null, errorCode.request, "Invalid request: empty batch");
  const answers: string[] = [];
  for (const [at, message] of batch.entries()) {
    const one = await answer(message, spelled[at], callee);
    if (one !== undefined) answers.push(one);
  }
  return answers.length === 0 ? undefined : `[${answers.join(",")}]`;
}

async function answer(
  message: unknown,
  spelled: string | undefined,
  callee: Callee,
): Promise<string | undefined> {
  if (!isObject(message)) return failure(null, errorCode.request, "Invalid request: no object");
  const { id: given = null, method } = message;
  const id = echoedId(given, spelled);
  if (id === null && given !== null) {
    return failure(null, errorCode.request, "Invalid request: id must be a string or a number");
  }
  const problem = problemOf(message);
  if (problem !== undefined) return failure(id, errorCode.request, `Invalid request: ${problem}`);
  const text = await attempt(id, callee, () => callee.call(String(method), message["params"]));
  return Object.hasOwn(message, "id") ? text : undefined;
}

function problemOf({ jsonrpc, method }: JsonObject): string | undefined {
  if (jsonrpc !== "2.0") return 'jsonrpc must be "2.0"';
  return typeof method === "string" ? undefined : "method must be a string";
}

async function attempt(id: Id, callee: Callee, work: () => Promise<unknown>): Promise<string> {
  try {
    const result = JSON.stringify((await work()) ?? null);
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
  } catch (error) {
    if (error instanceof InvalidParams) {
      return failure(id, errorCode.params, withPrefix(error.message));
    }
    if (error instanceof UnknownMethod) {
      return failure(id, errorCode.method, `Method not found: ${error.message}`);
    }
    if (error instanceof Refusal) {
      const { code, hint } = error;
      return failure(id, errorCode.refused, error.message, { code, hint });
    }
    callee.onBug(error);
    const reason = error instanceof Error ? error.message : String(error);
    return failure(id, errorCode.bug, `Internal error: ${reason}`);
  }
}

function withPrefix(reason: string): string {
  return reason.startsWith("Invalid params: ") ? reason : `Invalid params: ${reason}`;
}

function failure(id: Id, code: number, message: string, data?: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decoded(line: Uint8Array): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
