// Search is a substring after lower-casing both sides, and nothing of a query has a meaning of its
// own. Whatever an index does, it finds what the plain comparison finds.
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ChannelMessage } from "../../src/core/channels/channel-message.ts";
import { contentMatches } from "../../src/core/channels/comm-store.ts";
import { aQuery, someText } from "./arbitraries.ts";
import { contentsOf, group, idsOf, type MakeStore, noon, type Open, say } from "./lab.ts";

type Row = [query: string, found: string[], missed: string[]];

const literals: Row[] = [
  ["hello", ["hello", "say Hello", "HELLOES"], ["hell o", "help"]],
  ["HELLO", ["hello"], ["help"]],
  ["$100", ["costs $100 now"], ["costs 100", "$1000".slice(0, 3)]],
  ["^[a-z]", ["the class ^[a-z]+"], ["abc", "[a-z]"]],
  ["c++", ["C++ and Rust"], ["c", "cc", "c+"]],
  ["100%", ["at 100%", "100% sure"], ["1000", "100"]],
  ["%", ["50 %"], ["fifty"]],
  ["_", ["snake_case"], ["camelCase"]],
  ["a_c", ["a_c"], ["abc"]],
  ["a%c", ["xa%cx"], ["abc", "ac"]],
  ["*", ["2 * 3"], ["2 x 3"]],
  ["a*", ["a*b"], ["aaa"]],
  [".", ["end."], ["end"]],
  ["\\", ["C:\\dir"], ["C:/dir"]],
  ['"', ['say "hi"'], ["say hi"]],
  ["'", ["it's"], ["its"]],
  ['"hello"', ['a "hello" b'], ["hello"]],
  ["it's", ["it's me"], ["its me"]],
  ["a or b", ["a OR b"], ["a", "b"]],
  ["a b", ["xa bx"], ["b a", "a  b"]],
  ["content:x", ["content:x"], ["x"]],
  ["(x)", ["f(x)"], ["fx"]],
  ["-x", ["a-x"], ["ax"]],
  ["\n", ["two\nlines"], ["one line"]],
  ["é", ["café", "CAFÉ"], ["cafe", "cafe\u0301"]],
  ["e\u0301", ["cafe\u0301"], ["café"]],
  ["größe", ["GRÖßE"], ["GRÖSSE"]],
  ["日本", ["日本語"], ["日 本"]],
  ["😀", ["so 😀"], ["so 😁"]],
  ["👩‍👧", ["👩‍👧 here"], ["👩👧"]],
  // Lower-casing makes two code points of İ, and leaves ı as it is.
  ["i", ["Istanbul", "İzmir", "mini"], ["ıxx"]],
  ["İ", ["İzmir", "i\u0307"], ["izmir"]],
  ["ı", ["ısı"], ["ISI", "isi"]],
  // A capital sigma at the end of a word becomes the final one.
  ["ΟΔΟΣ", ["ΟΔΟΣ", "οδος", "ΟΔΟΣ!"], ["οδοσ"]],
  ["οδος", ["ΟΔΟΣ"], ["ΟΔΟΣΑ"]],
  ["οδοσ", ["ΟΔΟΣΑ"], ["ΟΔΟΣ"]],
  ["k", ["\u212a is Kelvin"], ["x"]],
];

export function checkSearch(open: Open, makeStore: MakeStore, runs: number): void {
  test.each(literals)("%j is taken as it is written", (query, found, missed) => {
    const { store } = open();
    const ops = group(store, "ops");
    say(store, ops, ...missed, ...found);
    expect(contentsOf(store.searchMessages(query, 99)).toSorted()).toEqual(found.toSorted());
  });

  test("the newest of all channels are found first, up to the limit", () => {
    const { store, clock } = open();
    const [ops, build] = [group(store, "ops"), group(store, "build")];
    for (let count = 1; count <= 6; count++) {
      clock.now = noon + count;
      say(store, count % 2 === 0 ? ops : build, count === 3 ? "other" : "match");
    }
    expect(idsOf(store.searchMessages("match", 99))).toEqual([6, 5, 4, 2, 1]);
    expect(idsOf(store.searchMessages("MATCH", 2))).toEqual([6, 5]);
    expect(store.searchMessages("match", 0)).toEqual([]);
    expect(store.searchMessages("nothing", 99)).toEqual([]);
  });

  test("an empty query finds everything", () => {
    const { store } = open();
    say(store, group(store, "ops"), "one", "two", "three");
    expect(idsOf(store.searchMessages("", 99))).toEqual([3, 2, 1]);
    expect(idsOf(store.searchMessages("", 2))).toEqual([3, 2]);
    expect(store.searchMessages("", 0)).toEqual([]);
  });

  test("every copy of a fan-out is found, and nothing but contents is searched", () => {
    const { store } = open();
    const needle = group(store, "needle", "needle-1", "needle-2");
    store.broadcast({ channelId: needle, sender: "needle", content: "hay" });
    expect(store.searchMessages("hay", 9).map((one) => one.recipient)).toEqual([
      "needle-2",
      "needle-1",
    ]);
    expect(store.searchMessages("needle", 9)).toEqual([]);
  });

  test("what is long is found to its end", () => {
    const { store } = open();
    say(store, group(store, "ops"), `${"x".repeat(1_048_570)}needle`);
    expect(idsOf(store.searchMessages("NEEDLE", 9))).toEqual([1]);
    expect(store.searchMessages("x".repeat(2000), 9)).toHaveLength(1);
  });

  test("whatever is asked, search finds what the plain comparison finds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -2, max: 9 }), someText), { maxLength: 12 }),
        fc.array(fc.tuple(aQuery, fc.integer({ min: 0, max: 15 })), { minLength: 1, maxLength: 9 }),
        (posts, queries) => checkAgainstPlain(makeStore, posts, queries),
      ),
      { numRuns: runs },
    );
  }, 120_000);
}

function checkAgainstPlain(
  makeStore: MakeStore,
  posts: readonly (readonly [later: number, content: string])[],
  queries: readonly (readonly [query: string, limit: number])[],
): void {
  const clock = { now: noon };
  const store = makeStore(clock);
  try {
    const channels = [group(store, "ops"), group(store, "build")];
    const all = posts.map(([later, content], at) => {
      clock.now += later;
      return store.sendMessage({ channelId: channels[at % 2]!, sender: "ada", content });
    });
    all.sort(newestFirst);
    // Parts of what is there make better queries than chance does.
    const parts = posts.map(([later, content]) => {
      const letters = [...content.toUpperCase()];
      return [letters.slice(later, later + 3).join(""), 15] as const;
    });
    for (const [query, limit] of [...queries, ...parts]) {
      const lowered = query.toLowerCase();
      const plain = all.filter((one) => contentMatches(one.content, lowered)).slice(0, limit);
      expect({ query, found: store.searchMessages(query, limit) }).toEqual({ query, found: plain });
    }
  } finally {
    store[Symbol.dispose]?.();
  }
}

/** The times here have no fractions that are written in different lengths but of milliseconds. */
function newestFirst(a: ChannelMessage, b: ChannelMessage): number {
  return Date.parse(b.timestamp) - Date.parse(a.timestamp) || b.id - a.id;
}
