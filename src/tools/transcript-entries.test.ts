// The readers of transcripts, over what real versions wrote, and over what none of them would.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asObject, type JsonObject, parseJson } from "../core/json.ts";
import { type Exchange, newReading, takeEntry } from "../core/transcript/exchange.ts";
import type { EntryReader } from "../core/transcript/reader.ts";
import { type ShownExchange, showExchange } from "../core/transcript/show.ts";
import { Fixtures } from "./fixtures/contract-kit.ts";
import { toolNames, tools } from "./index.ts";

const readers: Record<string, EntryReader> = {};
for (const name of toolNames) {
  const reader = await (await tools[name]()).transcript.entryReader?.();
  if (reader !== undefined) readers[name] = reader;
}

function exchangesOf(tool: string, lines: readonly string[], isSubagent = false): Exchange[] {
  const reading = newReading({ last: 1000 });
  const entriesOf = readers[tool]!({ isSubagent });
  for (const line of lines) for (const entry of entriesOf(line)) takeEntry(reading, entry);
  return reading.kept;
}

const linesOf = (tool: string, file: string) => new Fixtures(tool).text(file).trimEnd().split("\n");

const recorded = (tool: string, file: string): ShownExchange[] =>
  exchangesOf(tool, linesOf(tool, file)).map((one) => showExchange(one, "detailed").exchange);

/** A recorded line with other values at some keys. */
function changed(line: string, change: (entry: JsonObject) => void): string {
  const entry = asObject(parseJson(line));
  change(entry);
  return JSON.stringify(entry);
}

test("every tool has a reader", () => {
  expect(Object.keys(readers)).toEqual([...toolNames]);
});

const works: [tool: string, file: string][] = [
  ["claude", "2.1.329/work.jsonl"],
  ["claude", "2.1.216/work.jsonl"],
  ["codex", "0.169.0/work.jsonl"],
  ["codex", "0.145.0/work.jsonl"],
];

/** With those that hold other things than that work. */
const recordings: typeof works = [
  ...works,
  ["gemini", "0.61.0/mail.jsonl"],
  ["opencode", "1.18.33/mail.jsonl"],
];

for (const [tool, file] of works) {
  describe(`${tool} ${file}`, () => {
    const [first, second, third, ...more] = recorded(tool, file);

    test("has three exchanges, each prompt and answer once", () => {
      expect(more).toEqual([]);
      expect(first?.user).toEndWith("work on files");
      expect(first?.action).toBe("I'll sum it up: two files.");
      expect(first?.timestamp).toMatch(/^2026-11-21T/);
      expect(third).toMatchObject({
        ...{ user: "a plain question", action: "MOCK-ECHO a plain question", files: [] },
        ...{ tools: [], edits: [], errors: [], ended_on_error: false },
      });
    });

    test("shows the commands and whether they failed", () => {
      expect(first?.tools?.[0]).toMatchObject({
        name: "Bash",
        command: "ls /nonexist",
        is_error: true,
        output: expect.stringContaining("No such file or directory"),
      });
      expect(first?.tools?.find((one) => one.name === "Edit")).toMatchObject({ is_error: false });
      expect(first?.errors?.[0]).toMatchObject({ tool: "Bash" });
      expect(first?.ended_on_error).toBe(false);
    });

    test("shows the files and what was changed in them", () => {
      expect(first?.files).toEqual(["a.txt", "b.txt"]);
      const diffs = Object.fromEntries(
        (first?.edits ?? []).map(({ file: path, diff }) => [path.split("/").at(-1), diff]),
      );
      expect(diffs["a.txt"]).toEndWith("-two\n+three");
      expect(diffs["b.txt"]).toStartWith("+fresh");
    });

    test("a turn that broke at the model ended in error", () => {
      expect(second).toMatchObject({
        action: "(turn ended in error after using Bash)",
        tools: [{ name: "Bash", command: "echo only-tools", output: "only-tools" }],
        errors: [{ tool: "model", content: expect.stringContaining("mock error 400") }],
        ended_on_error: true,
      });
    });
  });
}

test("what Codex puts around an output is taken off", () => {
  for (const version of ["0.169.0", "0.145.0"]) {
    const [first] = recorded("codex", `${version}/work.jsonl`);
    expect(first?.tools?.map((one) => one.output)).toEqual([
      "ls: cannot access '/nonexist': No such file or directory",
      "Success. Updated the following files:\nA b.txt\nM a.txt",
    ]);
  }
});

for (const [tool, version, name] of [
  ["claude", "2.1.329", "lena"],
  ["claude", "2.1.216", "mimi"],
  ["codex", "0.169.0", "vuri"],
  ["codex", "0.145.0", "rote"],
] as const) {
  test(`${tool} ${version}: an agent that was woken by mail was asked what the mail says`, () => {
    expect(recorded(tool, `${version}/mail.jsonl`).map((one) => one.user)).toEqual([
      `[new message #5] bigboss → ${name}: first-marker-1`,
      expect.stringMatching(new RegExp(`^\\[new message #\\d+\\] bigboss → ${name}: second-mark`)),
    ]);
  });
}

