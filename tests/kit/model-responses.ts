// The OpenAI Responses dialect of the scripted model: how Codex's request reads as a conversation,
// and how a step is streamed back.
import { asList, asObject, asText, type JsonObject } from "../../src/core/json.ts";
import type { Item, Step } from "./directives.ts";
import type { Dialect, Spoken } from "./model-dialect.ts";
import { type ModelEvent, pieces, sse } from "./sse.ts";

export const responses: Dialect = {
  read(body) {
    const request = asObject(body);
    return {
      system: asText(request["instructions"]) ?? "",
      items: readInput(asList(request["input"])),
      tools: toolsOf(body).map((tool) => tool.name),
      session: asText(asObject(request["client_metadata"])["thread_id"]) ?? cacheKeyOf(request),
    };
  },
  answer: (step, spoken) => sse(stream(step, spoken)),
  fail(status) {
    const error = { type: "server_error", message: `mock error ${status}` };
    return Response.json({ error }, { status });
  },
};

/** 0.145 names the thread nowhere else. */
function cacheKeyOf(request: JsonObject): string | null {
  return asText(request["prompt_cache_key"]) ?? null;
}

function readInput(input: unknown[]): Item[] {
  const items: Item[] = [];
  let isHead = true;
  for (const entry of input.map(asObject)) {
    const type = asText(entry["type"]) ?? "message";
    const text = textOf(entry["content"] ?? entry["output"]);
    if (type.endsWith("_output")) items.push({ from: "result", text });
    else if (type.endsWith("_call") || entry["role"] === "assistant") items.push({ from: "model" });
    else if (type === "message") {
      const item = readMessage(entry["role"], text, isHead);
      if (item.from === "user") isHead = false;
      items.push(item);
    }
  }
  return items;
}

/** Up to the first thing that was typed there are instructions and SessionStart's bootstrap. */
function readMessage(role: unknown, text: string, isHead: boolean): Item {
  if (role !== "user") return { from: isHead ? "ambient" : "injected", text };
  if (/^\s*<(environment_context|user_instructions|permissions|turn_aborted)/.test(text)) {
    return { from: "ambient", text };
  }
  return { from: text.startsWith("<hook_prompt") ? "injected" : "user", text };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return asList(content)
    .map((part) => asText(asObject(part)["text"]) ?? "")
    .join("\n");
}

interface Tool {
  name: string;
  /** MCP tools are offered, and must be called, inside a namespace. */
  namespace: string | undefined;
  /** Takes plain text instead of JSON, as `apply_patch` does. */
  isFreeform: boolean;
}

function toolsOf(body: unknown): Tool[] {
  return asList(asObject(body)["tools"]).flatMap((entry): Tool[] => {
    const tool = asObject(entry);
    const name = asText(tool["name"]) ?? asText(tool["type"]) ?? "";
    if (tool["type"] !== "namespace") {
      return [{ name, namespace: undefined, isFreeform: tool["type"] === "custom" }];
    }
    return asList(tool["tools"]).map((inner) => {
      const innerName = asText(asObject(inner)["name"]) ?? "";
      return { name: innerName, namespace: name, isFreeform: false };
    });
  });
}

async function* stream(step: Step, spoken: Spoken): AsyncGenerator<ModelEvent> {
  const id = `resp_mock${spoken.n}`;
  yield { type: "response.created", response: { id } };
  if (step.kind === "run" || step.kind === "tool") yield* streamCall(callOf(step, spoken));
  else yield* streamText(step, spoken.n);
  yield { type: "response.completed", response: { id, usage } };
}

const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 15,
};

function callOf(step: Step & { kind: "run" | "tool" }, { n, body }: Spoken): JsonObject {
  const name = step.kind === "run" ? "exec_command" : step.name;
  const input = step.kind === "run" ? { cmd: step.command } : step.input;
  const tool = toolsOf(body).find((candidate) => candidate.name === name);
  const base = { call_id: `call_mock${n}`, name, status: "completed" };
  if (tool?.isFreeform) {
    return { type: "custom_tool_call", id: `ctc_${n}`, ...base, input: input["input"] ?? "" };
  }
  const scope = tool?.namespace === undefined ? {} : { namespace: tool.namespace };
  const call = { type: "function_call", id: `fc_${n}`, ...base, ...scope };
  return { ...call, arguments: JSON.stringify(input) };
}

function* streamCall(item: JsonObject): Generator<ModelEvent> {
  const empty = "arguments" in item ? { arguments: "" } : { input: "" };
  const begun = { ...item, ...empty, status: "in_progress" };
  yield { type: "response.output_item.added", output_index: 0, item: begun };
  yield { type: "response.output_item.done", output_index: 0, item };
}

async function* streamText(step: Step, n: number): AsyncGenerator<ModelEvent> {
  const id = `msg_mock${n}`;
  const message = { type: "message", id, role: "assistant" };
  const text = step.kind === "say" || step.kind === "slow" ? step.text : "";
  const durationMs = step.kind === "slow" ? step.durationMs : 0;
  yield { type: "response.output_item.added", output_index: 0, item: { ...message, content: [] } };
  for await (const delta of pieces(text, durationMs)) {
    const place = { item_id: id, output_index: 0, content_index: 0 };
    yield { type: "response.output_text.delta", ...place, delta };
  }
  const content = [{ type: "output_text", text, annotations: [] }];
  yield { type: "response.output_item.done", output_index: 0, item: { ...message, content } };
}
