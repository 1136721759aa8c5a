// What counts as "in its context", what is offered again, and what its sender is told.

import { describe, expect, test } from "bun:test";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { collect } from "../../src/bus/mail/collect.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { proveInContext, reachedIds } from "../../src/bus/mail/prove.ts";
import { tellHeld } from "../../src/bus/mail/tell-held.ts";
import { hooksSilent, recordPush, recordPushFailure } from "../../src/bus/mail/waking/push.ts";
import { messageOf } from "../../src/core/mail/message-of.ts";
import { getEvent } from "../../src/store/events.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { leaveOffer, renewOffer } from "../../src/store/lapsed.ts";
import { tools } from "../../src/tools/index.ts";
import { makeWorld } from "./world.ts";

const claude = await tools.claude();

const frame = "<hcom>[new message #7] bigboss → luna: hello</hcom>";
const attachment = { type: "hook_additional_context", content: [frame], hookEvent: "Stop" };
const delivered = { type: "attachment", attachment };
const answer = (id: string, more: object = {}) => ({
  type: "assistant",
  message: { id, role: "assistant", model: "claude-opus-5-5", content: [], ...more },
});
const error = { model: "<synthetic>", content: [{ type: "text", text: "API Error: 529" }] };
const summary = { type: "system", subtype: "informational", content: "overriding" };

const nothing = { reached: [], answered: [] };

/** Claude Code 2.1.332: what our module has put into a turn. */
const noted = (key: string) => ({
  type: "attachment",
  attachment: { type: "plugin_note", plugin: "hcom", content: [], [key]: [frame] },
});

const transcripts: [what: string, lines: object[], answered: number[]][] = [
  ["nothing behind it", [answer("msg_1"), delivered], []],
  ["the turn was ended over it", [answer("msg_1"), delivered, summary], []],
  ["the request failed", [delivered, answer("x", error)], []],
  ["the answer had begun before it", [answer("msg_1"), delivered, answer("msg_1")], []],
  ["a stopped turn holds a row of our module", [answer("msg_1"), noted("heldContent")], []],
  ["a request has carried a row of our module", [noted("content"), answer("msg_2")], [7]],
  ["the model has spoken since", [answer("msg_1"), delivered, answer("msg_2")], [7]],
];

describe("a message that stands in the transcript of Claude", () => {
  for (const [what, lines, answered] of transcripts) {
    test(`${what}: ${answered.length === 0 ? "no proof" : "proof"}`, () => {
      const text = lines.map((line) => JSON.stringify(line)).join("\n");
      const wanted = { tool: claude, name: "luna", ids: [7] };
      expect(reachedIds(wanted, text)).toEqual({ reached: [7], answered, dropped: [] });
    });
  }
});

describe("a prompt of Claude that is taken back before the first output", () => {
  const prompt = (content: unknown, parentUuid: string) => ({
    ...{ type: "user", parentUuid, message: { role: "user", content } },
  });
  const result = [{ type: "tool_result", tool_use_id: "t", content: "done" }];
  const first = [answer("msg_1"), prompt("do it", "p"), delivered];
  const cases: [what: string, lines: object[], found: object][] = [
    ["holds it as long as nothing took its place", [], { reached: [7], dropped: [] }],
    ["drops it when the next one stands there", [prompt("no", "p")], { dropped: [7] }],
    ["gives no proof of it", [prompt("no", "p"), answer("msg_2")], { answered: [] }],
    ["holds it where an action's result stands", [prompt(result, "p")], { dropped: [] }],
    ["holds it when the next one stands behind", [prompt("go on", "q")], { dropped: [] }],
    ["has it again when that came with it", [prompt("no", "p"), delivered], { reached: [7] }],
    ["kept it when the model had spoken", [answer("msg_2"), prompt("no", "p")], { answered: [7] }],
  ];
  for (const [what, lines, found] of cases) {
    test(what, () => {
      const text = [...first, ...lines].map((line) => JSON.stringify(line)).join("\n");
      const wanted = { tool: claude, name: "luna", ids: [7] };
      expect(reachedIds(wanted, text)).toMatchObject(found);
    });
  }

  test("gives its mail back to its reader", async () => {
    using world = await makeWorld();
    const name = world.join();
    const { id } = world.say("bigboss", "hello", { targets: [name] });
    collect(world.bus, name, { via: "hook", limit: 10_000, reached: () => nothing })?.commit();
    updateInstance(world.bus.db, name, { transcript_path: "/t.jsonl" });
    const context = {
      ...attachment,
      content: [frame.replace("#7", `#${id}`).replace("luna", name)],
    };
    const lines = [prompt("do it", "p"), { type: "attachment", attachment: context }];
    const text = [...lines, prompt("no", "p")].map((line) => JSON.stringify(line)).join("\n");
    expect(pendingMail(world.bus, name).ids).toEqual([]);
    expect(proveInContext(world.bus, name, claude, () => ({ text, next: text.length }))).toBe(0);
    expect(pendingMail(world.bus, name).ids).toEqual([id]);
  });
});

