// The OpenAI chat dialect of the scripted model: how OpenCode's request reads as a conversation,
// and how a step is streamed back.
import { asList, asObject, asText, type JsonObject } from "../../src/core/json.ts";
import type { Item, Step } from "./directives.ts";
import type { Dialect } from "./model-dialect.ts";
import { pieces, sseData } from "./sse.ts";

export const chat: Dialect = {
  read(body) {
    const request = asObject(body);
    const messages = asList(request["messages"]).map(asObject);
    const system = messages.filter((one) => one["role"] === "system");
    return {
      system: system.map((one) => textsOf(one["content"]).join("\n")).join("\n"),
      items: messages.flatMap(readMessage),
      tools: asList(request["tools"]).map(
        (tool) => asText(asObject(asObject(tool)["function"])["name"]) ?? "",
      ),
      session: null,
    };
  },
  answer: (step, { n }) => sseData(stream(step, n), "[DONE]"),
  fail(status) {
    return Response.json({ error: { message: `mock error ${status}` } }, { status });
  },
};

function readMessage(message: JsonObject): Item[] {
  const texts = textsOf(message["content"]);
  switch (message["role"]) {
    case "assistant":
      return [{ from: "model" }];
    case "tool":
      return texts.flatMap(readResult);
    case "user":
      return texts.map((text) => ({ from: isOurs(text) ? "injected" : "user", text }));
    default:
      return [];
  }
}

/** Mail behind an action's output is not output. */
function readResult(text: string): Item[] {
  const at = text.indexOf("\n<hcom>");
  if (at < 0) return [{ from: "result", text }];
  return [
    { from: "result", text: text.slice(0, at) },
    { from: "injected", text: text.slice(at) },
  ];
}

/** The plugin's own parts of a prompt. */
function isOurs(text: string): boolean {
  return /^<hcom>\[|^<session-metadata /.test(text.trimStart());
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  return asList(content).map((part) => asText(asObject(part)["text"]) ?? "");
}

async function* stream(step: Step, n: number): AsyncGenerator<JsonObject> {
  yield chunk({ role: "assistant", content: "" }, n);
  if (step.kind === "run" || step.kind === "tool") {
    yield chunk({ tool_calls: [{ index: 0, ...callOf(step, n) }] }, n);
    yield chunk({}, n, "tool_calls");
    return;
  }
  const text = step.kind === "fail" ? `MOCK-ERR ${step.status}` : step.text;
  const durationMs = step.kind === "slow" ? step.durationMs : 0;
  for await (const content of pieces(text, durationMs)) yield chunk({ content }, n);
  yield chunk({}, n, "stop");
}

function callOf(step: Extract<Step, { kind: "run" | "tool" }>, n: number): JsonObject {
  const name = step.kind === "run" ? "bash" : step.name;
  const input =
    step.kind === "run" ? { command: step.command, description: "scripted" } : step.input;
  const call = { name, arguments: JSON.stringify(input) };
  return { id: `call_mock${n}`, type: "function", function: call };
}

function chunk(delta: JsonObject, n: number, finish?: string): JsonObject {
  const choice = { index: 0, delta, finish_reason: finish ?? null };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  return {
    id: `chatcmpl-mock${n}`,
    object: "chat.completion.chunk",
    created: 1,
    model: "mock-model",
    choices: [choice],
    ...(finish === undefined ? {} : { usage }),
  };
}
