import { expect, test } from "bun:test";
import { harm, newTally } from "./lab.ts";
import { reportOf } from "./report.ts";

test("a report ends with the table and a line for each cell that is not zero", () => {
  const [good, bad] = [newTally("good"), newTally("bad")];
  for (let id = 1; id <= 7; id++) harm(bad, "lost", `#${id} at\n\x1b[31mluna`);
  harm(bad, "leaked", "U+d in list");
  expect(reportOf([good, bad]).split("\n").slice(-5)).toEqual([
    "        tried     lost  doubled   leaked  blocked",
    "good        0        0        0        0        0",
    "bad         0        7        0        1        0",
    "7 x lost, bad: #1 at\\n\\u001b[31mluna",
    "1 x leaked, bad: U+d in list",
  ]);
});

test("what is not the first of its kind stands above the table", () => {
  const tally = newTally("bad");
  harm(tally, "lost", "#1");
  harm(tally, "lost", "#2");
  expect(reportOf([tally]).split("\n").slice(0, 2)).toEqual(["lost, bad: #1", "lost, bad: #2"]);
});
