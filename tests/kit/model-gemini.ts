// The Gemini dialect of the scripted model: how Gemini CLI's request reads as a conversation, and
// how a step is streamed back.
import { asList, asObject, asText, isObject, type JsonObject } from "../../src/core/json.ts";
import type { Item, Step } from "./directives.ts";
import type { Dialect } from "./model-dialect.ts";
import { pieces, sseData } from "./sse.ts";

export const gemini: Dialect = {
  read(body) {
    const request = asObject(body);
    return {
      system: textsOf(asObject(request["systemInstruction"])["parts"]).join("\n"),
      items: readContents(asList(request["contents"])),
      tools: asList(request["tools"]).flatMap((tool) =>
        asList(asObject(tool)["functionDeclarations"]).map(
          (one) => asText(asObject(one)["name"]) ?? "",
        ),
      ),
      session: null,
    };
  },
  answer: (step, { n }) => sseData(stream(step, n)),
  fail(status) {
    const error = { code: status, message: `mock error ${status}`, status: "INTERNAL" };
    return Response.json({ error }, { status });
  },
};

function readContents(contents: unknown[]): Item[] {
  const items: Item[] = [];
  let isHead = true;
  for (const content of contents.map(asObject)) {
    if (content["role"] === "model") {
      items.push({ from: "model" });
      continue;
    }
    for (const part of asList(content["parts"]).map(asObject)) {
      const read = readPart(part, isHead);
      if (read.some((item) => item.from === "user")) isHead = false;
      items.push(...read);
    }
  }
  return items;
}

function readPart(part: JsonObject, isHead: boolean): Item[] {
  const answered = part["functionResponse"];
  if (isObject(answered)) return readResult(answered);
  const text = asText(part["text"]) ?? "";
  if (text.trimStart().startsWith("<session_context>")) return [{ from: "ambient", text }];
  if (!text.trimStart().startsWith("<hook_context>")) return [{ from: "user", text }];
  return [{ from: isHead ? "ambient" : "injected", text }];
}

/** What a hook said about an action stands behind its output. */
function readResult(answered: JsonObject): Item[] {
  const response = asObject(answered["response"]);
  const text = asText(response["output"]) ?? JSON.stringify(response);
  const [output = "", ...contexts] = text.split(/(?=<hook_context>)/);
  return [
    { from: "result", text: output },
    ...contexts.map((context): Item => ({ from: "injected", text: context })),
  ];
}

function textsOf(parts: unknown): string[] {
  return asList(parts).map((part) => asText(asObject(part)["text"]) ?? "");
}

async function* stream(step: Step, n: number): AsyncGenerator<JsonObject> {
  if (step.kind === "run" || step.kind === "tool") {
    yield chunk([{ functionCall: callOf(step, n) }], n, "STOP");
    return;
  }
  const text = step.kind === "fail" ? `MOCK-ERR ${step.status}` : step.text;
  const durationMs = step.kind === "slow" ? step.durationMs : 0;
  for await (const piece of pieces(text, durationMs)) yield chunk([{ text: piece }], n);
  yield chunk([{ text: "" }], n, "STOP");
}

function callOf(step: Extract<Step, { kind: "run" | "tool" }>, n: number): JsonObject {
  const id = `call_mock${n}`;
  if (step.kind === "tool") return { id, name: step.name, args: step.input };
  const args = { command: step.command, description: "scripted" };
  return { id, name: "run_shell_command", args };
}

function chunk(parts: JsonObject[], n: number, finishReason?: string): JsonObject {
  const end = finishReason === undefined ? {} : { finishReason };
  return {
    candidates: [{ content: { role: "model", parts }, index: 0, ...end }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: "mock-model",
    responseId: `resp_mock${n}`,
  };
}
