import { describe, expect, test } from "bun:test";
import { parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import { Fixtures } from "../fixtures/contract-kit.ts";
import type { TrustEntry } from "../tool.ts";
import { configFile } from "./settings-toml.ts";
import { trust } from "./trust.ts";

const fixtures = new Fixtures("codex");
const answers = (hooks: unknown) => new Map([[2, hooks]]);
const listOf = (version: string) => answers(parseJson(fixtures.text(`${version}/hooks-list.json`)));
const recorded = (entries: readonly TrustEntry[]) => ({
  trusted: Object.fromEntries(entries.map(({ key, hash }) => [key, hash])),
});

describe.each([
  ["0.169.0", 9],
  ["0.145.0", 7],
])("Codex %s", (version, count) => {
  const hooksFile = `/tmp/adp/trust-${version}/hooks.json`;
  const config = configFile("/tmp/config.toml");
  const entries = trust.ours(listOf(version), hooksFile);

  test("our hooks are found in the list, with Codex's own hashes", () => {
    expect(entries).toHaveLength(count);
    expect(entries.map((entry) => entry.key)).toContain(`${hooksFile}:stop:1:0`);
    expect(entries.every((entry) => /^sha256:[0-9a-f]{64}$/.test(entry.hash))).toBe(true);
  });

  test("a hook of somebody else, or in another file, is not ours", () => {
    expect(trust.ours(listOf(version), "/project/.codex/hooks.json")).toEqual([]);
  });

  test("trust is stored once and comes out again byte for byte", () => {
    for (const text of ['model = "x" # keep', "a = 1\n", "\r\n[t]\r\na = 1\r\n"]) {
      const stored = trust.store(text, entries, hooksFile, {});
      expect(stored.startsWith(text)).toBe(true);
      expect(trust.store(stored, entries, hooksFile, {})).toBe(stored);
      expect(config.remove(stored, recorded(entries))).toBe(text);
      // Without our record nothing says that the trust is ours.
      expect(config.remove(stored)).toBe(stored);
      // What others write behind ours stays on its own line.
      expect(config.remove(`${stored}[more]\n`, recorded(entries))).toBe(
        /\n$/.test(text) ? `${text}[more]\n` : `${text}\n[more]\n`,
      );
    }
  });

  test("Codex reads what was stored", () => {
    const toml = Bun.TOML.parse(trust.store(null, entries, hooksFile, {}));
    const wanted = entries.map(({ key, hash }) => [key, { trusted_hash: hash, enabled: true }]);
    expect(toml).toEqual({ hooks: { state: Object.fromEntries(wanted) } });
  });
});

const file = "/c/hooks.json";
const entry = { key: `${file}:stop:1:0`, hash: "sha256:new" };

test("an entry given through Codex's own dialog is replaced, a switched-off hook stays off", () => {
  const before = [
    "[hooks.state]\n",
    `"${entry.key}" = { trusted_hash = "sha256:old", enabled = false }\n`,
    `"${file}:stop:0:0" = { trusted_hash = "sha256:theirs" }\n`,
  ].join("");
  expect(Bun.TOML.parse(trust.store(before, [entry], file, {}))).toEqual({
    hooks: {
      state: {
        [entry.key]: {
          trusted_hash: "sha256:new",
          enabled: false,
        },
        [`${file}:stop:0:0`]: { trusted_hash: "sha256:theirs" },
      },
    },
  });
});

test("stale entries of ours go, those of others stay", () => {
  const theirs = `[hooks.state."${file}:stop:0:0"]\ntrusted_hash = "sha256:theirs"\n`;
  const stale = { key: `${file}:stop:7:0`, hash: "sha256:stale" };
  const before = trust.store(theirs, [stale], file, {});
  const after = trust.store(before, [entry], file, recorded([stale]));
  expect(after).not.toContain("stale");
  expect(after.startsWith(theirs)).toBe(true);
  expect(trust.store(theirs, [entry], file, {})).toBe(after);
});

test("a key outside our hooks file is refused", () => {
  const foreign = { key: "/project/.codex/hooks.json:stop:0:0", hash: "sha256:x" };
  expect(() => trust.store(null, [foreign], file, {})).toThrow(Refusal);
});

test("an answer that is none trusts nothing", () => {
  for (const answer of [undefined, null, {}, { error: {} }, { result: { data: [{ hooks: 3 }] } }]) {
    expect(trust.ours(answers(answer), file)).toEqual([]);
  }
});

test("marks of an earlier hcom, of which Codex warns, go at the next edit", () => {
  const marked = [
    `[hooks.state."${entry.key}"]\n`,
    `trusted_hash = "${entry.hash}"\nenabled = true\n`,
    'hcom_codex_cli_version = "0.169.0"\n',
  ].join("");
  const stored = trust.store(marked, [entry], file, {});
  expect(Bun.TOML.parse(stored)).toEqual({
    hooks: { state: { [entry.key]: { trusted_hash: entry.hash, enabled: true } } },
  });
  expect(configFile("/c/config.toml").remove(marked)).toBeNull();
});

test("a text without room for trust is refused, with the line of its owner", () => {
  for (const inline of ["hooks = { SessionStart = [] }\n", "[hooks]\nstate = {}\n"]) {
    const text = `a = 1\n\n${inline}`;
    expect(() => trust.store(text, [entry], file, {})).toThrow(
      `at line ${inline.startsWith("[") ? 4 : 3}, column 1 is an inline table`,
    );
  }
});
