// What was said in a shared channel before a device was there, without a network.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { shareChannel } from "../../src/bus/channels/live/share.ts";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { unreadOf } from "../../src/bus/channels/live-members.ts";
import { mainSpace } from "../../src/core/channels/space.ts";
import { asNumber } from "../../src/core/json.ts";
import { bringHistory, historyFor, historyPage } from "../../src/relay/channel-history.ts";
import { listShared } from "../../src/store/relay/channels.ts";
import { tempDir } from "../process/lab.ts";
import { exchange, type Node, node } from "./nodes.ts";

let dir: ReturnType<typeof tempDir>;
let anna: Node;
let boxe: Node;
let cora: Node;

beforeEach(() => {
  dir = tempDir();
  [anna, boxe, cora] = [1, 2, 3].map((nth) => node(dir.path, nth)) as [Node, Node, Node];
  anna.agent("kira");
  boxe.agent("luna");
  cora.agent("mira");
  const { store } = liveForAgents(anna.bus, mainSpace);
  const { id } = store.createChannel({ name: "ops", type: "Group" });
  shareChannel(anna.bus, { space: mainSpace, channel: id });
  store.joinChannel(id, "kira");
  exchange(anna, boxe);
  join(boxe, "luna");
  exchange(anna, boxe);
});

afterEach(() => {
  for (const one of [anna, boxe, cora]) one[Symbol.dispose]();
  dir[Symbol.dispose]();
});

const storeOf = ({ bus }: Node) => liveForAgents(bus, mainSpace).store;
const join = (one: Node, name: string) => storeOf(one).joinChannel(1, name);
const say = (one: Node, sender: string, content: string) =>
  storeOf(one).sendMessage({ channelId: 1, sender, content });
const said = (one: Node) =>
  storeOf(one)
    .queryHistory(1)
    .map(({ sender, content }) => `${sender} ${content}`);

/** As a device does that comes into the group now: events from before are not for it. */
function comesLate(): void {
  exchange(anna, boxe);
  for (const one of [anna, boxe]) {
    const newest = one.bus.db.get<{ id: number }>("SELECT max(id) AS id FROM events")!.id;
    one.bus.db.run("UPDATE kv SET value = ? WHERE key = 'relay_floor'", String(newest));
  }
  exchange(anna, boxe, cora);
}

/** `from` answers, with so many bytes at most. */
async function bring(to: Node, from: Node, wanted = historyPage, budget = 60_000) {
  let asked = 0;
  const ask = async (_action: string, params: object) => {
    asked++;
    const size = asNumber((params as { max_bytes: unknown }).max_bytes) ?? budget;
    const given = { ...params } as Record<string, unknown>;
    return historyFor(from.bus, from.self, given, Math.min(size, budget));
  };
  const [row] = listShared(to.bus.db);
  return { ...(await bringHistory(to.bus, to.self, row!, { ask, wanted })), asked };
}

test("who joins late has what was said on all devices, in order and read", async () => {
  say(anna, "kira", "one");
  exchange(anna, boxe);
  say(boxe, "luna", "two");
  exchange(anna, boxe);
  say(anna, "kira", "three");
  comesLate();
  expect(said(cora)).toEqual([]);
  join(cora, "mira");
  expect(await bring(cora, anna)).toMatchObject({ count: 3, isAll: true });
  expect(said(cora)).toEqual(["kira:DEV1 one", "luna:DEV2 two", "kira:DEV1 three"]);
  const seat = { space: mainSpace, channelId: 1, participant: "mira" };
  expect(unreadOf(cora.bus, seat, 10).total).toBe(0);
  // Asked a second time, and of another device: nothing comes twice.
  expect(await bring(cora, anna)).toMatchObject({ count: 0 });
  expect(await bring(cora, boxe)).toMatchObject({ count: 0 });
  expect(said(cora)).toHaveLength(3);
  // What is said from now on is mail as always.
  exchange(anna, boxe, cora);
  say(anna, "kira", "four");
  exchange(anna, boxe, cora);
  expect(said(cora).at(-1)).toBe("kira:DEV1 four");
  expect(unreadOf(cora.bus, seat, 10).total).toBe(1);
  expect(await bring(cora, anna)).toMatchObject({ count: 0 });
});

test("one that is still on its way as a message is left to that", async () => {
  say(anna, "kira", "before");
  comesLate();
  join(cora, "mira");
  exchange(anna, boxe, cora);
  say(anna, "kira", "on its way");
  await bring(cora, anna);
  expect(said(cora)).toEqual(["kira:DEV1 before"]);
  exchange(anna, cora);
  expect(said(cora)).toEqual(["kira:DEV1 before", "kira:DEV1 on its way"]);
});

test("200 come at first, the next on demand, in pages that fit a small broker", async () => {
  for (let n = 0; n < 450; n++) say(anna, "kira", `line ${n} ${"x".repeat(n % 7)}`);
  comesLate();
  join(cora, "mira");
  const first = await bring(cora, anna, historyPage, 4000);
  expect(first).toMatchObject({ count: 200, isAll: false });
  expect(first.asked).toBeGreaterThan(5);
  expect(said(cora)[0]).toContain("line 250 ");
  expect(await bring(cora, anna)).toMatchObject({ count: 200 });
  expect(await bring(cora, anna)).toMatchObject({ count: 50, isAll: true });
  const texts = said(cora).map((line) => /line (\d+)/.exec(line)?.[1]);
  expect(texts).toEqual(Array.from({ length: 450 }, (_, n) => String(n)));
});

test("a text that does not fit through is cut and says so", async () => {
  say(anna, "kira", "y".repeat(50_000));
  comesLate();
  join(cora, "mira");
  await bring(cora, anna, historyPage, 4000);
  expect(said(cora)[0]).toMatch(/^kira:DEV1 y+ \[cut: it was too long for the history\]$/);
});

test("an answer of another form brings nothing", async () => {
  comesLate();
  join(cora, "mira");
  const [row] = listShared(cora.bus.db);
  const posts = [
    { from: "", text: "x", ts: "2026-01-01T00:00:00Z" },
    { from: "kira", text: 5, ts: "2026-01-01T00:00:00Z" },
    { from: "kira", text: "x", ts: "never" },
    "nothing",
  ];
  const ask = async () => ({ posts, isAll: true });
  const brought = await bringHistory(cora.bus, cora.self, row!, { ask, wanted: 200 });
  expect(brought).toEqual({ count: 0, isAll: true });
});
