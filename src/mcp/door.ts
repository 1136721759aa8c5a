// What one run of the server works on, and how one call of a tool goes.
import { ProtocolError, type Result } from "@modelcontextprotocol/server";
import type { StoreAccess } from "../bus/channels/access.ts";
import { isObject, type JsonObject } from "../core/json.ts";
import { inert } from "../core/mail/inert.ts";
import { forAgents, forPeople } from "../core/printable.ts";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import type { Connection, Related } from "./connection.ts";
import { errorCode } from "./incoming.ts";
import { checkNames, invalidParams, readArguments } from "./tools/arguments.ts";
import type { McpTool } from "./tools/tool.ts";

export interface Door {
  /** As it introduces itself. */
  name: string;
  /** For the model, once at the beginning. */
  instructions: string;
  system: System;
  store: StoreAccess;
  connection: Connection;
  tools: ReadonlyMap<string, McpTool>;
  /** What calls have put off until their answer has left. */
  afterAnswer: (() => void)[];
  /** Undefined: callers say themselves who they are, and are believed. */
  callers: Callers | undefined;
}

/** Where callers are known by what their clients send along. */
export interface Callers {
  /** Who acts may be left out: it is whoever calls. */
  mayOmit: boolean;
  /** Throws a Refusal when nobody knows who calls. */
  nameOf(meta: JsonObject): string;
  /** Throws a Refusal when `name`, the argument `actor`, is somebody else who is here. */
  checkActor(name: string, actor: string, meta: JsonObject): void;
}

/** Results carry their value a second time, as data, for clients that can take it. */
export interface CallStyle {
  isStructured: boolean;
}

export async function callTool(door: Door, params: unknown, style: CallStyle): Promise<Result> {
  const { name, given, meta } = readCall(params);
  const tool = door.tools.get(name);
  if (tool === undefined) {
    const missing = `Tool not found: ${name}`;
    door.connection.record({ tool: name, related: undefined, error: missing });
    throw new ProtocolError(errorCode.noTool, missing);
  }
  let related: Related | undefined;
  let problem: string | undefined = "bug";
  try {
    checkNames(given, tool.input);
    const value = await tool.run({
      args: readArguments(withActor(door, tool, given, meta)),
      store: door.store,
      connection: door.connection,
      meta,
      about: (kind, id) => {
        related = { kind, id };
      },
      afterAnswer: (run) => door.afterAnswer.push(run),
    });
    problem = undefined;
    return success(value, style, door.callers !== undefined);
  } catch (error) {
    if (!(error instanceof Refusal)) throw bug(door, name, error);
    problem = error.message;
    return failure(problem);
  } finally {
    door.connection.record({ tool: name, related, error: problem });
  }
}

interface GivenCall {
  name: string;
  given: JsonObject;
  meta: JsonObject;
}

function readCall(params: unknown): GivenCall {
  if (!isObject(params)) throw badCall("Tool call params required");
  const { name, arguments: given = {}, _meta: meta } = params;
  if (typeof name !== "string") throw badCall("missing field `name`");
  if (given !== null && !isObject(given)) throw badCall("arguments must be an object");
  return { name, given: given ?? {}, meta: isObject(meta) ? meta : {} };
}

export function badCall(reason: string): ProtocolError {
  return new ProtocolError(errorCode.invalidParams, invalidParams(reason).message);
}

function withActor(door: Door, tool: McpTool, given: JsonObject, meta: JsonObject): JsonObject {
  const { actor } = tool;
  const { callers } = door;
  if (actor === undefined || callers === undefined) return given;
  const named = given[actor] ?? undefined;
  // What an agent says and what it hears of is its own affair.
  if (typeof named === "string") callers.checkActor(named, actor, meta);
  if (named !== undefined || !callers.mayOmit) return given;
  try {
    return { ...given, [actor]: callers.nameOf(meta) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const advice = error.hint === undefined ? "" : `, or ${error.hint}`;
    throw invalidParams(`${actor} is required: ${error.message}; give it${advice}`);
  }
}

/**
 * Structured content is an object; a list becomes its `result`. Agents' programs show their model
 * that one where they take it, so for them its words are as inert as mail is.
 */
function success(value: object, style: CallStyle, isForAgents: boolean): Result {
  const content = [{ type: "text", text: forAgents(value, 2) }];
  if (!style.isStructured) return { content };
  const told = Array.isArray(value) ? { result: value } : value;
  return { content, structuredContent: isForAgents ? inertly(told) : told };
}

function inertly(value: object): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === "string" ? inert(one) : one,
  );
  return isObject(copy) ? copy : {};
}

function failure(text: string): Result {
  return { content: [{ type: "text", text: inert(forPeople(text)) }], isError: true };
}

export function bug(door: Door, what: string, error: unknown): unknown {
  if (error instanceof ProtocolError) return error;
  door.system.log({
    level: "error",
    subsystem: "mcp",
    event: "bug",
    what,
    msg: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  const reason = error instanceof Error ? error.message : String(error);
  return new ProtocolError(errorCode.internal, `Internal error: ${reason}`);
}
