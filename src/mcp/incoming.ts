// One line of a client, read before the protocol package sees it: what is no message at all is
// answered here, in AgenticComm's codes and words, which the package leaves unanswered or says
// differently.
import {
  isInitializeRequest,
  isJSONRPCRequest,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
} from "@modelcontextprotocol/server";
import { asObject, asText, isObject, type JsonObject } from "../core/json.ts";
import {
  type EchoedId,
  echoedId,
  idBetween,
  isSpelledInteger,
  spelledIds,
} from "../core/json-id.ts";

export const errorCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  tooLarge: -32801,
  noResource: -32802,
  noTool: -32803,
} as const;

export type Incoming =
  | { kind: "blank" }
  /** `spelled`: an id that the package could not count to. It has a text in its place. */
  | { kind: "message"; message: JSONRPCMessage; spelled?: string | undefined }
  | { kind: "refused"; answer: object }
  /** Of the version that has them, never empty. */
  | { kind: "batch"; parts: Incoming[] }
  /** A notification that cannot be served: nobody waits for an answer. */
  | { kind: "ignored" };

const decoder = new TextDecoder("utf-8", { fatal: true });

export function readLine(bytes: Uint8Array): Incoming {
  let value: unknown;
  let line: string;
  try {
    line = decoder.decode(bytes);
    if (line.trim() === "") return { kind: "blank" };
    value = JSON.parse(line);
  } catch (error) {
    return refused(null, errorCode.parse, `Parse error: ${reasonOf(error)}`);
  }
  const spelled = spelledIds(line, value);
  if (!Array.isArray(value)) return readMessage(value, spelled[0]);
  if (value.length === 0) {
    return refused(null, errorCode.invalidRequest, "Invalid request: the batch is empty");
  }
  return { kind: "batch", parts: value.map((one, at) => readPart(one, spelled[at])) };
}

export function noBatches(): object {
  const reason = "Invalid request: batches are only in version 2025-03-26";
  return answer(null, errorCode.invalidRequest, reason);
}

export function tooLong(longest: number, head: string, tail: string): object {
  return answer(
    idBetween(head, tail),
    errorCode.tooLarge,
    `Content too large: a line holds at most ${longest} bytes`,
  );
}

/** The handshake says which version it is: it cannot stand among others. */
function readPart(value: unknown, spelled: string | undefined): Incoming {
  const { id, method } = asObject(value);
  if (method !== "initialize") return readMessage(value, spelled);
  const reason = "Invalid request: initialize is not part of a batch";
  return refused(echoedId(id, spelled), errorCode.invalidRequest, reason);
}

function readMessage(value: unknown, spelled: string | undefined): Incoming {
  const shape = shapeProblem(value);
  const echo = echoedId(asObject(value)["id"], spelled);
  if (shape !== undefined) return refused(echo, errorCode.parse, `Parse error: ${shape}`);
  const given = asObject(value);
  const isCounted = spelled !== undefined && isSpelledInteger(spelled);
  const message = isCounted ? { ...given, id: spelled } : given;
  const { id } = message;
  if (message["jsonrpc"] !== "2.0") {
    const reason = 'Invalid request: jsonrpc must be "2.0"';
    return refused(echo, errorCode.invalidRequest, reason);
  }
  if (typeof message["method"] !== "string") return passed(message);
  if (id !== undefined && !isId(id)) {
    const reason = "Invalid request: id must be a string or an integer";
    return refused(echo, errorCode.invalidRequest, reason);
  }
  const known = knownOf(message);
  const problem = paramsProblem(known);
  if (problem === undefined) return isCounted ? { ...passed(known), spelled } : passed(known);
  if (id === undefined) return { kind: "ignored" };
  return refused(echo, errorCode.invalidParams, `Invalid params: ${problem}`);
}

/**
 * The members that the protocol has: the package drops a message with any other without a word, and
 * its sender would wait for ever. null is how some serialisers write what is absent.
 */
function knownOf({ jsonrpc, id, method, params }: JsonObject): JsonObject {
  const message: JsonObject = { jsonrpc, method };
  if (id !== undefined) message["id"] = id;
  if (params === undefined || params === null) return message;
  if (!isObject(params) || params["_meta"] !== null) return { ...message, params };
  const { _meta: _none, ...given } = params;
  return { ...message, params: given };
}

/** Answers are messages, too: the package knows what to do with them. */
function shapeProblem(value: unknown): string | undefined {
  if (!isObject(value)) return "a message is an object";
  if (typeof value["jsonrpc"] !== "string") return "missing field `jsonrpc`";
  const isAnswer = value["result"] !== undefined || value["error"] !== undefined;
  if (typeof value["method"] !== "string" && !isAnswer) return "missing field `method`";
  return undefined;
}

function paramsProblem(message: JsonObject): string | undefined {
  const { id, method, params } = message;
  if (params !== undefined && !isObject(params)) return "params must be an object";
  // All that the package could still find wrong with a request.
  if (id !== undefined && !isJSONRPCRequest(message)) return "_meta is malformed";
  return method === "initialize" ? handshakeProblem(message, params) : undefined;
}

/** Only the version is needed: who calls and what it can do may be left out. */
function handshakeProblem(message: JsonObject, params: JsonObject | undefined): string | undefined {
  if (params === undefined) return "Initialize params required";
  if (typeof params["protocolVersion"] !== "string") return "missing field `protocolVersion`";
  const capabilities = params["capabilities"] ?? {};
  const clientInfo = params["clientInfo"] ?? {};
  if (!isObject(clientInfo)) return "clientInfo must be an object";
  const known = { name: "unknown", version: "unknown", ...clientInfo };
  message["params"] = { ...params, capabilities, clientInfo: known };
  return isInitializeRequest(message) ? undefined : "capabilities or clientInfo is malformed";
}

/** In the handshake, or beside every request of a client that goes without one. */
export function clientNameIn(message: JSONRPCMessage): string | undefined {
  const params = asObject("params" in message ? message.params : undefined);
  const meta = asObject(params["_meta"]);
  const info = params["clientInfo"] ?? meta["io.modelcontextprotocol/clientInfo"];
  return asText(asObject(info)["name"]);
}

/** The package looks at the rest by itself and passes over what it does not know. */
function passed(message: JsonObject): Incoming & { kind: "message" } {
  return { kind: "message", message: message as unknown as JSONRPCMessage };
}

function refused(id: EchoedId, code: number, message: string): Incoming {
  return { kind: "refused", answer: answer(id, code, message) };
}

type ErrorAnswer = Omit<JSONRPCErrorResponse, "id"> & { id: EchoedId };

function answer(id: EchoedId, code: number, message: string): ErrorAnswer {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

function isId(value: unknown): value is string | number {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
