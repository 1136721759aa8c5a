import { describe, expect, test } from "bun:test";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { LogRecord } from "../sys/log.ts";
import type { System } from "../sys/system.ts";
import type { Call, Command, Out } from "./command.ts";
import { report, runCommand } from "./run.ts";
import type { Part } from "./style.ts";

const logged: LogRecord[] = [];
const system = {
  env: {},
  log: (record: LogRecord) => {
    logged.push(record);
  },
} as unknown as System;

/** What `report` wrote: standard output, standard error, exit code. */
function reported(error: unknown, json: boolean) {
  let stdout = "";
  let stderr = "";
  const out = {
    json: (value: unknown) => {
      stdout += `${JSON.stringify(value)}\n`;
    },
    note: (...parts: readonly Part[]) => {
      stderr += `${parts.join("")}\n`;
    },
  } as Out;
  const code = report(error, { out, system, json, command: "demo" });
  return { stdout, stderr, code };
}

const refused = new Refusal({
  code: "not_found",
  message: 'no agent "x"',
  hint: "available: luna",
  exit: exitCode.notFound,
});

describe("a refusal", () => {
  test("is said to people on standard error, with what to do next", () => {
    expect(reported(refused, false)).toEqual({
      stdout: "",
      stderr: 'Error: no agent "x"\n  available: luna\n',
      code: 3,
    });
  });
  test("is one object on standard output for scripts", () => {
    const { stdout, stderr, code } = reported(refused, true);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "not_found", message: 'no agent "x"', hint: "available: luna" },
    });
    expect([stderr, code]).toEqual(["", 3]);
  });
  test("without a hint has a null for it, and exit code 1 when it says none", () => {
    const plain = new Refusal({ code: "c", message: "m" });
    expect(reported(plain, true)).toEqual({
      stdout: '{"error":{"code":"c","message":"m","hint":null}}\n',
      stderr: "",
      code: 1,
    });
  });
});

describe("a bug", () => {
  test("is one line, exit code 70, and a stack in the log", () => {
    logged.length = 0;
    expect(reported(new TypeError("x is not a function"), false)).toEqual({
      stdout: "",
      stderr: "Error: hcom demo failed: x is not a function (details: hcom status --logs)\n",
      code: 70,
    });
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: "error", event: "bug", command: "demo" });
    expect(logged[0]?.msg).toContain("run.test.ts");
  });
  test("has the same shape as a refusal for scripts", () => {
    expect(JSON.parse(reported("thrown text", true).stdout)).toEqual({
      error: { code: "bug", message: "thrown text", hint: null },
    });
  });
});

describe("running a command", () => {
  function recording(patch: Partial<Command> = {}) {
    const calls: Call[] = [];
    const command: Command = {
      name: "demo",
      group: "talk",
      summary: "",
      usage: [],
      flags: [{ name: "thread", value: "NAME", about: "" }],
      run: (call) => {
        calls.push(call);
        return 7;
      },
      ...patch,
    };
    return { calls, command };
  }

  test("hands over words, flags and the global ones, and returns its exit code", async () => {
    const { calls, command } = recording();
    const argv = ["a", "--thread", "t", "--name", "luna", "--go", "--", "b", "--json"];
    expect(await runCommand(command, argv, system)).toBe(7);
    const [call] = calls;
    expect(call).toMatchObject({ words: ["a"], rest: ["b", "--json"], name: "luna", go: true });
    expect([call?.flags.value("thread"), call?.json]).toEqual(["t", false]);
  });

  test("the environment can confirm as well", async () => {
    const { calls, command } = recording();
    await runCommand(command, [], { ...system, env: { HCOM_GO: "1" } });
    await runCommand(command, [], { ...system, env: { HCOM_GO: "0" } });
    expect(calls.map((call) => call.go)).toEqual([true, false]);
  });

  test("a raw command gets its arguments as they are, help among them", async () => {
    const { calls, command } = recording({ isRaw: true });
    const argv = ["--whatever", "-h", "--", "x"];
    expect(await runCommand(command, argv, system)).toBe(7);
    expect(calls[0]?.argv).toEqual(argv);
  });
});
