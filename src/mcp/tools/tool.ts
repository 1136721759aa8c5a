// What a tool of the MCP server is: its name, description and schema as data, and a function.
import type { StoreAccess } from "../../bus/channels/access.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Connection, RelatedKind } from "../connection.ts";
import type { Arguments } from "./arguments.ts";
import type { InputSchema } from "./schema.ts";

export interface McpTool {
  name: string;
  /** For a model that decides what to call. */
  description: string;
  input: InputSchema;
  /** Changes nothing: clients may let it through without asking. */
  isReadOnly: boolean;
  /** The argument that says who acts. Where the caller is known, it may be left out. */
  actor?: string;
  /** What comes back is printed as JSON, keys in their order. */
  run(call: ToolCall): Promise<object>;
}

export interface ToolCall {
  args: Arguments;
  store: StoreAccess;
  connection: Connection;
  /** What the client sent beside the arguments. */
  meta: JsonObject;
  /** What the call is about, for the operation log; the last word counts. */
  about(kind: RelatedKind, id: number): void;
  /** Done once the answer has left, and only then. */
  afterAnswer(run: () => void): void;
}
