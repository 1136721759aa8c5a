// What is written costs no look at a terminal that it does not need.
import { expect, spyOn, test } from "bun:test";
import { output } from "./output.ts";
import { style } from "./style.ts";

test("only words with a meaning make us ask whether a terminal is there", () => {
  using asked = spyOn(process, "getBuiltinModule");
  const out = output({});
  out.line("a plain line");
  out.note("a plain remark");
  expect(asked).toHaveBeenCalledTimes(0);
  out.line(style.good("a word"));
  expect(asked).toHaveBeenCalled();
});
