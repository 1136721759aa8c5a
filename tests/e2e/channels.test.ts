// Channels between real agents: one speaks through our MCP server, and those who have joined, by
// command or by MCP, find it in their context without asking for it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { asList, asObject, asText, type JsonObject, parseJson } from "../../src/core/json.ts";
import type { ModelRequest } from "../kit/model-server.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorVersion } from "../kit/vendor-versions.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

const versions: VendorVersion[] = ["newest", "pin"];

/** By which ways they may be woken; see conversation.test.ts. */
const idleRungs = {
  newest: { claude: ["mod", "inbox"], codex: ["queue", "typing"] },
  pin: { claude: ["bell"], codex: ["typing"] },
};

const launchMs = 120_000;

for (const version of versions) {
  const isThere = findVendor("claude", version) !== null && findVendor("codex", version) !== null;
  describe.skipIf(!isThere)(`Claude and Codex in channels, ${version}`, () => {
    let lab: Lab;
    let claude: Agent;
    /** A Codex that knows hcom by its command alone. */
    let shell: Agent;
    /** A Codex that has our server among its tools. */
    let tools: Agent;

    beforeAll(async () => {
      lab = openLab();
      const args = ["--allowedTools", "mcp__hcom"];
      claude = await lab.launch("claude", version, { args, withMcp: true });
      shell = await lab.launch("codex", version);
      tools = await lab.launch("codex", version, { withMcp: true });
    }, launchMs);
    afterAll(() => lab[Symbol.dispose]());

    test("what Claude posts over MCP reaches an idle Codex in one turn, and only it", async () => {
      const channel = createChannel(lab, "ops");
      await joinByCommand(lab, shell, "ops");
      const before = lab.model.requests.length;
      const posted = await post(lab, claude, channel, "idle-news");
      expect(posted).toMatchObject({ channel_id: channel, sender: claude.name });
      await arrives(lab, shell, "idle-news");
      const id = eventOf(lab, "idle-news");
      expect(idleRungs[version].codex).toContain(await lab.proved(id));
      expect(deliveriesOf(lab, id)).toMatchObject([{ recipient: shell.name, state: "in_context" }]);
      await lab.idle(shell);
      expect(requestsOf(lab, shell, before)).toHaveLength(1);
      const frame = `[channel:ops #${id}] ${claude.name} → ${shell.name}: idle-news`;
      expect(framesOf(lab, shell, "ops")).toEqual([frame]);
      await ask(lab, claude, "[[SAY nothing]] is there any echo");
      expect(framesOf(lab, claude, "ops")).toEqual([]);
    });

    test("a busy Codex gets a post in the next request of the same turn", async () => {
      const channel = createChannel(lab, "busy");
      await joinByCommand(lab, shell, "busy");
      const gate = `${shell.cwd}/gate`;
      const wait = `until [ -e ${gate} ]; do sleep 0.1; done; echo gate-open`;
      await lab.prompt(shell, `[[RUN ${wait}]] [[SAY end]] work`);
      await until(() => shell.status() === "active", { timeoutMs: 20_000, what: "busy" });
      await post(lab, claude, channel, "busy-news");
      Bun.spawnSync(["touch", gate]);
      const request = await arrives(lab, shell, "busy-news");
      expect(request.latest).toContain("gate-open");
      const id = eventOf(lab, "busy-news");
      expect(await lab.proved(id)).toStartWith("hook:");
      const frame = `[channel:busy #${id}] ${claude.name} → ${shell.name}: busy-news`;
      await lab.idle(shell);
      expect(framesOf(lab, shell, "busy")).toEqual([frame]);
    });

    test("agents join, post and answer over MCP alone, each under its own name", async () => {
      const channel = createChannel(lab, "pair");
      const seat = { channel_id: channel };
      for (const agent of [tools, claude]) {
        const joined = await callTool(lab, agent, "join_channel", seat);
        expect(joined).toMatchObject({ participant: agent.name, status: "joined" });
      }
      await post(lab, claude, channel, "the-question");
      await arrives(lab, tools, "the-question");
      const question = eventOf(lab, "the-question");
      expect(idleRungs[version].codex).toContain(await lab.proved(question));
      await lab.idle(tools);
      const answered = await post(lab, tools, channel, "the-answer");
      expect(answered).toMatchObject({ sender: tools.name });
      await arrives(lab, claude, "the-answer");
      const answer = eventOf(lab, "the-answer");
      expect(idleRungs[version].claude).toContain(await lab.proved(answer));
      await lab.idle(claude);
      const asked = `[channel:pair #${question}] ${claude.name} → ${tools.name}: the-question`;
      const told = `[channel:pair #${answer}] ${tools.name} → ${claude.name}: the-answer`;
      expect(framesOf(lab, tools, "pair")).toEqual([asked]);
      expect(framesOf(lab, claude, "pair")).toEqual([told]);
    });

    test("what a subagent of Claude posts over MCP is its own, not its root's", async () => {
      const words = JSON.stringify({
        channel_id: createChannel(lab, "below"),
        content: "from-below",
      });
      const prompt = `((TOOL mcp__hcom__send_message ${words})) ((SAY below-done)) go`;
      const input = { description: "d", prompt, subagent_type: "general-purpose" };
      await ask(lab, claude, `[[TOOL Agent ${JSON.stringify(input)}]] [[SAY end]] delegate`);
      const id = await until(() => lab.hcom("events", "--last", "50").out.includes("from-below"), {
        timeoutMs: 30_000,
        what: "the subagent's post",
        dump: lab.dump,
      }).then(() => eventOf(lab, "from-below"));
      const { data } = JSON.parse(lab.hcom("events", "--sql", `id = ${id}`).out);
      expect(data.from).toBe(`${claude.name}_general_purpose_1`);
    });

    test("a broadcast over MCP reaches each member exactly once", async () => {
      const channel = createChannel(lab, "all");
      await joinByCommand(lab, shell, "all");
      await callTool(lab, tools, "join_channel", { channel_id: channel });
      const words = { channel_id: channel, content: "to-everybody" };
      const sent = await callTool(lab, claude, "broadcast", words);
      expect(sent).toMatchObject({ delivered_count: 2 });
      for (const agent of [shell, tools]) await arrives(lab, agent, "to-everybody");
      const id = eventOf(lab, "to-everybody");
      await proved(lab, id, [shell, tools]);
      expect(deliveriesOf(lab, id)).toHaveLength(2);
      for (const agent of [shell, tools]) {
        await lab.idle(agent);
        const to = `${agent.name} (+1 other)`;
        const frame = `[channel:all #${id}] ${claude.name} → ${to}: to-everybody`;
        expect(framesOf(lab, agent, "all")).toEqual([frame]);
      }
    });

    test("who wants a digest is not woken and is told with its next prompt", async () => {
      const channel = createChannel(lab, "chatter");
      await joinByCommand(lab, shell, "chatter --wake digest");
      await callTool(lab, tools, "join_channel", { channel_id: channel });
      const before = lab.model.requests.length;
      await post(lab, claude, channel, "chatter-news");
      await arrives(lab, tools, "chatter-news");
      const id = eventOf(lab, "chatter-news");
      await proved(lab, id, [tools]);
      // A push stands in the ledger before it is made.
      expect(deliveryAt(lab, id, shell)).toMatchObject({ state: "stored", attempts: 0 });
      expect(requestsOf(lab, shell, before)).toEqual([]);
      const heard = await ask(lab, shell, "[[SAY hm]] what is new");
      const line = `chatter: 1 new from ${claude.name} - hcom channel read chatter`;
      expect(heard.latest).toContain(`<hcom>[channel digest] ${line}</hcom>`);
      expect(framesOf(lab, shell, "chatter")).toEqual([]);
      expect(deliveryAt(lab, id, shell)).toMatchObject({ state: "handed", via: "digest" });
    });
  });
}

