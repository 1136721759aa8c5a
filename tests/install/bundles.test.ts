// What is built: how the bundles find each other, and that a start stays small.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const dist = join(import.meta.dir, "../../dist");
const meta: { files: Record<string, number> } = JSON.parse(
  readFileSync(join(dist, "meta.json"), "utf8"),
);
const bundles = Object.keys(meta.files).filter((name) => name.endsWith(".js"));

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
  expect(meta.files["hcom.js"]).toBeLessThan(60_000);
  for (const name of commands) expect([name, meta.files[name]! < 260_000]).toEqual([name, true]);
});
