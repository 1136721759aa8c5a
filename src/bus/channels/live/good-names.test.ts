// Names at the doors of the live store, and those that an imported document brought.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { CommStore } from "../../../core/channels/comm-store.ts";
import { realSystem } from "../../../sys/system.ts";
import { type Bus, openBus } from "../../bus.ts";
import { start } from "../../life/start.ts";
import { liveForAgents } from "../live-for-agents.ts";
import { openLiveStore } from "../live-store.ts";

let dir: string;
let bus: Bus;
let store: CommStore;
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/hcom-names-`);
  const env = { HOME: dir, HCOM_DIR: `${dir}/h` };
  bus = openBus({ ...realSystem(), env, home: dir, cwd: dir, log: () => {} });
  store = liveForAgents(bus, "main").store;
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(dir, { recursive: true, force: true });
});

const group = (name: string) => store.createChannel({ name, type: "Group" });

test("a channel has letters of one alphabet, and looks like no other channel", () => {
  const fine = ["ops", "équipe", "Ops", "öps", "배포", "ルナteam", "Луна"];
  for (const name of fine) group(name);
  for (const name of ["оps", "bigboss", "BIGBOSS", "hcom", "bіgboss"]) {
    expect(() => group(name)).toThrow(/mixes letters|would look like/);
  }
  expect(() => group("орѕ")).toThrow('channel "орѕ" would look like "ops"');
  expect(() => group("ｏｐｓ")).toThrow('is written "ops"');
});

test("a topic is held to the same rule, to publish as well as to subscribe", () => {
  store.publish({ topic: "build.linux", sender: "ci", content: "x" });
  for (const topic of ["build.lіnux", "ｂuild.linux"]) {
    expect(() => store.publish({ topic, sender: "ci", content: "x" })).toThrow();
    expect(() => store.subscribe(topic, "ci")).toThrow();
  }
  expect(store.subscribe("build.*", "ci").topic).toBe("build.*");
});

test("nobody speaks, joins, listens or acknowledges under a disguised name", () => {
  const luna = start(bus, { tool: "adhoc", as: "luna" }).row.name;
  const { id } = group("ops");
  const message = store.sendMessage({ channelId: id, sender: "ci bot", content: "x" });
  const acts: ((name: string) => unknown)[] = [
    (sender) => store.sendMessage({ channelId: id, sender, content: "x" }),
    (sender) => store.broadcast({ channelId: id, sender, content: "x" }),
    (sender) => store.publish({ topic: "t", sender, content: "x" }),
    (participant) => store.joinChannel(id, participant),
    (subscriber) => store.subscribe("t", subscriber),
    (who) => store.acknowledgeMessage(message.id, who),
  ];
  for (const act of acts) {
    for (const name of ["bіgboss", "BigBoss", "hcom", "lunа", "lu\u200bna", "ci\nbot"]) {
      expect(() => act(name)).toThrow(/would look like|mixes letters|may not have|is written/);
    }
    expect(() => act(luna)).not.toThrow(/name/);
  }
});

test("what a document brought keeps its names, and is used under them", () => {
  const imported = openLiveStore(bus, "main");
  const { id } = imported.createChannel({ name: "оps", type: "Group" });
  imported.joinChannel(id, "bіgboss");
  expect(store.getChannel(id)).toMatchObject({ name: "оps", participants: ["bіgboss"] });
  expect(store.sendMessage({ channelId: id, sender: "ci", content: "x" }).channel_id).toBe(id);
  store.leaveChannel(id, "bіgboss");
});
