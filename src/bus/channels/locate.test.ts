import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { locateStore, type StoreChoice, storeName } from "./locate.ts";

const root = realpathSync(mkdtempSync("/tmp/hl-"));
const project = join(root, "project");
mkdirSync(join(project, ".acomm"), { recursive: true });
const plain = join(root, "plain");
mkdirSync(plain);
const odd = join(root, "odd");
mkdirSync(odd);
symlinkSync(".acomm", join(odd, ".acomm"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Place {
  cwd?: string;
  store?: string;
  home?: string;
}

function found(choice: StoreChoice, place: Place): string {
  const env = { ACOMM_STORE: place.store, HOME: place.home };
  return storeName(locateStore(choice, { env, cwd: place.cwd ?? plain }));
}

describe("the store is", () => {
  function check(title: string, choice: StoreChoice, place: Place, expected: string): void {
    test(title, () => expect(found(choice, place)).toBe(expected));
  }
  const all = { cwd: project, store: "/env.acomm", home: "/home/a" };

  check("the named file before all else", { file: "/a.acomm" }, all, "/a.acomm");
  check("the variable's before the project's", {}, all, "/env.acomm");
  check(
    "the project's when its directory exists, with or without a file in it",
    {},
    { cwd: project, home: "/home/a" },
    join(project, ".acomm/store.acomm"),
  );
  check(
    "not the project's when its directory is none",
    {},
    { cwd: odd, home: "/h" },
    "/h/.store.acomm",
  );
  check("that of the home directory in the end", {}, { home: "/h" }, "/h/.store.acomm");
  check("here without a home directory", {}, {}, join(plain, ".store.acomm"));
  check("found without an empty variable", {}, { store: "", home: "/h" }, "/h/.store.acomm");
  check("relative to the directory we are in", { file: "x/../y" }, {}, join(plain, "y"));
  check("the variable's, also relative", {}, { store: "e.acomm" }, join(plain, "e.acomm"));
  check("the live one when asked for", { isBus: true }, all, "bus:main");
  check("the live one by variable", {}, { ...all, store: "bus:" }, "bus:main");
  check("a space of the live one", {}, { ...all, store: "bus:ops" }, "bus:ops");
  check("the live one by name", { file: "bus:" }, all, "bus:main");
  check("a file with such a name behind a path", { file: "./bus:" }, {}, join(plain, "bus:"));
});

test("a file of the name .acomm is no project", () => {
  writeFileSync(join(plain, ".acomm"), "");
  expect(found({}, { home: "/h" })).toBe("/h/.store.acomm");
});

describe("is wrong usage:", () => {
  function check(title: string, choice: StoreChoice): void {
    test(title, () => {
      let error: unknown;
      try {
        found(choice, {});
      } catch (caught) {
        error = caught;
      }
      expect(error instanceof Refusal && error.exit).toBe(exitCode.usage);
    });
  }
  check("an empty path", { file: "" });
  check("two stores at once", { file: "a", isBus: true });
});
