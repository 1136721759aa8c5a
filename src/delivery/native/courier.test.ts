// Who hands over one batch of mail: exactly one of the carrier, the hooks and the rungs.
import { expect, test } from "bun:test";
import type { Offer } from "../../bus/mail/collect.ts";
import type { PendingMail } from "../../bus/mail/pending.ts";
import type { Letter } from "./carrier.ts";
import { openCourier } from "./courier.ts";

const none: PendingMail = { ids: [], inFlight: false };
const mail: PendingMail = { ids: [7], inFlight: false };

function scene() {
  const world = {
    now: 0,
    isServing: true,
    isReached: false,
    /** The log does not take it. */
    isLocked: false,
    below: [] as { name: string; agentId: string; mail: PendingMail }[],
    given: [] as Letter[],
    done: [] as string[],
  };
  const offer = {
    messages: [{ id: 7 }],
    text: "<hcom>words</hcom>",
    sender: "nova",
    commit() {
      if (world.isLocked) throw new Error("locked");
      world.done.push("committed");
    },
    principal: "p-luna",
  };
  const courier = openCourier({
    carrier: {
      via: "mod",
      isServing: () => world.isServing,
      give: (letter) => void world.given.push(letter),
      forget: (id) => void world.done.push(`forget ${id}`),
      [Symbol.dispose]() {},
    },
    book: {
      below: () => world.below,
      collect: () => offer as unknown as Offer,
      renew: () => void world.done.push("renewed"),
      abandon: (_offer, reason) => void world.done.push(`left, ${reason}`),
      notTaken: (_name, _ids, via, reason) => void world.done.push(`${via}: ${reason}`),
      takeBack: (_name, ids, reason) => void world.done.push(`back ${ids} ${reason}`),
      isReached: () => world.isReached,
    },
    system: { monotonic: () => world.now },
  });
  const step = (what = mail, isHeld = false) => courier.step("luna", what, isHeld);
  return { world, courier, step };
}

test("a letter is receipted when it has been handed over, and not before", () => {
  const { world, courier, step } = scene();
  expect(step()).toBe(true);
  expect(world.given).toMatchObject([{ text: "<hcom>words</hcom>", title: "message from nova" }]);
  step({ ...mail, inFlight: true });
  expect(world.done).toEqual([]);
  courier.hear({ kind: "handed", id: world.given[0]?.id ?? 0 });
  step(none);
  expect(world.done).toEqual(["committed"]);
  expect(world.given).toHaveLength(1);
});

test("while its person is asked something mail waits, and what is under way is settled", () => {
  const { world, courier, step } = scene();
  expect(step(mail, true)).toBe(false);
  expect(world.given).toEqual([]);
  expect(step()).toBe(true);
  courier.hear({ kind: "handed", id: world.given[0]?.id ?? 0 });
  expect(step(mail, true)).toBe(false);
  expect(world.done).toEqual(["committed"]);
  expect(world.given).toHaveLength(1);
});

test("a log that refuses the receipt gets it with the next look", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "handed", id: 1 });
  world.isLocked = true;
  expect(() => step(none)).toThrow("locked");
  world.isLocked = false;
  step(none);
  step(none);
  expect(world.done).toEqual(["committed"]);
});

test("what is dropped is the rungs' until a turn begins", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "dropped", id: 1, reason: "its person has stopped it" });
  expect(step()).toBe(false);
  expect(world.done).toEqual(["mod: its person has stopped it"]);
  courier.hear({ kind: "busy" });
  expect(step()).toBe(true);
  expect(world.given).toHaveLength(2);
});

test("what is dropped right behind being called handed over is not receipted", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "handed", id: 1 });
  courier.hear({ kind: "dropped", id: 1, reason: "stopped" });
  step(none);
  expect(world.done).toEqual(["mod: stopped"]);
});

test("what is dropped after it was called handed over is offered again", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "handed", id: 1 });
  step(none);
  courier.hear({ kind: "dropped", id: 1, reason: "stopped" });
  expect(step(none)).toBe(false);
  expect(world.done).toEqual(["committed", "back 7 mod: stopped"]);
});