test("mail that is handed over beside an open question leaves the question open", async () => {
  using world = await makeWorld();
  const name = world.join();
  world.say("bigboss", "hello", { targets: [name] });
  setStatus(world.bus, name, { status: "blocked", context: "approval", writer: "test" });
  const mailbox = { limit: 10_000, reached: () => ({ reached: [], answered: [] }) };
  collect(world.bus, name, { via: "mod", isBeside: true, ...mailbox })?.commit();
  expect(pendingMail(world.bus, name).ids).toEqual([]);
  expect(world.row(name).status).toBe("blocked");
});

test("Codex proves a message by what the model does behind it", async () => {
  const codex = await tools.codex();
  const item = (payload: object) => JSON.stringify({ type: "response_item", payload });
  const content = [{ type: "input_text", text: frame }];
  const context = item({ type: "message", role: "developer", content });
  const wanted = { tool: codex, name: "luna", ids: [7] };
  expect(reachedIds(wanted, context)).toEqual({ reached: [7], answered: [], dropped: [] });
  for (const acted of [
    { type: "function_call", name: "exec_command", arguments: "{}" },
    { type: "message", role: "assistant", content: [] },
    { type: "reasoning", summary: [] },
  ]) {
    expect(reachedIds(wanted, `${context}\n${item(acted)}`).answered).toEqual([7]);
  }
});

test("what waits in the conversation for a turn is neither proved nor repeated", async () => {
  using world = await makeWorld();
  const name = world.join();
  // The reader has proved itself on this agent.
  const first = world.say("bigboss", "first", { targets: [name] });
  world.turn(name);
  world.prove(name);
  expect(world.states(first.id)).toEqual({ [name]: "in_context" });
  const { id } = world.say("bigboss", "second", { targets: [name] });
  world.turn(name, { isUnanswered: true });
  world.prove(name);
  world.pass(60);
  expect(world.lapse(name)).toEqual([]);
  expect(world.states(id)).toEqual({ [name]: "handed" });
  world.answers(name);
  world.prove(name);
  expect(world.states(id)).toEqual({ [name]: "in_context" });
});

test("what its own listen printed is not repeated while the result may still come", async () => {
  using world = await makeWorld();
  const name = world.join();
  world.say("bigboss", "first", { targets: [name] });
  world.turn(name);
  world.prove(name);
  const { id } = world.say("bigboss", "second", { targets: [name] });
  const nothing = { reached: [], answered: [] };
  const mailbox = { limit: 10_000, reached: () => nothing };
  collect(world.bus, name, { via: "listen", ...mailbox })?.commit();
  world.pass(60);
  expect(world.lapse(name)).toEqual([]);
  world.pass(600);
  expect(world.lapse(name)).toEqual([id]);
});

test("mail that somebody may have handed over is looked for before it is given again", async () => {
  using world = await makeWorld();
  const name = world.join();
  const { id } = world.say("bigboss", "twice?", { targets: [name] });
  let looks = 0;
  const reached = (ids: readonly number[]) => {
    looks++;
    return { reached: [...ids], answered: [] };
  };
  const box = { limit: 10_000, reached };
  const offer = collect(world.bus, name, { via: "mod", ...box });
  expect([looks, collect(world.bus, name, { via: "hook:post", ...box })]).toEqual([0, undefined]);
  world.pass(29);
  const held = { principal: offer?.principal ?? "", claim: offer?.claim ?? "" };
  renewOffer(world.bus.db, { ...held, now: world.bus.system.now() / 1000 });
  world.pass(29);
  // Still claimed: nobody else has it, and nobody looks.
  expect([looks, collect(world.bus, name, { via: "hook:post", ...box })]).toEqual([0, undefined]);
  leaveOffer(world.bus.db, { ...held, reason: "mod: no answer" });
  expect(pendingMail(world.bus, name)).toEqual({ ids: [id], inFlight: false });
  // A rung that wakes it in between makes nobody forget.
  recordPush(world.bus, name, [id], "inbox");
  expect([collect(world.bus, name, { via: "hook:post", ...box }), looks]).toEqual([undefined, 1]);
  expect(world.states(id)).toEqual({ [name]: "handed" });
});

test("a sender hears once that the hooks of its recipient do not run", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "are you there?", { targets: [nova] });
  for (let n = 0; n < 2; n++) {
    recordPush(world.bus, nova, [id], "inbox");
    recordPushFailure(world.bus, nova, [id], "inbox", hooksSilent);
  }
  const { ids } = pendingMail(world.bus, luna);
  expect(ids).toHaveLength(1);
  const row = getEvent(world.bus.db, ids[0] ?? 0);
  const notice = row === undefined ? undefined : messageOf(row);
  expect(notice?.data.from).toBe("hcom");
  expect(notice?.data.text).toContain(`your message #${id} to ${nova}`);
  expect(notice?.data.text).toContain(hooksSilent);
  expect(pendingMail(world.bus, nova).ids).toEqual([id]);
});

test("a sender hears once what its message waits for at its reader's person", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "may I?", { targets: [nova] });
  tellHeld(world.bus, nova, [id]);
  expect(pendingMail(world.bus, luna).ids).toEqual([]);
  setStatus(world.bus, nova, { status: "blocked", context: "approval", detail: "rm -r build" });
  tellHeld(world.bus, nova, [id]);
  tellHeld(world.bus, nova, [id]);
  const { ids } = pendingMail(world.bus, luna);
  expect(ids).toHaveLength(1);
  const row = getEvent(world.bus.db, ids[0] ?? 0);
  expect(row?.data).toContain("asks its person: rm -r build");
});
