// The Anthropic Messages dialect of the scripted model: how Claude Code's request reads as a
// conversation, and how a step is streamed back.
import { asList, asObject, asText, type JsonObject, parseJson } from "../../src/core/json.ts";
import type { Item, Step } from "./directives.ts";
import type { Dialect, Spoken } from "./model-dialect.ts";
import { type ModelEvent, pieces, sse } from "./sse.ts";

export const anthropic: Dialect = {
  read(body) {
    const request = asObject(body);
    const user = parseJson(asText(asObject(request["metadata"])["user_id"]) ?? "");
    return {
      system: textOf(request["system"]),
      items: readMessages(asList(request["messages"])),
      tools: asList(request["tools"]).map((tool) => asText(asObject(tool)["name"]) ?? ""),
      session: asText(asObject(user)["session_id"]) ?? null,
    };
  },
  answer(step, spoken) {
    const block = blockOf(step, spoken);
    if (asObject(spoken.body)["stream"] === true) return sse(stream(step, block, spoken));
    return Response.json({ ...envelope(spoken), content: [block], stop_reason: stopReason(block) });
  },
  fail(status) {
    const error = { type: "api_error", message: `mock error ${status}` };
    return Response.json({ type: "error", error }, { status });
  },
};

function readMessages(messages: unknown[]): Item[] {
  const items: Item[] = [];
  let isHead = true;
  for (const message of messages) {
    const { role, content } = asObject(message);
    if (role === "assistant") {
      items.push({ from: "model" });
      isHead = false;
    } else if (role === "system") {
      items.push(...readSystem(textOf(content), isHead));
    } else {
      const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
      items.push(...asList(parts).map((part) => readPart(asObject(part), isHead)));
    }
  }
  return items;
}

function readPart(part: JsonObject, isHead: boolean): Item {
  if (part["type"] !== "text") return { from: "result", text: textOf(part["content"]) };
  const text = asText(part["text"]) ?? "";
  if (text.startsWith("[Request interrupted by user")) return { from: "ambient", text };
  const isNotice = text.includes("[SYSTEM NOTIFICATION");
  if (!text.trimStart().startsWith("<system-reminder>")) {
    return { from: isNotice ? "injected" : "user", text };
  }
  if (text.includes("SessionStart hook additional context:")) return { from: "ambient", text };
  const isOurs = isNotice || text.includes(" hook additional context:") || !isHead;
  return { from: isOurs ? "injected" : "ambient", text };
}

/**
 * Claude merges hook context, inbox messages and its own furniture into one system entry in the
 * middle of `messages`. Each hook's share begins with a label. At the head only labelled shares
 * count, and that of SessionStart never does: it holds the bootstrap.
 */
function readSystem(text: string, isHead: boolean): Item[] {
  const shares = text.split(/\n\n(?=[A-Z]\w+(?::\S+)? hook additional context: )/);
  return shares.map((share) => {
    const label = /^([A-Z]\w+)(?::\S+)? hook additional context: /.exec(share)?.[1];
    const isOurs = label === undefined ? !isHead : label !== "SessionStart";
    return { from: isOurs ? "injected" : "ambient", text: share };
  });
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return asList(content)
    .map((part) => asText(asObject(part)["text"]) ?? "")
    .join("\n");
}

type Block =
  | { type: "text"; text: string }
  | { type: "tool_use"; id: string; name: string; input: JsonObject };

function blockOf(step: Step, { n }: Spoken): Block {
  const id = `toolu_mock${n}`;
  switch (step.kind) {
    case "run":
      return { type: "tool_use", id, name: "Bash", input: { command: step.command } };
    case "tool":
      return { type: "tool_use", id, name: step.name, input: step.input };
    case "say":
    case "slow":
      return { type: "text", text: step.text };
    case "fail":
      return { type: "text", text: `MOCK-ERR ${step.status}` };
  }
}

function stopReason(block: Block): string {
  return block.type === "tool_use" ? "tool_use" : "end_turn";
}

const usage = {
  input_tokens: 10,
  output_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

function envelope({ n, body }: Spoken): JsonObject {
  const model = asText(asObject(body)["model"]) ?? "mock-model";
  const base = { id: `msg_mock${n}`, type: "message", role: "assistant", model };
  return { ...base, stop_sequence: null, usage };
}

async function* stream(step: Step, block: Block, spoken: Spoken): AsyncGenerator<ModelEvent> {
  const message = { ...envelope(spoken), content: [], stop_reason: null };
  yield { type: "message_start", message };
  const isText = block.type === "text";
  const content_block = isText ? { type: "text", text: "" } : { ...block, input: {} };
  yield { type: "content_block_start", index: 0, content_block };
  if (isText) {
    const durationMs = step.kind === "slow" ? step.durationMs : 0;
    for await (const text of pieces(block.text, durationMs)) {
      yield { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } };
    }
  } else {
    const delta = { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    yield { type: "content_block_delta", index: 0, delta };
  }
  yield { type: "content_block_stop", index: 0 };
  const delta = { stop_reason: stopReason(block), stop_sequence: null };
  yield { type: "message_delta", delta, usage: { output_tokens: 5 } };
  yield { type: "message_stop" };
}