function createChannel(lab: Lab, name: string): number {
  const made = lab.hcom("channel", "create", name, "--json");
  const id = asObject(parseJson(made.out))["id"];
  if (typeof id !== "number") throw new Error(`not created: ${made.out}${made.err}`);
  return id;
}

async function joinByCommand(lab: Lab, agent: Agent, words: string): Promise<void> {
  const answer = await runStep(lab, agent, `[[RUN hcom channel join ${words}]]`);
  expect(answer).toContain(`${agent.name} joined ${words.split(" ")[0]} (`);
}

function post(lab: Lab, agent: Agent, channel: number, content: string): Promise<JsonObject> {
  return callTool(lab, agent, "send_message", { channel_id: channel, content });
}

/** Has the agent's model call a tool of our server; returns what the tool answered. */
async function callTool(
  lab: Lab,
  agent: Agent,
  tool: string,
  input: JsonObject,
): Promise<JsonObject> {
  const isClaude = lab.hcom("list", agent.name, "tool").out.trim() === "claude";
  const name = isClaude ? `mcp__hcom__${tool}` : tool;
  const answer = await runStep(lab, agent, `[[TOOL ${name} ${JSON.stringify(input)}]]`);
  // Codex (0.169) puts a line about the duration in front.
  const value = parseJson(/\{[\s\S]*\}/.exec(answer)?.[0] ?? "");
  if (value === undefined) throw new Error(`${tool} answered ${answer}`);
  return asObject(value);
}

