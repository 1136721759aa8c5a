import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { ownPath } from "./own-path.ts";

const home = realpathSync(mkdtempSync(`${tmpdir()}/hcom-own-path-`));
const own = `${home}/own`;

beforeAll(() => {
  mkdirSync(`${own}/sub`, { recursive: true });
  writeFileSync(`${own}/a`, "");
  writeFileSync(`${home}/secret`, "");
  const links = { in: `${own}/a`, away: `${home}/secret`, lost: `${home}/no`, up: home, gone: "b" };
  for (const [name, to] of Object.entries(links)) symlinkSync(to, `${own}/${name}`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const kind = (path: string) => ownPath(path, own).kind;

test("what is below is seen, there or missing, also through a link that stays below", () => {
  for (const path of ["a", "in", "sub", "sub/../a", "up/own/a"]) {
    expect([path, kind(`${own}/${path}`)]).toEqual([path, "there"]);
  }
  for (const path of ["b", "sub/b", "sub/b/c", "a/b"]) {
    expect([path, kind(`${own}/${path}`)]).toEqual([path, "missing"]);
  }
});

test("of all else nobody learns whether it is there", () => {
  const paths = ["away", "lost", "gone", "up/secret", "up/no", "../secret", "../no", "b/../../no"];
  for (const path of paths) expect([path, kind(`${own}/${path}`)]).toEqual([path, "outside"]);
  expect(kind("/")).toBe("outside");
  expect(kind("/nowhere")).toBe("outside");
  expect(ownPath(`${own}/a`, `${home}/nowhere`).kind).toBe("outside");
});

test("who works in the root directory, and a person, see everything", () => {
  for (const directory of ["/", undefined]) {
    expect(ownPath(`${home}/secret`, directory).kind).toBe("there");
    expect(ownPath(`${home}/no`, directory).kind).toBe("missing");
  }
});
