// What AgenticComm's first version answers, and ours: the same, or another answer with a reason.
// The answers are those of its description (`fixtures/original-answers.json`), one after the other
// on one document. What a foreign document keeps is held here, too.
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "../../src/acomm/read-document.ts";
import { writeDocument } from "../../src/acomm/write-document.ts";
import { type Snapshot, seedForm } from "../../src/core/channels/snapshot.ts";
import answers from "./fixtures/original-answers.json" with { type: "json" };
import { hcom, plainEnv, tempDir } from "./lab.ts";

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
const env = plainEnv(dir.path);
const file = join(dir.path, "original.acomm");
const stamp = /"\d{4}-\d\d-\d\dT[\d:.]+(?=[Z+])/g;

interface Case {
  say: string[];
  code: number;
  answer?: unknown;
  error?: string;
  contents?: string[];
  ours?: unknown;
  oursCode?: number;
  why?: string;
}

describe("acomm", () => {
  for (const [at, one] of (answers.acomm as Case[]).entries()) {
    test(`${at + 1}: ${one.say.map((word) => JSON.stringify(word)).join(" ")}`, async () => {
      const run = await hcom(env, ["--program=acomm", "--file", file, ...one.say]);
      expect(run.code).toBe(one.oursCode ?? one.code);
      if (one.ours !== undefined || one.oursCode !== undefined) expect(one.why).toBeString();
      if (run.code !== 0) {
        const said = JSON.parse(run.err) as { error: string; code: string };
        if (one.error !== undefined) expect(said.error).toBe(one.error);
        return;
      }
      expect(run.err).toBe("");
      const found = JSON.parse(run.out.replace(stamp, '"<T>'));
      if (one.contents !== undefined) {
        expect(found.map((message: { content: string }) => message.content)).toEqual(one.contents);
      } else expect(JSON.stringify(found)).toBe(JSON.stringify(one.ours ?? one.answer));
    });
  }
});

test("agentic-comm-mcp", async () => {
  const said = answers.mcp.map((one) => JSON.stringify({ jsonrpc: "2.0", ...one.say }));
  const words = ["--program=agentic-comm-mcp", "--store", join(dir.path, "mcp.acomm")];
  const run = await hcom(env, words, { stdin: `${said.join("\n")}\n` });
  const heard = run.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(heard).toEqual(answers.mcp.map((one) => ("ours" in one ? one.ours : one.answer)));
});

function snapshotIn(path: string): Snapshot {
  const found = readDocument(readFileSync(path));
  if (found.kind === "refused") throw new Error(found.reason);
  return found.snapshot;
}

const fixtures = join(import.meta.dir, "../../src/acomm/fixtures");

describe.each(["7dfef69", "1c09cb5", "f88656e", "7dd4499", "HEAD-rich"])(
  "a foreign document, %s",
  (name) => {
    const acomm = (path: string, ...words: string[]) =>
      hcom(env, ["--program=acomm", "--file", path, ...words]);

    /** The document with a time to live of one second in every channel, and a state. */
    async function changed(state?: string): Promise<string> {
      const path = join(dir.path, `${name}-${state ?? "aging"}.acomm`);
      copyFileSync(join(fixtures, `${name}.acomm`), path);
      const from = snapshotIn(path);
      const channels = from.channels.map(({ record, extension }) => ({
        record: { ...record, config: { ...record.config, ttl_seconds: 1 } },
        extension: state === undefined ? extension : { ...extension, state },
      }));
      await Bun.write(path, writeDocument({ ...from, channels }));
      return path;
    }

    test("loses nothing by its time to live until somebody says expire", async () => {
      const path = await changed();
      const before = snapshotIn(path).messages.map((kept) => kept.record);
      const [channel] = snapshotIn(path).channels;
      const id = `${channel?.record.id}`;
      expect((await acomm(path, "send", id, "one more")).code).toBe(0);
      const after = snapshotIn(path).messages.map((kept) => kept.record);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after).toHaveLength(before.length + 1);
      const live = JSON.parse((await acomm(path, "search", "", "--live")).out);
      expect(live.length).toBeLessThanOrEqual(1);
      const dry = JSON.parse((await acomm(path, "expire", "--dry-run")).out);
      expect(dry.expired).toBeGreaterThanOrEqual(before.length);
      expect(snapshotIn(path).messages).toHaveLength(after.length);
      const real = JSON.parse((await acomm(path, "expire")).out);
      expect(real.expired).toBeGreaterThanOrEqual(dry.expired);
      const { messages, rest, form } = snapshotIn(path);
      expect(messages.length).toBe(after.length - real.expired);
      const dead = rest?.["dead_letters"];
      if (form.generation > 0) {
        expect(Array.isArray(dead) && dead.length).toBeGreaterThanOrEqual(real.expired);
      }
    });

    test("says what state a channel is in, and obeys it", async () => {
      const path = await changed("Closed");
      const { form, channels } = snapshotIn(path);
      if (form.generation === seedForm.generation) return;
      const id = channels[0]?.record.id;
      const shown = JSON.parse((await acomm(path, "channel", "info", `${id}`)).out);
      expect(shown.state).toBe("Closed");
      const refused = await acomm(path, "send", `${id}`, "hello");
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.err).error).toBe(`Channel ${id} is closed — operation not allowed`);
    });

    test("is written only where it may be", async () => {
      const path = await changed("Active");
      chmodSync(path, 0o444);
      const before = readFileSync(path);
      const refused = await acomm(path, "channel", "create", "new");
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.err).error).toContain("write-protected");
      expect(readFileSync(path)).toEqual(before);
    });
  },
);
