// Who was called otherwise, has stopped, or lives elsewhere: found by what lasts, and brought back
// with what it had asked for.
import { describe, expect, test } from "bun:test";
import { stoppedByName, stoppedRefusal } from "../../src/bus/agents/stopped.ts";
import { append } from "../../src/bus/append.ts";
import { reserveFromSnapshot } from "../../src/bus/life/binding/bind.ts";
import { adopt } from "../../src/bus/life/hand-over/adopt.ts";
import { rename } from "../../src/bus/life/hand-over/rename.ts";
import { killProcess } from "../../src/bus/life/kill.ts";
import { findOrigin } from "../../src/bus/life/origin.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { recentStops, stopHistory } from "../../src/bus/life/stops.ts";
import { listed, subscribe } from "../../src/bus/watch/subscribe.ts";
import { processStart } from "../../src/sys/process.ts";
import { makeWorld, type World } from "./world.ts";

function called(world: World, from: string, to: string): void {
  rename(world.bus, world.row(from), to, "user");
}

function told(world: World, name: string): string {
  return stoppedRefusal(world.bus, name, "x")?.message ?? "nothing";
}

describe("a former name", () => {
  test("leads to the newest one of that agent, however often it changed", async () => {
    using world = await makeWorld();
    const old = world.join();
    const other = world.join();
    called(world, old, "second");
    called(world, "second", "third");
    // Another agent has the name in between now.
    called(world, other, "second");
    expect(told(world, old)).toBe(`${old} is called third now`);
  });

  test("of one that has stopped since says that, and as whom it comes back", async () => {
    using world = await makeWorld();
    const old = world.join();
    called(world, old, "second");
    stopInstance(world.bus, "second", { by: "user", reason: "killed" });
    expect(told(world, old)).toStartWith(`${old}, later second, has stopped, `);
    expect(stoppedRefusal(world.bus, old, "x")?.hint).toContain("hcom r second");
  });

  test("that was somebody else's in the end is that one's", async () => {
    using world = await makeWorld();
    const old = world.join();
    const other = world.join();
    called(world, old, "second");
    called(world, other, old);
    stopInstance(world.bus, old, { by: "user", reason: "killed" });
    expect(told(world, old)).toStartWith(`${old} has stopped, `);
  });
});

describe("a program that is adopted", () => {
  const orphan = { name: "kept", tool: "claude", processId: "p-9", session: undefined };

  test("is ended when it is the one that was found, before its wrapper has spoken", async () => {
    using world = await makeWorld();
    const child = Bun.spawn(["sleep", "60"], { detached: true });
    const found = { ...orphan, directory: "/", pid: child.pid };
    const row = adopt(world.bus, { ...found, pidStart: processStart(child.pid) ?? "" }, "user");
    expect(await killProcess(world.bus, row)).toBe("ended");
    await child.exited;
  });

  test("is left alone when its number is another's by then", async () => {
    using world = await makeWorld();
    const child = Bun.spawn(["sleep", "60"], { detached: true });
    const found = { ...orphan, directory: "/", pid: child.pid };
    const row = adopt(world.bus, { ...found, pidStart: "1" }, "user");
    expect(await killProcess(world.bus, row)).toBe("stranger");
    expect(child.exitCode).toBeNull();
    child.kill();
  });
});

describe("who has stopped", () => {
  test("is found by its session, too", async () => {
    using world = await makeWorld();
    const name = world.join();
    const session = world.row(name).session_id ?? "";
    stopInstance(world.bus, name, { by: "user", reason: "killed" });
    const { stops, total } = stopHistory(world.bus, { name: session, last: 20 });
    expect([stops.map((stop) => stop.name), total]).toEqual([[name], 1]);
  });

  test("on another device is called by its device, and resumed there", async () => {
    using world = await makeWorld();
    const snapshot = { name: "luna", tool: "claude", session_id: "s-far", directory: "/" };
    const data = { action: "stopped" as const, by: "user", reason: "killed" };
    const life = { ...data, snapshot: snapshot as never };
    append(world.bus, { type: "life", instance: "luna:BOXE", data: life });
    expect(recentStops(world.bus).map((stop) => stop.name)).toEqual(["luna:BOXE"]);
    const refusal = stoppedRefusal(world.bus, "luna:BOXE", "x");
    expect(refusal?.hint).toContain("on its own device, BOXE: hcom r luna");
    for (const word of ["luna:BOXE", "s-far"]) {
      await expect(findOrigin(world.bus, word)).rejects.toMatchObject({ code: "remote_agent" });
    }
  });

  test("has its subscriptions again when it comes back, from now on", async () => {
    using world = await makeWorld();
    const name = world.join();
    const caller = { name, kind: "instance" as const };
    const filters = { type: ["message"] };
    const { id } = subscribe(world.bus, { caller, filters, once: false });
    stopInstance(world.bus, name, { by: "user", reason: "killed" });
    const snapshot = stoppedByName(world.bus, name);
    expect(listed(world.bus, name).map((one) => one.id)).not.toContain(id);
    if (snapshot === undefined) throw new Error("it left no snapshot");
    reserveFromSnapshot(world.bus, snapshot);
    const again = listed(world.bus, name).find((one) => one.id === id);
    expect(again?.value).toMatchObject({ caller: name });
    expect(Number(again?.value["last_id"])).toBeGreaterThan(snapshot.last_event_id);
  });
});
