import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { viewNames } from "../src/view/view-name.ts";
import { pictures, withKeys } from "./dashboard-pictures.ts";

const docs = join(import.meta.dir, "../docs");

test("every view has a picture of a real frame, and nothing in it steers a terminal", async () => {
  const drawn = await pictures();
  for (const view of viewNames) {
    expect(drawn[view]).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(drawn[view]).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect([view, existsSync(join(docs, "pictures", `${view}.svg`))]).toEqual([view, true]);
  }
  expect(drawn.agents).toContain("api-luna");
  expect(drawn.talk).toContain("please move the parser");
});

test("the page about the dashboard has the table of keys as the program has it", () => {
  const page = readFileSync(join(docs, "dashboard.md"), "utf8");
  expect(withKeys(page)).toBe(page);
  expect(page).toContain("| `y` | allow what is asked |");
});
