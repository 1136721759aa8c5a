// What is built: how the bundles find each other, and that a start stays small.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const dist = join(import.meta.dir, "../../dist");
const meta: { files: Record<string, number>; sources: Record<string, string[]> } = JSON.parse(
  readFileSync(join(dist, "meta.json"), "utf8"),
);
const bundles = Object.keys(meta.files).filter((name) => name.endsWith(".js"));

/** In KB, a little over what they are: who has to raise one says in the commit what it is for. */
const limits: Readonly<Record<string, number>> = {
  "main.js": 145,
  "hcom.js": 47,
  "acomm.js": 56,
  "own-mail.js": 51,
  "command-events.js": 106,
  "command-list.js": 132,
  "command-listen.js": 128,
  "command-read.js": 40,
  "command-send.js": 142,
};

/** Made, migrated and imported is a database once; the rest is for other commands. */
const seldom = [
  /^src\/store\/(?:migrations|open\/(?:prepare|migrate|import))/,
  /^src\/(?:acomm|mcp|api|view|tui|pty|relay\/worker)\//,
  /^src\/tools\/\w+\/(?:settings|mcp-settings|transcript-entries)/,
  /^src\/core\/relay\/remote-order/,
  /^node_modules\//,
];

test("bundles take each other with require: import() would read them on other threads", () => {
  for (const name of bundles) {
    const text = readFileSync(join(dist, name), "utf8");
    const imports = text.match(/\bimport\("\.\/[^"]+"\)/g);
    expect([name, imports]).toEqual([name, null]);
    for (const [, other = ""] of text.matchAll(/\brequire\("\.\/([^"]+)"\)/g)) {
      expect(bundles).toContain(other);
    }
  }
});

test("each command is a bundle of its own, and what the launcher starts holds none of them", () => {
  const commands = bundles.filter((name) => name.startsWith("command-"));
  expect(commands).toContain("command-send.js");
  expect(commands).toContain("command-inbox.js");
  expect(meta.sources["hcom.js"]?.filter((path) => isIn(path, "store", "bus"))).toEqual([]);
  for (const name of commands) {
    // The command that serves other programs is no start of every day.
    const most = name === "command-rpc.js" ? 225_000 : 172_000;
    expect([name, meta.files[name]! < most]).toEqual([name, true]);
  }
});

test("what agents start all the time stays as small as it is", () => {
  for (const [name, most] of Object.entries(limits)) {
    expect([name, meta.files[name]! <= most * 1000]).toEqual([name, true]);
  }
});

test("what agents start all the time holds nothing that is only seldom needed", () => {
  expect(Object.keys(meta.sources).toSorted()).toEqual(Object.keys(limits).toSorted());
  for (const [name, sources] of Object.entries(meta.sources)) {
    expect([name, sources.filter((path) => seldom.some((one) => one.test(path)))]).toEqual([
      name,
      [],
    ]);
  }
});

test("what agents start all the time imports no module of the runtime but SQLite", () => {
  for (const name of Object.keys(limits)) {
    const text = readFileSync(join(dist, name), "utf8");
    const taken = [...text.matchAll(/=require\("([^."][^"]*)"\)/g)].map(([, module]) => module);
    expect([name, taken.filter((module) => module !== "node:sqlite")]).toEqual([name, []]);
  }
});

// A namespace as a value gets a getter for each of its exports, at each start: 3 us each.
test("what agents start all the time makes no module into an object, but where it must", () => {
  for (const name of Object.keys(limits)) {
    const text = readFileSync(join(dist, name), "utf8");
    const made = [...text.matchAll(/__export\((\w+),\{(.*?)\}\)/g)];
    const getters = made.flatMap(([, , body = ""]) => body.split(",("));
    expect([name, made.length <= 8, getters.length <= 20]).toEqual([name, true, true]);
  }
});

function isIn(path: string, ...folders: string[]): boolean {
  return folders.some((folder) => path.startsWith(`src/${folder}/`));
}
