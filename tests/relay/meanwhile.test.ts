// What changed on a device while a message for it was on its way: its sender hears of it, and who
// has another name by now has its mail all the same.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { shareChannel } from "../../src/bus/channels/live/share.ts";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { rename } from "../../src/bus/life/hand-over/rename.ts";
import { send } from "../../src/bus/mail/send.ts";
import { mainSpace } from "../../src/core/channels/space.ts";
import { deliveriesOf } from "../../src/store/deliveries.ts";
import { deleteIncarnation, getInstance } from "../../src/store/instances.ts";
import { tempDir } from "../process/lab.ts";
import { exchange, hear, type Node, node, publish } from "./nodes.ts";

let dir: ReturnType<typeof tempDir>;
let anna: Node;
let boxe: Node;

beforeEach(() => {
  dir = tempDir();
  [anna, boxe] = [node(dir.path, 1), node(dir.path, 2)];
  anna.agent("kira");
  boxe.agent("luna");
  boxe.agent("mira");
  exchange(anna, boxe);
});

afterEach(() => {
  anna[Symbol.dispose]();
  boxe[Symbol.dispose]();
  dir[Symbol.dispose]();
});

const rowOf = ({ bus }: Node, name: string) => getInstance(bus.db, name)!;
const kira = () => ({ kind: "instance", name: "kira", row: rowOf(anna, "kira") }) as const;
const says = (targets: string[], text: string) =>
  send(anna.bus, { sender: kira(), targets, text }).id;
const lines = (id: number) =>
  deliveriesOf(anna.bus.db, id).map(({ recipient, state, reason }) => [recipient, state, reason]);
const mailOf = ({ bus }: Node, name: string) =>
  bus.db
    .all<{ text: string }>(
      `SELECT json_extract(data, '$.text') AS text FROM deliveries JOIN events ON id = message_id
     WHERE recipient = ? AND json_extract(data, '$.from') <> 'hcom' ORDER BY id`,
      name,
    )
    .map((row) => row.text);

test("one that left a channel, and one that is gone, are not waited for", () => {
  const { store } = liveForAgents(anna.bus, mainSpace);
  const { id } = store.createChannel({ name: "ops", type: "Group" });
  shareChannel(anna.bus, { space: mainSpace, channel: id });
  store.joinChannel(id, "kira");
  exchange(anna, boxe);
  const there = liveForAgents(boxe.bus, mainSpace).store;
  const [copy] = there.listChannels();
  for (const name of ["luna", "mira"]) there.joinChannel(copy!.id, name);
  exchange(anna, boxe);
  // Both are gone from the list here, and still in the channel.
  for (const name of ["luna:DEV2", "mira:DEV2"])
    anna.bus.db.write(() => deleteIncarnation(anna.bus.db, rowOf(anna, name)));
  there.leaveChannel(copy!.id, "luna");
  store.sendMessage({ channelId: id, sender: "kira", content: "who is there?" });
  const { id: post } = anna.bus.db.get<{ id: number }>(
    "SELECT max(id) AS id FROM events WHERE type = 'message'",
  )!;
  exchange(anna, boxe);
  expect(lines(post)).toEqual([
    ["luna:DEV2", "dead", expect.stringContaining("not in the channel any more")],
    ["mira:DEV2", "stored", null],
  ]);
});

test("a broadcast to one that was gone by then says so", () => {
  boxe.bus.db.write(() => deleteIncarnation(boxe.bus.db, rowOf(boxe, "luna")));
  const id = says([], "to all");
  exchange(anna, boxe);
  expect(lines(id)).toEqual([
    ["luna:DEV2", "dead", "no such agent there any more"],
    ["mira:DEV2", "stored", null],
  ]);
});

test("mail to a former name reaches who has another one now, and its ledger goes on", () => {
  const id = says(["luna:DEV2"], "on its way");
  rename(boxe.bus, rowOf(boxe, "luna"), "vela", "luna");
  exchange(anna, boxe);
  expect(mailOf(boxe, "vela")).toEqual(["on its way"]);
  boxe.bus.db.run("UPDATE deliveries SET state = 'handed', handed_at = 5 WHERE recipient = 'vela'");
  exchange(boxe, anna);
  expect(lines(id)).toEqual([["luna:DEV2", "handed", null]]);
});

test("who writes to a former name of another device hears the new one", () => {
  rename(boxe.bus, rowOf(boxe, "luna"), "vela", "luna");
  exchange(anna, boxe);
  expect(() => says(["luna:DEV2"], "hi")).toThrow("luna:DEV2 is called vela:DEV2 now");
  rename(boxe.bus, rowOf(boxe, "vela"), "orla", "vela");
  rename(boxe.bus, rowOf(boxe, "orla"), "nova", "orla");
  hear(anna, boxe, publish(boxe));
  expect(() => says(["luna:DEV2"], "hi")).toThrow("luna:DEV2 is called nova:DEV2 now");
});

test("who waits for an answer of it waits for the new name", () => {
  send(anna.bus, { sender: kira(), targets: ["luna:DEV2"], text: "well?", intent: "request" });
  rename(boxe.bus, rowOf(boxe, "luna"), "vela", "luna");
  exchange(anna, boxe);
  const watch = anna.bus.db.get<{ value: string }>(
    "SELECT value FROM kv WHERE key LIKE 'events_sub:reqwatch-%'",
  );
  expect(watch?.value).toContain('"target":"vela:DEV2"');
});
