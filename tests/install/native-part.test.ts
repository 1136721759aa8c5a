// The dashboard's native part is an optional dependency: where npm brought it, it is found from any
// directory; where it is missing, hcom says so and shows what it can.
import { expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { spawnChild } from "../../src/pty/child.ts";

const root = join(import.meta.dir, "../..");
const part = `@opentui/core-${process.platform}-${process.arch}`;

/** The package as npm lays it out, without the native part. */
function installed(): { dir: string; hcom: string } & Disposable {
  const dir = mkdtempSync("/tmp/hn-");
  const pkg = join(dir, "lib/node_modules/hcom");
  mkdirSync(join(pkg, "node_modules/@opentui"), { recursive: true });
  cpSync(join(root, "bin"), join(pkg, "bin"), { recursive: true });
  cpSync(join(root, "dist"), join(pkg, "dist"), {
    recursive: true,
    filter: (path) => !/\.jsc$|\/(?:types|man)$/.test(path),
  });
  symlinkSync(join(root, "node_modules/@oven"), join(pkg, "node_modules/@oven"));
  mkdirSync(join(dir, "work"));
  const hcom = join(pkg, "bin/hcom");
  return { dir, hcom, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

async function onTerminal(dir: string, argv: string[], keys = ""): Promise<string> {
  let text = "";
  const child = spawnChild({
    argv,
    env: { HOME: dir, HCOM_DIR: join(dir, ".hcom"), PATH: "/usr/bin:/bin", TERM: "xterm-256color" },
    directory: join(dir, "work"),
    cols: 100,
    rows: 24,
    onData: (bytes) => {
      text += new TextDecoder().decode(bytes);
      if (keys !== "" && text.includes("Nobody")) child.write(keys);
    },
  });
  await child.exited;
  return Bun.stripANSI(text);
}

test("without it bare hcom is the overview and says so; tui says what to do", async () => {
  using place = installed();
  const bare = await onTerminal(place.dir, [place.hcom]);
  expect(bare).toContain("No agents are running");
  expect(bare).toContain("The dashboard is not there");
  expect(await onTerminal(place.dir, [place.hcom, "tui"])).toContain("--include=optional");
});

test("with it bare hcom is the dashboard in any directory, and leaves nothing there", async () => {
  using place = installed();
  const modules = join(place.dir, "lib/node_modules/hcom/node_modules");
  symlinkSync(join(root, "node_modules", part), join(modules, part));
  const shown = await onTerminal(place.dir, [place.hcom], "q");
  expect(shown).toContain("Nobody is here");
  expect(readdirSync(join(place.dir, "work"))).toEqual([]);
});
