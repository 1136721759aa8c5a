import { expect, test } from "bun:test";
import { echoedId, idBetween, spelledIds } from "./json-id.ts";

const echo = (text: string) => {
  const value = JSON.parse(text);
  const spelled = spelledIds(text, value);
  const all = Array.isArray(value) ? value : [value];
  return all.map((one, at) => JSON.stringify(echoedId(one.id, spelled[at])));
};

test("an id comes back as it was spelled", () => {
  const ids = ["1", "-7", "0", "-0", '"x"', "18446744073709551616", "1.5", "1e400"];
  for (const id of ids) {
    expect(echo(`{"jsonrpc":"2.0","params":{"id":9007199254740995},"id":${id}}`)).toEqual([id]);
  }
  expect(echo('[{"id":9007199254740993},{"id":2},{"id":9007199254740995},{}]')).toEqual([
    "9007199254740993",
    "2",
    "9007199254740995",
    "null",
  ]);
  expect(echo('{"id":null}')).toEqual(["null"]);
});

test("the id of a message that was cut is found at either end, and nowhere inside", () => {
  const found = (head: string, tail: string) => JSON.stringify(idBetween(head, tail));
  expect(found('{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":"xx', 'xx"}}')).toBe("7");
  expect(found('{"id":9007199254740993,"jsonrpc":"2.0","params":', "xx}")).toBe("9007199254740993");
  expect(found('{"params":{"a":"xx', 'xx"},"jsonrpc":"2.0","id":"a\\"b"}\r')).toBe('"a\\"b"');
  expect(found('{"method":"x","params":["xx', 'xx"],"id":8}')).toBe("8");
  expect(found('{"method":"x","params":{"a":"xx', 'xx","id":8}}')).toBe("null");
  expect(found('{"params":{"id":8,"a":"xx', 'xx"}}')).toBe("null");
  expect(found('{"params":{"a":"xx', 'xx\\"},\\"id\\":8}"}}')).toBe("null");
});
