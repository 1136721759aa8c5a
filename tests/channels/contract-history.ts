// Which messages of a channel are found, and in which order.
import { expect, test } from "bun:test";
import { withOffset } from "../../src/core/channels/timestamp.ts";
import { contentsOf, group, idsOf, type Lab, noon, type Open, refusalOf, say } from "./lab.ts";

/** Five messages, a second apart: `0` at noon, `4` four seconds later. */
function fiveSeconds({ store, clock }: Lab): number {
  const ops = group(store, "ops");
  for (let second = 0; second < 5; second++) {
    clock.now = noon + second * 1000;
    say(store, ops, `${second}`);
  }
  return ops;
}

export function checkHistory(open: Open): void {
  test("both ends of a time are in it", () => {
    const lab = open();
    const ops = fiveSeconds(lab);
    const found = (since?: string, before?: string) =>
      contentsOf(lab.store.queryHistory(ops, { since, before })).join("");
    expect(found("2026-02-28T12:00:02.000001Z")).toBe("234");
    expect(found(undefined, "2026-02-28T12:00:02.000001Z")).toBe("012");
    expect(found("2026-02-28T12:00:01.000001Z", "2026-02-28T12:00:03.000001Z")).toBe("123");
    expect(found("2026-02-28T12:00:02.000001Z", "2026-02-28T12:00:02.000001Z")).toBe("2");
    expect(found("2026-02-28T12:00:03.000001Z", "2026-02-28T12:00:02.000001Z")).toBe("");
    expect(found("2026-02-28T12:00:09.000001Z")).toBe("");
    expect(found("1969-12-31T23:59:59.5Z", "9999-12-31T23:59:59Z")).toBe("01234");
  });

  test("times are compared to the nanosecond and in any offset", () => {
    const lab = open();
    const ops = fiveSeconds(lab);
    const since = (text: string) =>
      contentsOf(lab.store.queryHistory(ops, { since: text })).join("");
    expect(since("2026-02-28T12:00:02.000001001Z")).toBe("34");
    expect(since("2026-02-28T12:00:01.999999999Z")).toBe("234");
    expect(since("2026-02-28T12:00:02.000001+00:00")).toBe("234");
    expect(since("2026-02-28T14:00:02+02:00")).toBe("234");
    expect(since("2026-02-28T07:30:02-04:30")).toBe("234");
    const before = "2026-02-28T12:00:01.999999999Z";
    expect(contentsOf(lab.store.queryHistory(ops, { before })).join("")).toBe("01");
  });

  test("a recipient receives from a time on, that time included", () => {
    const lab = open();
    const ops = fiveSeconds(lab);
    const received = (since: string) =>
      contentsOf(lab.store.receiveMessages(ops, { since })).join("");
    const third = lab.store.receiveMessages(ops)[2]!.timestamp;
    expect(received(third)).toBe("234");
    expect(received(withOffset(third))).toBe("234");
    expect(received("2026-02-28T12:00:02.000001001Z")).toBe("34");
    expect(received("2026-02-28T13:00:00Z")).toBe("");
  });

  test.each(["", "yesterday", "2026-02-28", "2026-02-28T12:00:02"])(
    "a time that is none, as '%s', counts as not given, as in the original",
    (text) => {
      const lab = open();
      const ops = fiveSeconds(lab);
      expect(lab.store.receiveMessages(ops, { since: text })).toHaveLength(5);
      expect(lab.store.queryHistory(ops, { since: text, before: text })).toHaveLength(5);
    },
  );

  test.each([
    "2026-02-30",
    "2026-02-29T12:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-04-31T00:00:00+02:00",
    "2026-02-28T24:00:00Z",
    "2026-02-28T12:00:61Z",
    "2026-02-28T12:00:00+24:00",
  ])("a time that does not exist, as %s, is refused", (text) => {
    const { store } = open();
    const ops = group(store, "ops");
    const asks = [
      () => store.receiveMessages(ops, { since: text }),
      () => store.queryHistory(ops, { since: text }),
      () => store.queryHistory(ops, { before: text }),
    ];
    for (const ask of asks) {
      expect(refusalOf(ask)).toMatchObject({ code: "invalid_time", exit: 2 });
    }
  });

  test("a limit takes the oldest, and the newest in the other order", () => {
    const lab = open();
    const ops = fiveSeconds(lab);
    const found = (limit?: number, order?: "asc" | "desc") =>
      contentsOf(lab.store.queryHistory(ops, { limit, order })).join("");
    expect(found()).toBe("01234");
    expect(found(2)).toBe("01");
    expect(found(2, "asc")).toBe("01");
    expect(found(2, "desc")).toBe("43");
    expect(found(undefined, "desc")).toBe("43210");
    expect(found(99)).toBe("01234");
    expect(found(0)).toBe("");
    expect(found(0, "desc")).toBe("");
  });

  test("all parts of a filter must hold, and the limit counts what matched", () => {
    const { store, clock } = open();
    const ops = group(store, "ops");
    for (const [at, sender] of ["ada", "bob", "ada", "Ada", "ada"].entries()) {
      clock.now = noon + at * 1000;
      const type = at % 2 === 0 ? "Query" : "Text";
      store.sendMessage({ channelId: ops, sender, content: `${at}`, type });
    }
    const found = (filter: Parameters<typeof store.queryHistory>[1]) =>
      contentsOf(store.queryHistory(ops, filter)).join("");
    expect(found({ sender: "ada" })).toBe("024");
    expect(found({ sender: "Ada" })).toBe("3");
    expect(found({ sender: "" })).toBe("");
    expect(found({ message_type: "Query" })).toBe("024");
    expect(found({ message_type: "Error" })).toBe("");
    expect(found({ sender: "ada", message_type: "Text" })).toBe("");
    expect(found({ sender: "ada", limit: 2 })).toBe("02");
    expect(found({ sender: "ada", limit: 2, order: "desc" })).toBe("42");
    const since = "2026-02-28T12:00:01.000001Z";
    expect(found({ sender: "ada", since })).toBe("24");
    expect(found({ sender: "ada", since, limit: 1 })).toBe("2");
    expect(found({ message_type: "Query", since, before: "2026-02-28T12:00:03.000001Z" })).toBe(
      "2",
    );
  });

  test("an unknown channel has no history", () => {
    expect(open().store.queryHistory(9)).toEqual([]);
  });

  test("a channel counts its own messages, and an unknown one has none", () => {
    const { store } = open();
    const [ops, empty] = [group(store, "ops", "ada", "bob"), group(store, "empty")];
    say(store, ops, "one", "two");
    store.broadcast({ channelId: ops, sender: "cyd", content: "all" });
    expect([ops, empty, 9].map((id) => store.countMessages(id))).toEqual([4, 0, 0]);
  });

  test("messages of one time are in the order of their ids", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada", "bob");
    say(store, ops, "0", "1");
    store.broadcast({ channelId: ops, sender: "cyd", content: "all" });
    say(store, ops, "4");
    expect(idsOf(store.receiveMessages(ops))).toEqual([1, 2, 3, 4, 5]);
    expect(idsOf(store.queryHistory(ops))).toEqual([1, 2, 3, 4, 5]);
    expect(idsOf(store.queryHistory(ops, { order: "desc", limit: 3 }))).toEqual([5, 4, 3]);
    expect(idsOf(store.searchMessages("", 4))).toEqual([5, 4, 3, 2]);
  });

  test("times grow with the ids, within a millisecond and with a clock that went back", () => {
    const { store, clock } = open();
    const ops = group(store, "ops", "zoe", "mia");
    const other = group(store, "other");
    for (const [id, ms] of [5, 5, 0, -3_600_000, 5, 6].entries()) {
      clock.now = noon + ms;
      say(store, id % 2 === 0 ? ops : other, `${id + 1}`);
    }
    store.broadcast({ channelId: ops, sender: "ada", content: "all" });
    const all = store.searchMessages("", 99).reverse();
    expect(idsOf(all)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const micros = [5001, 5002, 5003, 5004, 5005, 6001, 6002, 6003];
    const texts = micros.map((one) => `2026-02-28T12:00:00.00${one}Z`);
    expect(all.map((one) => one.timestamp)).toEqual(texts);
    expect([...texts].sort()).toEqual(texts);
  });

  test("a thousand messages of one millisecond go on in the next one", () => {
    const { store } = open();
    const ops = group(store, "ops");
    say(store, ops, ...Array.from({ length: 1001 }, (_, at) => `${at}`));
    const times = store.queryHistory(ops).map((one) => one.timestamp);
    expect(new Set(times).size).toBe(1001);
    expect([...times].sort()).toEqual(times);
    expect([times[998], times[999]]).toEqual([
      "2026-02-28T12:00:00.000999Z",
      "2026-02-28T12:00:00.001001Z",
    ]);
  });

  test("a clock that went back by days is believed", () => {
    const { store, clock } = open();
    const ops = group(store, "ops");
    clock.now = noon + 3 * 86_400_000;
    say(store, ops, "far ahead");
    clock.now = noon;
    say(store, ops, "now", "then");
    expect(contentsOf(store.receiveMessages(ops))).toEqual(["now", "then", "far ahead"]);
  });

  test("two hundred messages over four channels keep their order in each", () => {
    const { store, clock } = open();
    const channels = ["a", "b", "c", "d"].map((name) => group(store, name));
    for (let count = 0; count < 200; count++) {
      clock.now = noon + Math.floor(count / 3);
      say(store, channels[count % 4]!, `${count}`);
    }
    for (const [first, channel] of channels.entries()) {
      const mine = Array.from({ length: 50 }, (_, at) => `${first + at * 4}`);
      expect(contentsOf(store.receiveMessages(channel))).toEqual(mine);
      expect(contentsOf(store.queryHistory(channel, { limit: 10 }))).toEqual(mine.slice(0, 10));
    }
  });

  test("a hundred messages of three senders keep their order", () => {
    const { store } = open();
    const ops = group(store, "ops");
    const all = Array.from({ length: 100 }, (_, at) => `${at}`);
    for (const [at, content] of all.entries()) {
      store.sendMessage({ channelId: ops, sender: `agent-${at % 3}`, content });
    }
    expect(contentsOf(store.receiveMessages(ops))).toEqual(all);
    expect(contentsOf(store.queryHistory(ops, { sender: "agent-1" }))).toEqual(
      all.filter((_, at) => at % 3 === 1),
    );
  });
}