test("a hook that is not ours and lets a turn go on begins no exchange", () => {
  for (const version of ["0.169.0", "0.145.0"]) {
    const [first, ...more] = recorded("codex", `${version}/inject.jsonl`);
    expect([first?.user, more]).toEqual(["please [[RUN echo hi]]", []]);
    expect(first?.action).toContain("MOCK-DONE 1\nMOCK-ECHO");
  }
  const lines = linesOf("claude", "2.1.329/transcript-kinds.jsonl");
  const block = lines.find((line) => line.includes("hook_blocking_error")) ?? "";
  expect(readers["claude"]!({ isSubagent: false })(block)).toEqual([]);
});

test("mail that lets a turn go on begins an exchange", () => {
  const words = "<hcom>[request #7] nova → luna: one more</hcom>";
  const claude = linesOf("claude", "2.1.329/transcript-kinds.jsonl")
    .filter((line) => line.includes("hook_blocking_error"))
    .map((line) => line.replace("INJ-STOPBLOCK [[RUN echo two]]", words));
  const codex = linesOf("codex", "0.169.0/inject.jsonl")
    .filter((line) => line.includes("response_item") && line.includes("<hook_prompt"))
    .map((line) => line.replaceAll("INJ-Stop-reason", words.replaceAll("<", "&lt;")));
  for (const [tool, lines] of [
    ["claude", claude],
    ["codex", codex],
  ] as const) {
    expect(exchangesOf(tool, lines)).toMatchObject([
      { user: "[request #7] nova → luna: one more" },
    ]);
  }
});

describe("claude: lines of all kinds", () => {
  const lines = linesOf("claude", "2.1.329/transcript-kinds.jsonl");

  test("people, peers, channels and queued prompts speak; bookkeeping does not", () => {
    expect(exchangesOf("claude", lines).map((one) => one.user.split("\n")[0])).toEqual([
      "[[RUN echo hi]] hello",
      "[[RUN touch made.txt]] do it",
      "[[SAY delivered-while-approval-pending]] peer note",
      "[[RUN echo a]] wake",
      '<channel source="hub" sender="luna" msg_id="42">',
    ]);
  });

  const prompt = lines.find((line) => line.includes("do it")) ?? "";
  const users = (line: string, isSubagent = false) =>
    exchangesOf("claude", [line], isSubagent).map((one) => one.user);

  test("what is no prompt begins nothing", () => {
    expect(users(prompt)).toEqual(["[[RUN touch made.txt]] do it"]);
    expect(users(changed(prompt, (entry) => Object.assign(entry, { isMeta: true })))).toEqual([]);
    for (const key of ["isCompactSummary", "isSidechain"]) {
      expect(users(changed(prompt, (entry) => Object.assign(entry, { [key]: true })))).toEqual([]);
    }
    for (const type of ["summary", "system", "result", "progress", "file-history-snapshot"]) {
      expect(users(changed(prompt, (entry) => Object.assign(entry, { type })))).toEqual([]);
    }
  });

  test("a subagent's own file is all sidechain", () => {
    const line = changed(prompt, (entry) => Object.assign(entry, { isSidechain: true }));
    expect(users(line, true)).toEqual(["[[RUN touch made.txt]] do it"]);
  });

  test("commands of the prompt are shown as typed, what they print is not", () => {
    const typed = (content: string) =>
      users(changed(prompt, (entry) => Object.assign(entry, { message: { content } })));
    const command = "<command-message>x</command-message>\n<command-name>/model</command-name>";
    expect(typed(`${command}\n<command-args>opus</command-args>`)).toEqual(["/model opus"]);
    expect(typed("<bash-input>ls -l</bash-input>")).toEqual(["! ls -l"]);
    expect(typed("<local-command-stdout>Set model</local-command-stdout>")).toEqual([]);
    expect(typed("[Request interrupted by user for tool use]")).toEqual([]);
    expect(typed("  ")).toEqual([]);
  });
});

describe("codex: what was said stands there twice", () => {
  const lines = linesOf("codex", "0.169.0/work.jsonl");
  const item = (role: string) => lines.find((line) => line.includes(`"role":"${role}"`)) ?? "";
  const user = lines.filter((line) => line.includes("a plain question"))[0] ?? "";
  const event = lines.filter((line) => line.includes("a plain question"))[1] ?? "";

  test("one writing alone is enough", () => {
    for (const line of [user, event]) {
      expect(exchangesOf("codex", [line]).map((one) => one.user)).toEqual(["a plain question"]);
    }
  });

  test("the same prompt given twice is two exchanges", () => {
    expect(exchangesOf("codex", [user, event, event, user])).toHaveLength(2);
    expect(exchangesOf("codex", [user, user])).toHaveLength(2);
  });

  test("what Codex says under the user's name begins nothing", () => {
    expect(item("user")).toContain("<environment_context>");
    expect(exchangesOf("codex", [item("user")])).toEqual([]);
    for (const text of [
      "<permissions instructions>",
      "# AGENTS.md instructions",
      "<turn_aborted>",
    ]) {
      expect(exchangesOf("codex", [user.replace("a plain question", text)])).toEqual([]);
    }
  });

  test("outputs come as text, as parts, as JSON, or with their own word for success", () => {
    const call = lines.find((line) => line.includes('"function_call"')) ?? "";
    const came = lines.find((line) => line.includes('"function_call_output"')) ?? "";
    const shown = (output: unknown) =>
      exchangesOf("codex", [
        ...[user, call],
        changed(came, (entry) => Object.assign(asObject(entry["payload"]), { output })),
      ])[0]?.actions[0];
    expect(shown([{ type: "input_text", text: "fine" }])).toMatchObject({ output: "fine" });
    const inner = { output: "no", metadata: { exit_code: 1, duration_seconds: 0.1 } };
    expect(shown(JSON.stringify(inner))).toMatchObject({ output: "no", isError: true });
    expect(shown({ content: "error: x", success: true })).toMatchObject({ isError: false });
    expect(shown({ content: "nothing", success: false })).toMatchObject({ isError: true });
    expect(shown("error: x")).toMatchObject({ output: "error: x", isError: true });
  });
});

