// What is read of a large transcript is what reading every line gives.
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reading, Span } from "../../core/transcript/exchange.ts";
import { findTool } from "../../tools/index.ts";
import { readTranscriptFile } from "./read-file.ts";
import type { Subject } from "./subject.ts";

const folder = mkdtempSync(`${tmpdir()}/hcom-read-file-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tools = join(import.meta.dir, "../../tools");
const recorded = [
  ...["work", "mail", "transcript-kinds"].map((name) => `claude/fixtures/2.1.329/${name}.jsonl`),
  ...["work", "mail", "rollout-kinds"].map((name) => `codex/fixtures/0.169.0/${name}.jsonl`),
  "codex/fixtures/0.145.0/work.jsonl",
];
const large = 4 << 20;
const spans: Span[] = [
  ...[1, 5, 1_000_000].map((last) => ({ last })),
  ...[1, 100].map((from) => ({ from, to: from + 2 })),
  { from: 99_999_999, to: 99_999_999 },
];

async function read(tool: string, path: string, span: Span, isWhole: boolean) {
  const subject: Pick<Subject, "parent" | "isHere"> = { parent: null, isHere: false };
  const found = await findTool(tool);
  const reading = await readTranscriptFile(subject as Subject, found!, path, {
    ...{ span, waits: false },
    ...(isWhole ? { heed: () => {} } : {}),
  });
  return reading as Reading;
}

/** The same requests again and again are one. */
const withoutUsage = ({ kept }: Reading) => kept.map((one) => ({ ...one, usage: undefined }));

for (const file of recorded) {
  const [tool = ""] = file.split("/");
  test(`of ${file} many times over, the last and the middle are those of the whole`, async () => {
    const content = readFileSync(`${tools}/${file}`, "utf8").trimEnd();
    const lines = content.split("\n");
    // Rotated, so that it begins and ends in the middle of an exchange, and cut off in a line.
    const turned = [...lines.slice(lines.length / 2), ...lines].join("\n");
    const times = Math.ceil(large / turned.length);
    const path = `${folder}/${file.replaceAll("/", "-")}`;
    writeFileSync(path, `${`${turned}\n`.repeat(times)}${turned.slice(0, -40)}`);
    for (const span of spans) {
      const [part, whole] = [
        await read(tool, path, span, false),
        await read(tool, path, span, true),
      ];
      expect([span, part.total]).toEqual([span, whole.total]);
      expect(withoutUsage(part)).toEqual(withoutUsage(whole));
    }
  });
}
