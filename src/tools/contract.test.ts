// The contract of an agent program, one suite for all of them, over what their real versions sent
// and showed.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";
import { type Reply, silent } from "../core/reply.ts";
import { expected as claude } from "./claude/fixtures/expected.ts";
import { expected as codex } from "./codex/fixtures/expected.ts";
import { type Expectations, Fixtures } from "./fixtures/contract-kit.ts";
import { corpus } from "./fixtures/settings-corpus.ts";
import { expected as gemini } from "./gemini/fixtures/expected.ts";
import { allMarkers, toolNames, toolOfHook, tools } from "./index.ts";
import { expected as opencode } from "./opencode/fixtures/expected.ts";
import type { Dialect, InstallOptions, SettingsFile } from "./tool.ts";

const manifests: Readonly<Record<string, Expectations>> = { claude, codex, gemini, opencode };

const options: InstallOptions = {
  program: ["/opt/b un/bun", "--no-env-file", "--config=/dev/null", "/opt/it's/main.js"],
  autoApprove: true,
  commandWord: "hcom",
  version: undefined,
};

const replies: Reply[] = [
  silent,
  { kind: "context", text: '<hcom>[request #1] a → b: "x"\n</hcom>', notice: "n", watch: ["/b"] },
  { kind: "context", text: "" },
  { kind: "continue", text: "go on" },
  { kind: "drop-prompt", reason: "nothing new" },
  { kind: "wake", text: "<hcom>" },
  { kind: "allow" },
  { kind: "rewrite-command", input: { command: "true" } },
];

