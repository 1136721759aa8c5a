// A page that sends its reader to a file sends them to one that is there.
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const pages = ["README.md", "ARCHITECTURE.md", "AGENTS.md", "docs", "docs/decisions"].flatMap(
  (name) =>
    name.endsWith(".md")
      ? [name]
      : readdirSync(join(root, name))
          .filter((file) => file.endsWith(".md"))
          .map((file) => `${name}/${file}`),
);
/** A person's project in an example. */
const invented = new Set(["src/a.ts"]);
const path = /`((?:src|tests|bench|examples|scripts|docs|bin|ffi)\/[\w./-]*\w)`/g;
const link = /\]\((?!\w+:)([^)#]+)/g;

test.each(pages)("%s names files that exist", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const named = [...text.matchAll(path)].map((found) => join(root, found[1] ?? ""));
  const linked = [...text.matchAll(link)].map((found) => join(root, page, "..", found[1] ?? ""));
  const missing = [...named, ...linked]
    .map((one) => one.slice(root.length + 1))
    .filter((one) => !invented.has(one) && !existsSync(join(root, one)));
  expect(missing).toEqual([]);
});