test("a carrier that is gone leaves the mail to others, when it surely has none of it", () => {
  const { world, courier, step } = scene();
  step();
  world.isServing = false;
  world.now = 5000;
  expect(step()).toBe(true);
  world.now = 6001;
  expect(step()).toBe(false);
  expect(world.done).toEqual(["forget 1", "left, mod: no answer"]);
  world.isServing = true;
  expect(step()).toBe(false);
  courier.hear({ kind: "ready", isAnew: true });
  expect(step()).toBe(true);
  expect(world.given).toHaveLength(2);
});

test("a letter that waits for its turn stays claimed, and is receipted when it begins", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "queued", id: 1 });
  for (world.now = 4000; world.now < 600_000; world.now += 4000) step({ ...mail, inFlight: true });
  expect(new Set(world.done)).toEqual(new Set(["renewed"]));
  expect(world.done.length).toBeGreaterThan(600_000 / 30_000);
  expect(world.given).toHaveLength(1);
  courier.hear({ kind: "handed", id: 1 });
  step(none);
  expect(world.done.at(-1)).toBe("committed");
});

test("what was given up and is called handed over later gets its receipt, once", () => {
  const { world, courier, step } = scene();
  step();
  Object.assign(world, { isServing: false, now: 6001 });
  step();
  courier.hear({ kind: "handed", id: 1 });
  courier.hear({ kind: "handed", id: 1 });
  step(none);
  expect(world.done).toEqual(["forget 1", "left, mod: no answer", "committed"]);
});

test("a second word for what has its receipt changes nothing", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "handed", id: 1 });
  step(none);
  courier.hear({ kind: "handed", id: 1 });
  step(none);
  expect(world.done).toEqual(["committed"]);
});

test("a module that was loaded anew gets no letter of the one before", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "ready", isAnew: true });
  expect(step({ ...mail, inFlight: true })).toBe(true);
  expect(world.given).toHaveLength(1);
  Object.assign(world, { now: 6001, isReached: true });
  step(none);
  expect(world.done).toEqual(["forget 1", "committed"]);
  expect(world.given).toHaveLength(1);
});

test("one that says hello a second time keeps what it has", () => {
  const { world, courier, step } = scene();
  step();
  courier.hear({ kind: "ready", isAnew: false });
  world.now = 6001;
  step({ ...mail, inFlight: true });
  expect(world.done).toEqual([]);
});

test("a letter without an answer stops the carrier for half a minute, and no longer", () => {
  const { world, step } = scene();
  step();
  world.now = 25_000;
  expect(step()).toBe(false);
  world.now = 54_999;
  expect(step()).toBe(false);
  world.now = 55_000;
  expect(step()).toBe(true);
  expect(world.given).toHaveLength(2);
});

test("what stands in the conversation was taken, though nobody said so", () => {
  const { world, step } = scene();
  step();
  Object.assign(world, { isServing: false, isReached: true, now: 6001 });
  step(none);
  expect(world.done).toEqual(["forget 1", "committed"]);
});

test("mail that a hook is handing over is not collected", () => {
  const { world, step } = scene();
  expect(step({ ...mail, inFlight: true })).toBe(true);
  expect(world.given).toEqual([]);
});

test("a subagent's mail goes to it alone, and one that has ended stops nobody else's", () => {
  const { world, courier, step } = scene();
  world.below = [{ name: "luna_task_1", agentId: "a1", mail }];
  expect(step(none)).toBe(true);
  expect(world.given).toMatchObject([{ id: 1, agentId: "a1" }]);
  courier.hear({ kind: "dropped", id: 1, reason: "no running loop" });
  expect(step(none)).toBe(true);
  expect(world.done).toEqual(["mod: no running loop"]);
  expect(world.given).toHaveLength(1);
  step();
  expect(world.given[1]?.agentId).toBeUndefined();
});
