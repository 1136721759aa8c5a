// HCOM_DIR inside a project: the logins and settings of the program stay where they are, nothing of
// ours is outside that directory, and the plain program is afterwards what it was before.
import { describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { openLab, type Place } from "./lab.ts";

const hcom = join(import.meta.dir, "../../bin/hcom");
/** What the person has told Claude about this project, under version control. */
const tracked = '{ "permissions":\n\t{ "allow": ["Bash(ls:*)"] } }\n';
const settings = '{ "includeCoAuthoredBy": false }\n';

describe.skipIf(findVendor("claude", "newest") === null)("HCOM_DIR=./.hcom in a project", () => {
  test("keeps Claude's own home, and leaves nothing behind outside", async () => {
    using lab = openLab();
    const place = lab.place("claude", "newest");
    const home = moveHome(place);
    const env = { ...place.env, HCOM_DIR: "./.hcom" };
    const run = (...words: string[]) => {
      const child = Bun.spawnSync(words, { env, cwd: place.cwd, stdin: "ignore" });
      return { out: child.stdout.toString(), err: child.stderr.toString(), code: child.exitCode };
    };
    // The scripted model lives in this process, so the program must not hold it up.
    const plain = async () => {
      const words = ["claude", "-p", "--", "[[SAY plain]] hello"];
      const piped = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
      const child = Bun.spawn(words, { env, cwd: place.cwd, timeout: 30_000, ...piped });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      return { out, err, code: await child.exited };
    };
    const before = await plain();
    expect(before).toEqual({ out: "plain\n", err: "", code: 0 });

    const pane = place.shell("HCOM_DIR=./.hcom hcom claude --permission-mode manual");
    const name = () => run(hcom, "list", "--names").out.trim();
    const state = () => run(hcom, "list", name(), "status").out.trim();
    const waiting = (what: string) => ({
      timeoutMs: 40_000,
      what,
      dump: () => `${pane.capture()}\n${run(hcom, "status", "--logs").out}`,
    });
    await until(() => name() !== "" && state() === "listening", waiting("an idle agent"));
    // No first-run welcome, no sign-in: it is the program that the person has set up.
    expect(pane.capture()).not.toMatch(/welcome back|choose the text style|select login/i);
    run(hcom, "send", `@${name()}`, "-b", "--", "[[SAY heard]] word-in-the-project");
    await lab.model.waitFor((one) => one.latest.includes("word-in-the-project"), 30_000, "mail");
    await until(() => state() === "listening", waiting("the agent at rest"));
    expect(run(hcom, "kill", name()).code).toBe(0);

    expect(readFileSync(join(place.cwd, ".claude/settings.json"), "utf8")).toBe(tracked);
    expect(readFileSync(join(home, ".claude/settings.json"), "utf8")).toBe(settings);
    expect(readdirSync(place.cwd).toSorted()).toEqual([".claude", ".hcom"]);
    expect(readFileSync(join(home, ".claude.json"), "utf8")).not.toMatch(/hcom/i);
    expect(traces(home)).toEqual([]);
    const events = run(hcom, "events", "--last", "1").out;
    expect(await plain()).toEqual(before);
    // No hook of ours ran in it.
    expect(run(hcom, "events", "--last", "1").out).toBe(events);
    rmSync(join(place.cwd, ".hcom"), { recursive: true });
    expect(await plain()).toEqual(before);
    expect(readdirSync(place.cwd)).toEqual([".claude"]);
  }, 180_000);
});

/** As people have it: in their home, and not where a variable says. */
function moveHome({ env, cwd }: Place): string {
  const { HOME: home = "", CLAUDE_CONFIG_DIR: from = "" } = env;
  delete env["CLAUDE_CONFIG_DIR"];
  copyFileSync(join(from, ".claude.json"), join(home, ".claude.json"));
  for (const folder of [home, cwd]) mkdirSync(join(folder, ".claude"), { recursive: true });
  writeFileSync(join(home, ".claude/settings.json"), settings);
  writeFileSync(join(cwd, ".claude/settings.json"), tracked);
  return home;
}

/** Files in the home that are about us, but for what was said: the program's own conversations. */
function traces(home: string): string[] {
  const own = /^\.claude\/(?:projects|history\.jsonl|file-history|shell-snapshots|debug|todos)/;
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
    .filter((path) => !own.test(path) && ![".bash_profile", ".claude.json"].includes(path))
    .filter((path) => /hcom/i.test(path) || /hcom/i.test(readFileSync(join(home, path), "latin1")));
}
