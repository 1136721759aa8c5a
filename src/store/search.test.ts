// Full-text search over messages.
import { expect, test } from "bun:test";
import { addMessage, addStatus, temporaryDb } from "./fixtures/databases.ts";
import { searchMessages } from "./search.ts";

const texts = [
  "The walrus sings in the build", // 1
  "walrus AND carpenter", // 2
  'he said "NEAR(walrus)" - odd*', // 3
  "Größe und ÜBERGABE", // 4
  "sings the walrus", // 5
];

const cases: [string, number[]][] = [
  ["walrus", [5, 3, 2, 1]],
  ["WALRUS sings", [5, 1]],
  ['"walrus sings"', [1]],
  ["carp", []],
  ["carp*", [2]],
  ["walrus AND carpenter", [2]],
  ["NEAR(walrus)", [3]],
  ['"', []],
  ["-", []],
  ["- walrus -", [5, 3, 2, 1]],
  ["searchable:walrus", []],
  ["grosse", []],
  ["größe übergabe", [4]],
  ["", []],
  ["luna", [5, 4, 3, 2, 1]],
];
for (const [query, ids] of cases) {
  test(`searching ${JSON.stringify(query)} finds ${ids.join(" ") || "nothing"}`, () => {
    using temporary = temporaryDb();
    const { db } = temporary;
    for (const text of texts) addMessage(db, { from: "luna", text });
    addStatus(db, "luna", { detail: "walrus" });
    expect(searchMessages(db, query, 9).map((event) => event.id)).toEqual(ids);
  });
}

test("the limit keeps the newest", () => {
  using temporary = temporaryDb();
  for (const text of texts) addMessage(temporary.db, { from: "luna", text });
  expect(searchMessages(temporary.db, "walrus", 2).map((event) => event.id)).toEqual([5, 3]);
});
