// The protocol package's server with our methods behind it. The package does handshakes, versions
// and subscriptions of the newest kind; tools, resources and prompts are answered through its
// fallback, which takes plain JSON as it is: no schemas are built for them, and codes stay ours.
import { ProtocolError, type Result, Server } from "@modelcontextprotocol/server";
import { asObject } from "../core/json.ts";
import { version } from "../core/version.ts";
import { badCall, bug, callTool, type Door } from "./door.ts";
import { errorCode } from "./incoming.ts";
import { getPrompt, promptList } from "./prompts/index.ts";
import { noResource, readResource, resourceList, templateList } from "./resources.ts";
import { toolList } from "./tools/index.ts";
import type { Watch } from "./watch.ts";

export interface Serving {
  door: Door;
  watch: Watch;
  /** The client skips the handshake: every request says which version it speaks. */
  isModern: boolean;
}

/** The first version whose results may carry data beside the text. */
const structuredSince = "2025-06-18";

/** Subscriptions of clients with a handshake have no id of their own. */
const handshakeOwner = "handshake";

export function serverOf(serving: Serving): Server {
  const { door } = serving;
  const server = new Server(
    { name: door.name, version },
    {
      capabilities: { tools: { listChanged: false }, resources: { subscribe: true }, prompts: {} },
      instructions: door.instructions,
      // Checks the answers to forms that a server sends; we send none, and its default is large.
      jsonSchemaValidator: { getValidator: () => () => noForms },
    },
  );
  const begin = () => {
    door.connection.isActive = true;
  };
  if (serving.isModern) begin();
  server.oninitialized = begin;
  // The name that AgenticComm's clients use for it.
  server.fallbackNotificationHandler = async ({ method }) => {
    if (method === "initialized") begin();
  };
  server.fallbackRequestHandler = async ({ method, params }) => {
    try {
      return await respond(serving, server, method, params);
    } catch (error) {
      throw bug(door, method, error);
    }
  };
  return server;
}

const noForms = { valid: false, data: undefined, errorMessage: "there are no forms" } as const;

async function respond(
  serving: Serving,
  server: Server,
  method: string,
  params: unknown,
): Promise<Result> {
  const { door, watch } = serving;
  switch (method) {
    case "tools/list":
      return { tools: toolList(door) };
    case "tools/call": {
      const spoken = server.getNegotiatedProtocolVersion() ?? "";
      return callTool(door, params, { isStructured: spoken >= structuredSince });
    }
    case "resources/list":
      return { resources: resourceList };
    case "resources/templates/list":
      return { resourceTemplates: templateList };
    case "resources/read":
      return { contents: [await readResource(door, uriIn(params))] };
    case "resources/subscribe": {
      const uri = uriIn(params);
      if (!(await watch.add(handshakeOwner, [uri]))) throw noResource(uri);
      return {};
    }
    case "resources/unsubscribe":
      watch.remove(handshakeOwner, uriIn(params));
      return {};
    case "prompts/list":
      return { prompts: promptList };
    case "prompts/get":
      return getPrompt(door, params);
    case "shutdown":
      // Everything is stored already; the end of input ends the process.
      door.connection.isActive = false;
      return {};
    default:
      throw new ProtocolError(errorCode.methodNotFound, `Method not found: ${method}`);
  }
}

function uriIn(params: unknown): string {
  const { uri } = asObject(params);
  if (typeof uri !== "string") throw badCall("missing field `uri`");
  return uri;
}
