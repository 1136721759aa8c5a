// Our plugin itself, in a host that is made up, with a program behind it that notes what it is
// asked and answers by what is laid out for it.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { staysTrue, until } from "../../../tests/kit/until.ts";
import { pluginText } from "./plugin.ts";

let dir = "";
let prompts: unknown[] = [];
let replies: unknown[] = [];

beforeEach(() => {
  dir = mkdtempSync("/tmp/hcom-plugin-");
  prompts = [];
  replies = [];
  mkdirSync(join(dir, "bells"));
  // Says the file of its hook's name, and notes the call.
  const lines = ["#!/bin/sh", "cat >/dev/null", `echo "$1" >> ${dir}/calls`, `cat "${dir}/$1"`];
  writeFileSync(join(dir, "program"), lines.join("\n"));
  chmodSync(join(dir, "program"), 0o755);
  answer("opencode-session", { context: "BOOTSTRAP", watch: join(dir, "bells/luna") });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function answer(hook: string, value: object): void {
  writeFileSync(join(dir, hook), JSON.stringify(value));
}

function calls(hook: string): number {
  const file = join(dir, "calls");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.filter((line) => line === hook).length;
}

const session = "ses_1";

async function open(program = join(dir, "program")) {
  const options = { program: [program], autoApprove: true, commandWord: "hcom" };
  const file = join(dir, "plugin.js");
  writeFileSync(file, pluginText({ ...options, version: undefined }, ""));
  const { Hcom } = await import(file);
  // One that is disposed of may still be asking: its prompts are not the next test's.
  const own = prompts;
  const client = {
    session: {
      get: async () => ({ data: {} }),
      promptAsync: async (prompt: unknown) => void own.push(prompt),
    },
    postSessionIdPermissionsPermissionId: async (reply: unknown) => {
      replies.push(reply);
      return {};
    },
  };
  return Hcom({ client, directory: dir });
}

type Plugin = Awaited<ReturnType<typeof open>>;

async function say(plugin: Plugin, text: string) {
  const parts = [{ type: "text", text, id: "prt_1" }];
  const output = { message: { id: "msg_1" }, parts };
  const model = { providerID: "p", modelID: "m" };
  await plugin["chat.message"]({ sessionID: session, agent: "plan", model }, output);
  return output.parts.map((part) => part.text);
}

function tell(plugin: Plugin, type: string, properties: object): Promise<void> {
  return plugin.event({ event: { type, properties: { sessionID: session, ...properties } } });
}

const ring = () => writeFileSync(join(dir, "bells/luna"), `${Math.random()}\n`);

const becomes = (holds: () => boolean) =>
  until(holds, { timeoutMs: 10_000, what: "it to come to that" });

test("a prompt carries the bootstrap once, and mail whenever there is some", async () => {
  const plugin = await open();
  expect(await say(plugin, "hello")).toEqual(["hello", "BOOTSTRAP"]);
  answer("opencode-prompt", { context: "<hcom>MAIL</hcom>" });
  expect(await say(plugin, "again")).toEqual(["again", "<hcom>MAIL</hcom>"]);
  expect(calls("opencode-session")).toBe(1);
});

test("a ring prompts the session as its person did last", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  answer("opencode-bell", { prompt: "<hcom>mail: 5</hcom>" });
  ring();
  await becomes(() => prompts.length > 0);
  expect(prompts[0]).toMatchObject({
    path: { id: session },
    body: { agent: "plan", model: { modelID: "m" }, parts: [{ text: "<hcom>mail: 5</hcom>" }] },
  });
  await plugin.dispose();
});

test("a ring while a question is open counts when it is answered", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  answer("opencode-bell", { prompt: "<hcom>mail: 5</hcom>" });
  await tell(plugin, "permission.asked", { id: "per_1", permission: "bash" });
  await becomes(() => calls("opencode-permission") === 1);
  ring();
  await staysTrue(300, () => prompts.length === 0 && calls("opencode-bell") === 0);
  await tell(plugin, "permission.replied", { requestID: "per_1", reply: "once" });
  await becomes(() => prompts.length === 1);
  await plugin.dispose();
});

test("a ring during a delivery is not lost", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  const slow = `#!/bin/sh\ncat >/dev/null\necho "$1" >> ${dir}/calls\nsleep 0.3\n`;
  writeFileSync(join(dir, "program"), slow);
  ring();
  await becomes(() => calls("opencode-bell") === 1);
  ring();
  await becomes(() => calls("opencode-bell") === 2);
  await plugin.dispose();
});

test("only a plain safe command of hcom's is answered for its person", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  const ask = (id: string, command: string) =>
    tell(plugin, "permission.asked", { id, permission: "bash", metadata: { command } });
  await ask("a", "hcom send @nova --intent ack -- 'done: 3 files'");
  expect(replies).toHaveLength(1);
  const unsafe = ["hcom list && rm x", "hcom list; rm x", "hcom list $(rm x)", "hcom list `rm x`"];
  const more = ["hcom kill all", "hcom listx", "hcom list > x", "hcom list\nrm x", "xhcom list"];
  for (const [at, command] of [...unsafe, ...more].entries()) await ask(`b${at}`, command);
  expect(replies).toHaveLength(1);
  await plugin.dispose();
});

test("what an agent's shell starts learns the session, and loads no plugin of ours", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  const output = { env: {} };
  await plugin["shell.env"]({ sessionID: session }, output);
  expect(output.env).toEqual({ OPENCODE_CONFIG_CONTENT: "", HCOM_OPENCODE_SESSION: session });
});

test("what was moved for its program alone is moved for none of its commands", async () => {
  const plugin = await open();
  await say(plugin, "hello");
  process.env["HCOM_MOVED_DIRS"] = "XDG_CONFIG_HOME:XDG_DATA_HOME";
  const output = { env: {} };
  await plugin["shell.env"]({ sessionID: session }, output);
  delete process.env["HCOM_MOVED_DIRS"];
  expect(output.env).toMatchObject({ XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" });
});

test("without its program it does nothing", async () => {
  const plugin = await open("/nonexistent/hcom");
  expect(await say(plugin, "hello")).toEqual(["hello"]);
  const output = { output: "done" };
  await plugin["tool.execute.after"]({ sessionID: session, tool: "bash", callID: "c" }, output);
  expect(output.output).toBe("done");
  await plugin.dispose();
});