for (const name of toolNames) {
  const tool = await tools[name]();
  const manifest = manifests[name];
  if (manifest === undefined) throw new Error(`no expected.ts for ${name}`);
  const fixtures = new Fixtures(name);
  const { dialect } = tool;
  const hookNames = Object.keys(dialect.hooks);

  describe(`${name}: hooks`, () => {
    test("the registry knows the hook commands and markers without loading the tool", () => {
      expect(tool.name).toBe(name);
      for (const hook of hookNames) expect(toolOfHook(hook)).toBe(name);
      for (const marker of tool.markers) expect(allMarkers).toContain(marker.env);
    });

    test("every recorded payload becomes the expected fact", () => {
      expect(Object.keys(manifest.payloads).sort()).toEqual(fixtures.recordings().sort());
      for (const [recording, [hook, kind, has]] of Object.entries(manifest.payloads)) {
        const { payload, env } = fixtures.recording(recording);
        const fact = dialect.read(hook, payload, env);
        expect({ recording, kind: fact.kind }).toEqual({ recording, kind });
        expect(fact).toMatchObject({ tool: name, hook, ...has });
        expect(fact.session).toBe(String(payload["session_id"]));
        expect(fact.directory).toBe(String(payload["cwd"]));
        expect(payload["hook_event_name"]).toBe(dialect.hooks[hook]);
      }
    });

    test("garbage never throws", () => {
      const hook = fc.constantFrom(...hookNames, "no-such-hook");
      const value = fc.oneof(fc.jsonValue(), fc.anything());
      const keys = fc.constantFrom(
        "tool_name",
        "tool_input",
        "tool_response",
        "prompt",
        "agent_id",
      );
      const payload = fc.oneof(value, fc.dictionary(keys, value));
      fc.assert(fc.property(hook, payload, (one, what) => answerAll(dialect, one, what)));
    });

    test("a payload without any one of its keys never throws", () => {
      for (const [recording, [hook]] of Object.entries(manifest.payloads)) {
        const { payload } = fixtures.recording(recording);
        for (const key of Object.keys(payload)) {
          const { [key]: _gone, ...rest } = payload;
          answerAll(dialect, hook, rest);
        }
      }
    });

    test("ten thousand changed payloads: no error, nothing said outside the dialect", () => {
      const recorded = Object.entries(manifest.payloads).map(([name, [hook]]) => ({
        hook,
        ...fixtures.recording(name),
      }));
      const junk = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom("", null, -1, [], {}));
      const change = fc.record({ recording: fc.constantFrom(...recorded), at: fc.nat(), junk });
      const property = fc.property(change, ({ recording, at, junk: value }) => {
        const payload = changed(recording.payload, at, value);
        const fact = dialect.read(recording.hook, payload, recording.env);
        for (const reply of replies) {
          const { stdout, stderr } = dialect.write(reply, fact);
          if (stdout !== "" && !isObject(parseJson(stdout))) throw new Error(stdout);
          if (stderr !== "") expect(fact.kind).toBe("bell");
        }
      });
      fc.assert(property, { numRuns: 10_000 });
    });

    test("every reply to every hook is JSON of the dialect, or nothing", () => {
      for (const [recording, [hook]] of Object.entries(manifest.payloads)) {
        const { payload, env } = fixtures.recording(recording);
        const fact = dialect.read(hook, payload, env);
        for (const reply of replies) {
          const output = dialect.write(reply, fact);
          if (output.exit !== 0) expect(fact.kind).toBe("bell");
          if (output.stdout === "") continue;
          const answer = parseJson(output.stdout);
          if (!isObject(answer)) throw new Error(`${recording}: ${output.stdout}`);
          const specific = answer["hookSpecificOutput"];
          if (isObject(specific)) {
            expect(specific["hookEventName"]).toBe(String(payload["hook_event_name"]));
          }
        }
      }
    });

    test("context reaches the model where the turn starts and between its actions", () => {
      const carriers = new Set(["session-start", "prompt", "action-end", "batch-end"]);
      for (const [recording, [hook, kind]] of Object.entries(manifest.payloads)) {
        const { payload, env } = fixtures.recording(recording);
        const fact = dialect.read(hook, payload, env);
        const said = dialect.write({ kind: "context", text: "MAIL-1" }, fact).stdout;
        if (carriers.has(kind)) expect(said).toContain("MAIL-1");
        const kept = dialect.write({ kind: "continue", text: "MAIL-2" }, fact).stdout;
        expect(kept.includes("MAIL-2")).toBe(kind === "turn-end" || kind === "subagent-end");
      }
    });
  });

  describe(`${name}: screens`, () => {
    test("recorded screens show input, approval and state", () => {
      expect(Object.keys(manifest.screens).sort()).toEqual(fixtures.screens().sort());
      for (const [recording, wanted] of Object.entries(manifest.screens)) {
        const rows = fixtures.rows(recording);
        const title = wanted.title ?? "";
        const seen = {
          recording,
          input: tool.screen.input(rows),
          approval: tool.screen.approval(rows, title),
          busy: tool.screen.busy?.(rows, title),
          launchQuestion: tool.screen.launchQuestion?.(rows) ?? false,
          overlay: tool.screen.overlay?.(rows) ?? false,
        };
        expect(seen).toEqual({
          recording,
          input: wanted.input,
          approval: wanted.approval ?? false,
          busy: wanted.busy ?? null,
          launchQuestion: wanted.launchQuestion ?? false,
          overlay: wanted.overlay ?? false,
        });
      }
    });

    test("keys answer recorded approvals alone: no launch question, no resting screen", () => {
      if (tool.screen.answers === undefined) return;
      for (const [recording, wanted] of Object.entries(manifest.screens)) {
        const keys = tool.screen.answers(fixtures.rows(recording));
        const isAsking = wanted.approval === true && wanted.launchQuestion !== true;
        expect([recording, keys]).toEqual([recording, isAsking ? expect.anything() : undefined]);
      }
    });

    test("any rows are read without an error", () => {
      const row = fc.record({ text: fc.string(), dim: fc.array(fc.boolean()) });
      fc.assert(
        fc.property(fc.array(row), fc.string(), (rows, title) => {
          tool.screen.input(rows);
          tool.screen.approval(rows, title);
          tool.screen.overlay?.(rows);
          tool.screen.busy?.(rows, title);
          tool.screen.launchQuestion?.(rows);
        }),
      );
    });
  });

  describe(`${name}: transcript`, () => {
    for (const { file, reached, lost } of manifest.transcripts) {
      test(`${file} proves what reached the model`, () => {
        const lines = fixtures.text(file).split("\n");
        const text = lines.map((line) => tool.transcript.reached(line)).join("\n");
        for (const one of reached) expect(text).toContain(one);
        for (const one of lost) expect(text).not.toContain(one);
        for (const line of lines) {
          expect(tool.transcript.reached(line.slice(0, line.length / 2))).toBe("");
        }
      });
    }

    test("any line is read without an error", () => {
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
          expect(typeof tool.transcript.reached(line)).toBe("string");
        }),
      );
    });
  });

  describe(`${name}: settings`, async () => {
    const { files } = await tool.settings();
    for (const file of files({ configDir: "/home/me/.cfg" })) {
      const what = file.path.split("/").at(-1) ?? "";
      for (const version of [undefined, "0.120.0", "0.130.0", "9.0.0"]) {
        for (const autoApprove of [true, false]) {
          const chosen = { ...options, version, autoApprove };
          const label = `${what}, version ${version}, auto-approve ${autoApprove}`;
          test(`${label}: what was put in comes out again`, () => checkFile(file, what, chosen));
        }
      }

      test(`${what}: a broken text is refused, not repaired`, () => {
        for (const text of manifest.broken[what] ?? []) {
          expect(() => file.install(text, options)).toThrow(Refusal);
        }
      });

      test(`${what}: another program path replaces the old one`, () => {
        const first = file.install(null, options);
        const moved = { ...options, program: ["/new/bun", "/new/main.js"] };
        const second = file.install(first, moved);
        expect(file.problems(second, moved)).toEqual([]);
        expect(second).not.toContain("/opt/");
        expect(file.remove(second)).toBe(file.remove(first));
      });
    }
  });
}

function answerAll(dialect: Dialect, hook: string, payload: unknown): void {
  const fact = dialect.read(hook, payload, {});
  for (const reply of replies) dialect.write(reply, fact);
}

/** The same with another value at one of its places, however deep; `undefined` takes it out. */
function changed(payload: JsonObject, at: number, value: unknown): JsonObject {
  const keys = Object.keys(payload);
  const key = keys[at % keys.length] ?? "";
  const inner = payload[key];
  const rest = Math.floor(at / keys.length);
  if (isObject(inner) && Object.keys(inner).length > 0 && rest % 2 === 1) {
    return { ...payload, [key]: changed(inner, rest >> 1, value) };
  }
  if (rest % 3 !== 2) return { ...payload, [key]: value };
  const { [key]: _gone, ...others } = payload;
  return others;
}

function checkFile(file: SettingsFile, what: string, chosen: InstallOptions): void {
  for (const text of corpus[what.endsWith(".json") ? "json" : what] ?? []) {
    const installed = file.install(text, chosen);
    expect({ text, problems: file.problems(installed, chosen) }).toEqual({ text, problems: [] });
    expect(file.install(installed, chosen)).toBe(installed);
    expect({ text, back: file.remove(installed) }).toEqual({ text, back: text });
    expect(file.remove(text)).toBe(text);
  }
  if (file.problems(null, chosen).length === 0) return;
  const made = file.install(null, chosen);
  expect(file.problems(made, chosen)).toEqual([]);
  expect(file.remove(made)).toBeNull();
}
