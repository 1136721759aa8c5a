import { describe, expect, test } from "bun:test";
import { parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import { Fixtures } from "../fixtures/contract-kit.ts";
import { configFile } from "./settings-toml.ts";
import { trust } from "./trust.ts";

const fixtures = new Fixtures("codex");
const listOf = (version: string) => parseJson(fixtures.text(`${version}/hooks-list.json`));

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
    expect(trust.hasForeignUntrusted(listOf(version), hooksFile)).toBe(true);
    expect(trust.ours(listOf(version), "/project/.codex/hooks.json")).toEqual([]);
  });

  test("trust is stored once and comes out again byte for byte", () => {
    for (const text of ['model = "x" # keep', "a = 1\n", "\r\n[t]\r\na = 1\r\n"]) {
      const stored = trust.store(text, entries, version, hooksFile);
      expect(stored.startsWith(text)).toBe(true);
      expect(trust.store(stored, entries, version, hooksFile)).toBe(stored);
      expect(config.remove(stored)).toBe(text);
      // What others write behind ours stays on its own line.
      expect(config.remove(`${stored}[more]\n`)).toBe(
        /\n$/.test(text) ? `${text}[more]\n` : `${text}\n[more]\n`,
      );
    }
  });

  test("Codex reads what was stored", () => {
    const toml = Bun.TOML.parse(trust.store(null, entries, version, hooksFile));
    const wanted = entries.map(({ key, hash }) => [
      key,
      { trusted_hash: hash, enabled: true, hcom_codex_cli_version: version },
    ]);
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
  expect(Bun.TOML.parse(trust.store(before, [entry], "0.169.0", file))).toEqual({
    hooks: {
      state: {
        [entry.key]: {
          trusted_hash: "sha256:new",
          enabled: false,
          hcom_codex_cli_version: "0.169.0",
        },
        [`${file}:stop:0:0`]: { trusted_hash: "sha256:theirs" },
      },
    },
  });
});

test("stale entries of ours go, those of others stay", () => {
  const theirs = `[hooks.state."${file}:stop:0:0"]\ntrusted_hash = "sha256:theirs"\n`;
  const stale = { key: `${file}:stop:7:0`, hash: "sha256:stale" };
  const before = trust.store(theirs, [stale], "0.145.0", file);
  const after = trust.store(before, [entry], "0.169.0", file);
  expect(after).not.toContain("stale");
  expect(after.startsWith(theirs)).toBe(true);
  expect(trust.store(theirs, [entry], "0.169.0", file)).toBe(after);
});

test("a key outside our hooks file is refused", () => {
  const foreign = { key: "/project/.codex/hooks.json:stop:0:0", hash: "sha256:x" };
  expect(() => trust.store(null, [foreign], "0.169.0", file)).toThrow(Refusal);
});

test("an answer that is none trusts nothing", () => {
  for (const answer of [undefined, null, {}, { error: {} }, { result: { data: [{ hooks: 3 }] } }]) {
    expect(trust.ours(answer, file)).toEqual([]);
    expect(trust.hasForeignUntrusted(answer, file)).toBe(false);
  }
});
