// The contract of an MCP settings file, one suite for all programs that have one.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Refusal } from "../core/refusal.ts";
import { corpus } from "./fixtures/settings-corpus.ts";
import { mcpClients } from "./index.ts";
import { isOurServer, type McpSettings, serverWords } from "./mcp-settings.ts";

const path = "/home/me/settings";
const flags = ["--no-env-file", "--config=/dev/null", "--no-install"];
const words = serverWords(["/opt/b un/bun", ...flags, '/opt/it\'s/"dist"/hcom.js']);
const moved = serverWords(["/new/hcom/bin/hcom", "--program=hcom"]);

interface Samples {
  /** Texts besides the common ones; removal must give them back. */
  texts: readonly string[];
  broken: readonly string[];
  /** Readable, but there is no place for an entry. */
  odd: readonly string[];
  /** Somebody else's entry under our name. */
  foreign: readonly string[];
}

/** Servers of others in an object with this name. */
function jsonSamples(key: string, other: string, fits: (command: string[]) => string): Samples {
  const text = (entry: string) => `{\n  "a": 1,\n  "${key}": {\n    "hcom": ${entry}\n  }\n}\n`;
  return {
    texts: [
      ...(corpus["json"] ?? []),
      `{"${key}":{}}`,
      `{"${key}": { } }`,
      `{\n  "${key}": { /* none yet */ }\n}\n`,
      `{\n  "${key}": {\n    "other": ${other}\n  }\n}`,
      `{\r\n\t"a": 1,\r\n\t"${key}": { // mine\r\n\t\t"other": ${other},\r\n\t},\r\n}`,
      `{"${key}":{"other":${other},"hcom2":${other}},"z":"\\ud83d\\ude00 \u{1f600}"}`,
    ],
    broken: ["{", "not json", `{"${key}": {"hcom": }}`, "[]", "{}}"],
    odd: [`{"${key}": []}`, `{"${key}": "hcom"}`],
    foreign: [
      text(fits(["hcom", "mcp"])),
      text(fits(["/usr/bin/node", "/opt/main.js", "mcp"])),
      text('{"url": "http://127.0.0.1:1/mcp"}'),
      text("null"),
    ],
  };
}

const pair = ([command, ...args]: string[]) => JSON.stringify({ command, args });
const one = (command: string[]) => JSON.stringify({ type: "local", command });

const samples: Readonly<Record<keyof typeof mcpClients, Samples>> = {
  claude: jsonSamples("mcpServers", '{"type":"http","url":"http://x"}', pair),
  gemini: jsonSamples("mcpServers", '{"command":"x","trust":true}', pair),
  opencode: jsonSamples("mcp", '{"type":"local","command":["x"]}', one),
  codex: {
    texts: [
      ...(corpus["config.toml"] ?? []),
      "\n",
      '[mcp_servers]\n\n[mcp_servers.other]\ncommand = "x"\n\n[mcp_servers.other.env]\nA = "1"',
      '[mcp_servers]\r\nother = { command = "x" } # mine\r\n\r\n\r\n',
      'mcp_servers.other.command = "x"\n[mcp_servers.hcom2]\ncommand = "y"\n',
    ],
    broken: ["[broken", "model = \n", "[mcp_servers.hcom]\ncommand = [\n"],
    odd: ['mcp_servers = { other = { command = "x" } }\n', "mcp_servers = {}"],
    foreign: [
      '[mcp_servers.hcom]\ncommand = "hcom"\nargs = ["mcp"]\n',
      '[mcp_servers]\nhcom = { url = "http://x" }\n',
      'mcp_servers.hcom.command = "x"\n',
      "[mcp_servers.hcom]\n",
      '[mcp_servers.hcom.env]\nA = "1"\n',
    ],
  },
};

