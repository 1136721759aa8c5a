import { describe, expect, test } from "bun:test";
import { Refusal } from "../core/refusal.ts";
import { addFirst, addLast, addMember, dropItem, member, parseSettings } from "./json-edit.ts";

const root = (text: string) => parseSettings("/s.json", text);

function checkAdd(before: string, after: string): void {
  expect(addMember(before, root(before), "x", 1)).toBe(after);
  const tree = root(after);
  expect(dropItem(after, tree.children![0]!)).toBe(before);
}

test("a member goes in front, and out again", () => {
  checkAdd("{}", '{\n  "x": 1}');
  checkAdd('{"a":1}', '{\n  "x": 1,"a":1}');
  checkAdd('{\n\t"a": 1\n}', '{\n\t"x": 1,\n\t"a": 1\n}');
  checkAdd('{\r\n    "a": 1\r\n}', '{\r\n    "x": 1,\r\n    "a": 1\r\n}');
  checkAdd('{ // why\n  "a": 1\n}', '{\n  "x": 1, // why\n  "a": 1\n}');
  checkAdd("\ufeff{\n}", '\ufeff{\n  "x": 1\n}');
});

function checkLast(before: string, after: string): void {
  const list = member(root(before), "l")!;
  expect(addLast(before, list, 9)).toBe(after);
  const added = member(root(after), "l")!.children!.at(-1)!;
  expect(dropItem(after, added)).toBe(before);
}

test("an element goes behind the others, and out again", () => {
  checkLast('{"l":[1]}', '{"l":[1,\n  9]}');
  checkLast('{\n  "l": [\n    1 // one\n  ]\n}', '{\n  "l": [\n    1,\n    9 // one\n  ]\n}');
  checkLast('{\n  "l": [1 /*,*/ ,]\n}', '{\n  "l": [1 /*,*/ ,\n    9,]\n}');
  checkLast('{"l":[]}', '{"l":[\n  9]}');
});

describe("dropping an element keeps what others wrote around it", () => {
  const drop = (text: string, at: number) =>
    dropItem(text, member(root(text), "l")!.children![at]!);
  const cases: [string, number, string][] = [
    ['{"l":[1, 2, 3]}', 1, '{"l":[1, 3]}'],
    ['{"l":[1, 2, 3]}', 2, '{"l":[1, 2]}'],
    ['{"l":[1, 2, 3]}', 0, '{"l":[ 2, 3]}'],
    ['{"l":[ // mine\n 1]}', 0, '{"l":[ // mine\n]}'],
    ['{"l":[1, // mine\r\n 2]}', 1, '{"l":[1 // mine\r\n]}'],
  ];
  test.each(cases)("%s without element %d", (before, at, after) => {
    expect(drop(before, at)).toBe(after);
    root(after);
  });
});

test("several elements keep their order", () => {
  const text = '{"l":["z"]}';
  expect(addFirst(text, member(root(text), "l")!, ["a", "b"])).toBe('{"l":[\n  "a",\n  "b","z"]}');
});

test("of two members with one name the last one counts", () => {
  expect(member(root('{"a":1,"a":2}'), "a")?.value).toBe(2);
});

test("a broken text is refused with file and place", () => {
  const refused = (text: string) => {
    try {
      root(text);
    } catch (error) {
      return error instanceof Refusal ? `${error.code}: ${error.message}` : error;
    }
    return "accepted";
  };
  expect(refused('{\n  "a": ,\n}')).toBe(
    "unparseable_settings: /s.json cannot be edited: not valid at line 2, column 8",
  );
  expect(refused("[]")).toBe(
    "unparseable_settings: /s.json cannot be edited: its root is not an object",
  );
  expect(refused("")).toStartWith("unparseable_settings");
});