/** A prompt with one step, done to its end; returns what the step gave. */
async function runStep(lab: Lab, agent: Agent, step: string): Promise<string> {
  const before = lab.model.requests.length;
  await lab.prompt(agent, `${step} [[SAY done]] please`);
  const next = await until(() => requestsOf(lab, agent, before)[1], {
    timeoutMs: 30_000,
    what: `${agent.name} to do ${step}`,
    dump: lab.dump,
  });
  await lab.idle(agent);
  return next.latest;
}

/** A prompt that is answered at once. */
async function ask(lab: Lab, agent: Agent, text: string): Promise<ModelRequest> {
  const before = lab.model.requests.length;
  await lab.prompt(agent, text);
  const request = await lab.model.waitFor((one) => one.n > before && isOf(one, agent));
  await lab.idle(agent);
  return request;
}

/** The first request in which the agent's model can read the text. */
function arrives(lab: Lab, agent: Agent, text: string): Promise<ModelRequest> {
  const what = `${agent.name} to have ${text}`;
  return lab.model.waitFor((one) => isOf(one, agent) && one.latest.includes(text), 45_000, what);
}

/** The number that stands in the frame of what was said in a channel. */
function eventOf(lab: Lab, text: string): number {
  const lines = lab.hcom("events", "--type", "message", "--full").out.trim().split("\n");
  const events = lines.map((line) => asObject(parseJson(line)));
  const found = events.filter((one) => asText(asObject(one["data"])["text"]) === text);
  expect(found).toHaveLength(1);
  return Number(found[0]?.["id"]);
}

function deliveriesOf(lab: Lab, id: number): JsonObject[] {
  const traced = asObject(parseJson(lab.hcom("why", String(id), "--json").out));
  return asList(traced["deliveries"]).map(asObject);
}

function deliveryAt(lab: Lab, id: number, agent: Agent): JsonObject {
  return deliveriesOf(lab, id).find((one) => one["recipient"] === agent.name) ?? {};
}

async function proved(lab: Lab, id: number, agents: Agent[]): Promise<void> {
  const isProved = (agent: Agent) => deliveryAt(lab, id, agent)["state"] === "in_context";
  await until(() => agents.every(isProved), {
    timeoutMs: 30_000,
    what: `#${id} to be in the context of ${agents.map((agent) => agent.name).join(", ")}`,
    dump: lab.dump,
  });
}

function requestsOf(lab: Lab, agent: Agent, after = 0): ModelRequest[] {
  return lab.model.requests.filter((one) => one.n > after && isOf(one, agent));
}

/** What was said in a channel, as often as the agent's model can read it by now. */
function framesOf(lab: Lab, agent: Agent, channel: string): string[] {
  const text = requestsOf(lab, agent).at(-1)?.text ?? "";
  return text.match(new RegExp(String.raw`\[channel:${channel} #\d+\][^<\n]*`, "g")) ?? [];
}

const sessions = new Map<Agent, string>();

/** Looked up once: agents keep their conversation. */
function isOf(request: ModelRequest, agent: Agent): boolean {
  const session = sessions.get(agent) ?? agent.session();
  if (session !== undefined) sessions.set(agent, session);
  return !request.isSide && request.session === session;
}