for (const tool of toolNames) {
  const reader = readers[tool]!;
  describe(`${tool}: garbage`, () => {
    test("never throws", () => {
      const keys = ["type", "message", "content", "attachment", "payload", "item", "output"];
      const types = ["user", "assistant", "attachment", "response_item", "event_msg", "message"];
      const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...types, "tool_use", "text"));
      const nested = fc.dictionary(fc.constantFrom(...keys), value);
      const line = fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ type: fc.constantFrom(...types), message: nested, payload: nested }),
      );
      const read = reader({ isSubagent: true });
      fc.assert(
        fc.property(line, (one) => {
          const text = typeof one === "string" ? one : JSON.stringify(one);
          expect(Array.isArray(read(text))).toBe(true);
        }),
      );
    });

    test("a recorded line without any one of its parts is read", () => {
      for (const [owner, file] of works.filter(([name]) => name === tool)) {
        for (const line of linesOf(owner, file)) {
          const read = reader({ isSubagent: false });
          for (const part of partsOf(parseJson(line))) read(JSON.stringify(part));
        }
      }
    });

    test("lines in any order, cut off anywhere, are exchanges that can be shown", () => {
      for (const [owner, file] of recordings.filter(([name]) => name === tool)) {
        const lines = linesOf(owner, file);
        const mixed = fc.shuffledSubarray([...lines, ...lines], { minLength: 1 });
        fc.assert(
          fc.property(mixed, fc.nat(2000), (some, cutAt) => {
            const exchanges = exchangesOf(tool, [...some, (some.at(-1) ?? "").slice(0, cutAt)]);
            for (const one of exchanges) showExchange(one, "detailed");
            const positions = exchanges.map(({ position }) => position);
            expect(positions).toEqual(positions.map((_, at) => at + 1));
          }),
          { numRuns: 30 },
        );
      }
    });

    test("a line that is still being written says nothing", () => {
      for (const [owner, file] of works.filter(([name]) => name === tool)) {
        for (const line of linesOf(owner, file)) {
          expect(reader({ isSubagent: false })(line.slice(0, -1))).toEqual([]);
        }
      }
    });
  });
}

/** The value, once without each key at any depth, and once with null there. */
function partsOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const copy = (put: object) =>
      Array.isArray(value) ? Object.values({ ...value, ...put }) : { ...value, ...put };
    return [
      ...[copy({ [key]: undefined }), copy({ [key]: null })],
      ...partsOf(inner).map((part) => copy({ [key]: part })),
    ];
  });
}

describe("what people found in their transcripts", () => {
  const told = (tool: string, file: string) =>
    exchangesOf(tool, linesOf(tool, `field/${file}`)).map(({ user, texts }) => [user, ...texts]);

  test("the end of a background task is no question", () => {
    expect(told("claude", "tasknote.jsonl")).toEqual([
      ["run the tests in the background", "started", "all green"],
    ]);
  });
  test("an answer that is a plain string is read", () => {
    expect(told("claude", "asst-string.jsonl")).toEqual([["one", "said as a plain string"]]);
  });
  test("a first line behind a byte order mark is read", () => {
    expect(told("claude", "bom.jsonl")).toEqual([["one", "A1"]]);
  });
  test("the question behind what an editor adds is shown, in every program", () => {
    expect(told("codex", "ide-context.jsonl")).toEqual([
      ["why is the list empty?\n", "Because the query has no rows."],
    ]);
    const opened = "<ide_opened_file>The user opened /p/a.ts</ide_opened_file>\n";
    const asked = (content: string) =>
      exchangesOf("claude", [JSON.stringify({ type: "user", message: { content } })]).map(
        (one) => one.user,
      );
    expect(asked(`${opened}<ide_selection>x\ny</ide_selection>\nwhy?`)).toEqual(["why?"]);
    expect(asked(opened)).toEqual([]);
    expect(asked("<ide_opened_file>never closed")).toEqual(["<ide_opened_file>never closed"]);
    expect(asked("what is <ide_opened_file>?")).toEqual(["what is <ide_opened_file>?"]);
  });
});
