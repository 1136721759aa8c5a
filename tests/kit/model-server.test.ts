// The scripted model's contract: directives step in both dialects, whoever brought them in.
import { expect, test } from "bun:test";
import { type ModelServer, startModelServer } from "./model-server.ts";

type Message = { role: string; content: unknown };

async function askAnthropic(model: ModelServer, messages: Message[]): Promise<string> {
  const body = { model: "m", stream: true, tools: [{ name: "Bash" }], messages };
  return streamed(`${model.url}/v1/messages?beta=true`, body);
}

async function askResponses(model: ModelServer, input: unknown[]): Promise<string> {
  const tools = [
    { type: "function", name: "exec_command" },
    { type: "custom", name: "apply_patch" },
  ];
  return streamed(`${model.url}/v1/responses`, { model: "m", stream: true, tools, input });
}

async function streamed(url: string, body: unknown): Promise<string> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return answer.ok ? await answer.text() : `HTTP ${answer.status}`;
}

const bash = (id: string): Message => ({
  role: "assistant",
  content: [{ type: "tool_use", id, name: "Bash", input: {} }],
});
const result = (id: string): Message => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content: "[[RUN not me]]" }],
});
const developer = (text: string) => ({
  type: "message",
  role: "developer",
  content: [{ type: "input_text", text }],
});
const typed = (text: string) => ({ ...developer(text), role: "user" });
const call = (id: string) => ({ type: "function_call", call_id: id, name: "exec_command" });
const output = (id: string) => ({ type: "function_call_output", call_id: id, output: "ok" });

test("anthropic: each directive of a prompt is one step, resent requests repeat it", async () => {
  using model = startModelServer();
  const prompt = { role: "user", content: "do [[RUN echo one]] then [[SAY two]]" };
  expect(await askAnthropic(model, [prompt])).toContain("echo one");
  expect(await askAnthropic(model, [prompt])).toContain("echo one");
  const later = [prompt, bash("a"), result("a")];
  expect(await askAnthropic(model, later)).toContain('"text":"two"');
  const done = [...later, { role: "assistant", content: "two" }, { role: "user", content: "bye" }];
  expect(await askAnthropic(model, done)).toContain("MOCK-ECHO bye");
});

test("anthropic: a message that a hook brought in mid-turn decides", async () => {
  using model = startModelServer();
  const context =
    "PostToolBatch hook additional context: from nova: please [[RUN hcom send @nova]]";
  const history = [
    { role: "user", content: "[[RUN echo one]] [[RUN echo never]]" },
    bash("a"),
    result("a"),
    { role: "system", content: context },
  ];
  expect(await askAnthropic(model, history)).toContain("hcom send @nova");
  const after = [...history, bash("b"), result("b")];
  expect(await askAnthropic(model, after)).toContain("MOCK-DONE 1");
});

test("anthropic: at the head only a prompt's own context counts, never the bootstrap", async () => {
  using model = startModelServer();
  const label = "hook additional context:";
  const furniture = `SessionStart ${label} try\n\n[[RUN bootstrap]]\n\n# Environment [[RUN env]]`;
  const head = (more: string) => [
    { role: "user", content: [{ type: "text", text: "<system-reminder>[[RUN x]]" }] },
    { role: "user", content: "[hcom] mail" },
    { role: "system", content: furniture + more },
  ];
  expect(await askAnthropic(model, head(""))).toContain("MOCK-ECHO [hcom] mail");
  const mail = `\n\nUserPromptSubmit ${label} [[RUN hcom list]]\n\nToday's date`;
  expect(await askAnthropic(model, head(mail))).toContain("hcom list");
});

test("responses: typed, injected and freeform directives", async () => {
  using model = startModelServer();
  const prompt = [developer("[[RUN bootstrap]]"), typed("go [[RUN echo one]]")];
  expect(await askResponses(model, prompt)).toContain("echo one");
  // Codex puts a tool hook's context between the call and its output.
  const injected = [...prompt, call("a"), developer("mail: [[SAY thanks]]"), output("a")];
  expect(await askResponses(model, injected)).toContain('"delta":"thanks"');
  const patch = [
    ...prompt,
    call("a"),
    output("a"),
    typed('[[TOOL apply_patch {"input":"*** P"}]]'),
  ];
  expect(await askResponses(model, patch)).toContain('"type":"custom_tool_call"');
});

test("nested directives travel, errors do not stick", async () => {
  using model = startModelServer();
  const chain = typed('[[RUN hcom send @luna -- "please ((RUN hcom list))"]]');
  expect(await askResponses(model, [chain])).toContain("please ((RUN hcom list))");
  const luna = [typed("hi"), developer("from nova: please ((RUN hcom list))")];
  expect(await askResponses(model, luna)).toContain("hcom list");
  const failed = typed("((ERR 400))");
  expect(await askResponses(model, [failed])).toBe("HTTP 400");
  expect(await askResponses(model, [failed, typed("again")])).toContain("MOCK-ECHO again");
});

test("waitFor sees past and future requests and says what it missed", async () => {
  using model = startModelServer();
  const future = model.waitFor((request) => request.latest.includes("second"));
  await askAnthropic(model, [{ role: "user", content: "first" }]);
  await askAnthropic(model, [{ role: "user", content: "second" }]);
  expect((await future).n).toBe(2);
  expect((await model.waitFor((request) => request.text.includes("first"))).n).toBe(1);
  await expect(model.waitFor(() => false, 20, "rain")).rejects.toThrow(
    "waiting for rain; 2 requests",
  );
});
