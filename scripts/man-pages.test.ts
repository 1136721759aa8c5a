// The manual as `man` shows it: complete, readable, and in the package under the right names.
import { expect, test } from "bun:test";
import manifest from "../package.json" with { type: "json" };
import { commands } from "../src/commands/registry/all.ts";
import { manPages } from "./man-pages.ts";

const pages = await manPages();
const table = await commands();

test("the package names every page of the manual, and no other", () => {
  expect(manifest.man.toSorted()).toEqual(
    Object.keys(pages)
      .map((name) => `dist/man/${name}`)
      .toSorted(),
  );
});

test("every command that is shown has a page and stands on that of hcom", () => {
  for (const { name, isHidden } of table) {
    if (isHidden === true && name !== "launch") continue;
    expect(Object.keys(pages)).toContain(`hcom-${name}.1`);
    expect(pages["hcom.1"]).toContain(`hcom\\-${name}(1)`);
  }
});

test("a page holds what the help of its command says: usage, flags, examples", () => {
  const send = table.find((one) => one.name === "send");
  const text = plain(pages["hcom-send.1"] ?? "");
  for (const line of send?.usage ?? []) expect(text).toContain(`hcom ${line}`);
  for (const flag of send?.flags ?? []) expect(text).toContain(`--${flag.name}`);
  for (const line of send?.examples ?? []) expect(text).toContain(line);
});

/** The text without roff, as far as these pages use it. */
function plain(roff: string): string {
  return roff
    .replace(
      /\\\((ha|ti|ga|aq)/g,
      (_, sign) => ({ ha: "^", ti: "~", ga: "`", aq: "'" })[sign as "ha"],
    )
    .replace(/\\f[BR]/g, "")
    .replaceAll("\\-", "-")
    .replaceAll("\\e", "\\");
}

const groff = Bun.which("groff");
test.skipIf(groff === null)(
  "every page is set without a warning, and its signs can be copied",
  () => {
    for (const [name, roff] of Object.entries(pages)) {
      const words = [groff ?? "", "-man", "-ww", "-Tutf8", "-P-c", "-rLL=200n"];
      const child = Bun.spawnSync(words, {
        stdin: new Blob([roff]),
        stdout: "pipe",
        stderr: "pipe",
      });
      expect([name, child.exitCode, child.stderr.toString()]).toEqual([name, 0, ""]);
      const shown = child.stdout.toString().replace(/.\x08/g, "");
      // Signs that only look like those of a shell: dashes, quotes, accents.
      expect([name, shown.match(/[\u2010-\u201f\u02c6\u02dc]/g)]).toEqual([name, null]);
      expect(shown).toContain("SYNOPSIS");
    }
  },
);
