import { describe, expect, test } from "bun:test";
import { parseEnvFile } from "./env-file.ts";

describe("one line", () => {
  function check(line: string, value: string): void {
    test(line, () => expect(parseEnvFile(line)).toEqual([["A", value]]));
  }
  check("A=b", "b");
  check("A=", "");
  check("A=b=c", "b=c");
  check("  A = b  ", "b");
  check("export A=b", "b");
  check("export   A=b", "b");
  check("A=two words", "two words");
  check("A=b # why", "b");
  check("A=b#c", "b#c");
  check("A=#fff", "#fff");
  check("A= # nothing yet", "");
  check('A="b c"', "b c");
  check('A="b # c"', "b # c");
  check('A="b" # why', "b");
  check('A="1\\n2\\t3 \\"4\\" \\\\ \\x"', '1\n2\t3 "4" \\ \\x');
  check("A='b \\n $c'", "b \\n $c");
  check("A='b' # why", "b");
  check('A="never ends', '"never ends');
  check("A=it's", "it's");
});

test("what is not an assignment is skipped", () => {
  const text = "# comment\n\nnot one\n1A=x\nA-B=x\n=x\nB=1\n";
  expect(parseEnvFile(text)).toEqual([["B", "1"]]);
});

test("pairs come in order, repeated ones too, with either line ending", () => {
  expect(parseEnvFile("B=1\r\nA=2\r\nB=3")).toEqual([
    ["B", "1"],
    ["A", "2"],
    ["B", "3"],
  ]);
});