for (const [name, load] of Object.entries(mcpClients)) {
  const settings: McpSettings = await load();
  const { texts, broken, odd, foreign } = samples[name as keyof typeof mcpClients];

  describe(name, () => {
    test.each([...texts])("what was put in comes out again: %j", (text) => {
      expect(settings.find(path, text)).toBeUndefined();
      const added = settings.add(path, text, words);
      expect(settings.find(path, added)).toEqual({ words, isOn: true });
      expect(settings.add(path, added, words)).toBe(added);
      expect(settings.remove(path, added)).toBe(text === "" && name === "codex" ? null : text);
      expect(settings.remove(path, text)).toBe(text);
    });

    test("a file that was made goes again", () => {
      const made = settings.add(path, null, words);
      expect(settings.find(path, made)).toEqual({ words, isOn: true });
      expect(settings.remove(path, made)).toBeNull();
    });

    test.each([...texts])("another program replaces the old one: %j", (text) => {
      const first = settings.add(path, text, words);
      const second = settings.add(path, first, moved);
      expect(settings.find(path, second)).toEqual({ words: moved, isOn: true });
      expect(second).not.toContain("/opt/");
      expect(settings.remove(path, second)).toBe(settings.remove(path, first));
    });

    test.each([...broken])("a broken text is refused: %j", (text) => {
      expect(() => settings.add(path, text, words)).toThrow(Refusal);
      expect(() => settings.find(path, text)).toThrow(path);
      expect(() => settings.remove(path, text)).toThrow(path);
    });

    test.each([...odd])("a text without a place for an entry is refused: %j", (text) => {
      expect(() => settings.add(path, text, words)).toThrow(path);
      expect(settings.find(path, text)).toBeUndefined();
      expect(settings.remove(path, text)).toBe(text);
    });

    test.each([...foreign])("somebody else's entry stays: %j", (text) => {
      expect(isOurServer(settings.find(path, text)?.words ?? words)).toBe(false);
      expect(() => settings.add(path, text, words)).toThrow('an MCP server "hcom" that is not');
      expect(settings.remove(path, text)).toBe(text);
    });

    test("any path of a program is written so that it is read back", () => {
      const folder = fc.string({ unit: "grapheme" }).map((text) => `/${text.toWellFormed()}/bun`);
      fc.assert(
        fc.property(folder, folder, fc.constantFrom(...texts), (bun, main, text) => {
          const any = serverWords([bun, ...flags, main]);
          const added = settings.add(path, text, any);
          expect(settings.find(path, added)?.words).toEqual(any);
          expect(settings.remove(path, added) ?? "").toBe(text);
        }),
      );
    });
  });
}

describe("what the owner added to our entry", () => {
  const later: Record<keyof typeof mcpClients, [old: string, tuned: string]> = {
    claude: ['"alwaysLoad": true', '"timeout": 9'],
    gemini: ['"command"', '"trust": true, "command"'],
    opencode: ['"enabled": true', '"timeout": 9'],
    codex: ["env_vars =", "tool_timeout_sec = 9 # slow\nenv_vars ="],
  };
  test.each(Object.entries(later))("%s: stays when the program moves", async (name, change) => {
    const settings = await mcpClients[name as keyof typeof mcpClients]();
    const [old, tuned] = change;
    const text = settings.add(path, null, words).replace(old, tuned);
    expect(text).toContain(tuned);
    const next = settings.add(path, text, moved);
    expect(settings.find(path, next)?.words).toEqual(moved);
    expect(next).toContain(tuned.replace(/, "command"|\nenv_vars =/, ""));
    expect(settings.remove(path, next)).toBeNull();
  });

  const off: Record<string, string> = {
    opencode: '{"mcp":{"hcom":{"command":["x"],"enabled":false}}}',
    codex: '[mcp_servers.hcom]\ncommand = "x"\nenabled = false\n',
  };
  test.each(Object.entries(off))("%s: a switch that is off is seen", async (name, text) => {
    const settings = await mcpClients[name as keyof typeof mcpClients]();
    expect(settings.find(path, text)).toEqual({ words: ["x"], isOn: false });
  });
});

test("somebody else's command is named, also one without arguments", async () => {
  const settings = await mcpClients.gemini();
  const text = '{"mcpServers":{"hcom":{"command":"theirs"}}}';
  expect(() => settings.add(path, text, words)).toThrow("which runs theirs");
});

test("ours is only what we would write, wherever the program is", () => {
  expect(isOurServer(words)).toBe(true);
  expect(isOurServer(moved)).toBe(true);
  expect(isOurServer([])).toBe(false);
  expect(isOurServer(["hcom", "mcp"])).toBe(false);
  expect(isOurServer(words.slice(0, -1))).toBe(false);
  expect(isOurServer([...words, "--debug"])).toBe(false);
  expect(isOurServer(["bun", ...words.slice(1)])).toBe(false);
  expect(isOurServer(["/bun", "/opt/hcom.js", "mcp"])).toBe(false);
});
