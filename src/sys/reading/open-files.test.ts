import { expect, test } from "bun:test";
import { shortCommand } from "./open-files.ts";

const bun = ["/p/node_modules/@oven/bun-linux-x64/bin/bun", "--no-env-file", "--config=/dev/null"];

test.each([
  [
    [...bun, "/p/dist/hcom.js", "pty", "claude", "--", "/usr/bin/claude"],
    "hcom pty claude -- /usr/bin/claude",
  ],
  [[...bun, "/p/dist/main.js", "post"], "hcom post"],
  [[...bun, "/p/src/main-acomm.ts", "rpc", "--bus"], "acomm rpc --bus"],
  [["/usr/bin/sqlite3", "hcom.db", ""], "sqlite3 hcom.db"],
  [[""], ""],
])("a process is named as a person would type it: %p", (words, shown) => {
  expect(shortCommand(words)).toBe(shown);
});
