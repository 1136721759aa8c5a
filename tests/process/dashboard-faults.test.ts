// The dashboard where things go wrong around it, and where nobody sits at a terminal: each is shown
// where it matters, and nothing else is disturbed.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync } from "node:fs";
import { viewNames } from "../../src/view/view-name.ts";
import { startTmux } from "../kit/tmux.ts";
import { openDashboard } from "./dashboard-lab.ts";
import { hcom, plainEnv, tempDir } from "./lab.ts";

const dir = tempDir();
const place = (path: string) => ({
  ...plainEnv(path),
  ...{ TERM: "xterm-256color", LANG: "C.UTF-8", TZ: "UTC", SHELL: "/bin/sh" },
});
const env = place(dir.path);
const tmux = startTmux();

beforeAll(async () => {
  await hcom(env, ["start", "--as", "luna"]);
  await hcom(env, ["start", "--as", "nova"]);
  await hcom(env, ["send", "@luna", "-b", "--", "said-before"]);
});

afterAll(() => {
  tmux[Symbol.dispose]();
  dir[Symbol.dispose]();
});

test("a verb that fails is told where it was asked for, and in the list of jobs", async () => {
  using dashboard = await openDashboard(tmux, { dir: dir.path, env, argv: "tui" });
  await dashboard.shows("luna", "nova");
  dashboard.keys("Home", "N");
  await dashboard.shows("enter set");
  dashboard.keys("C-u");
  dashboard.type("nova");
  dashboard.keys("Enter");
  const frame = await dashboard.shows("Error: ");
  expect(frame).toContain("? help");
  dashboard.keys("J");
  await dashboard.shows("failed", "Error: ");
  dashboard.keys("Escape");
  await dashboard.shows("❯ ○ luna");
});

test("a reset from elsewhere empties it, and it goes on", async () => {
  using other = tempDir();
  const own = place(other.path);
  await hcom(own, ["start", "--as", "mira"]);
  await hcom(own, ["send", "@mira", "-b", "--", "of-before"]);
  using dashboard = await openDashboard(tmux, { dir: other.path, env: own, argv: "tui talk" });
  await dashboard.shows("of-before");
  await hcom(own, ["reset", "--go"]);
  await hcom(own, ["start", "--as", "lola"]);
  await hcom(own, ["send", "@lola", "-b", "--", "of-afterwards"]);
  expect(await dashboard.shows("of-afterwards")).not.toContain("of-before");
  dashboard.keys("1");
  expect(await dashboard.shows("lola")).not.toContain("mira");
});

test("another log that is copied over this one is shown", async () => {
  using other = tempDir();
  using copied = tempDir();
  const own = place(other.path);
  await hcom(own, ["start", "--as", "mira"]);
  const source = place(copied.path);
  await hcom(source, ["start", "--as", "lola"]);
  using dashboard = await openDashboard(tmux, { dir: other.path, env: own, argv: "tui" });
  await dashboard.shows("mira");
  copyFileSync(`${copied.path}/.hcom/hcom.db`, `${other.path}/.hcom/hcom.db`);
  expect(await dashboard.shows("lola")).not.toContain("mira");
});

test("one frame without a terminal: as wide as asked for, without control characters", async () => {
  for (const view of viewNames) {
    for (const width of ["60", "132"]) {
      const run = await hcom(env, ["tui", "--once", "--view", view, "--width", width]);
      expect([view, run.code, run.err]).toEqual([view, 0, ""]);
      const lines = run.out.replace(/\n$/, "").split("\n");
      expect(lines.every((line) => Bun.stringWidth(line) <= Number(width))).toBe(true);
      expect(run.out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    }
  }
  const { out } = await hcom(env, ["tui", "--once", "--view", "talk", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ view: "talk" });
  expect(out).toContain("said-before");
});
