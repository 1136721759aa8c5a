import { expect, test } from "bun:test";
import fc from "fast-check";
import { Refusal } from "../../core/refusal.ts";
import { hookCommand } from "../hook-command.ts";
import type { InstallOptions } from "../tool.ts";
import { settings } from "./settings.ts";
import { hookOfHandler } from "./settings-hooks.ts";

const file = settings.files({ configDir: "/c" })[0]!;
const options: InstallOptions = {
  program: ["/bun", "/main.js"],
  autoApprove: true,
  commandWord: "hcom",
  version: undefined,
};

const handler = (command: string) => ({ type: "command", command });

test("every hook of ours is there once, with its matcher and timeout", () => {
  const { hooks } = JSON.parse(file.install(null, options));
  const command = (hook: string) => hookCommand(options.program, hook, { ends: "0 or 2" });
  expect(hooks.Stop).toEqual([{ hooks: [{ ...handler(command("poll")), timeout: 10 }] }]);
  expect(hooks.FileChanged).toEqual([
    { hooks: [{ ...handler(command("bell")), timeout: 10, asyncRewake: true }] },
  ]);
  expect(hooks.PreToolUse[0].matcher).toBe(
    "Bash|PowerShell|Agent|Task|Write|Edit|NotebookEdit|mcp__hcom__.*",
  );
  // A key that 2.1.216 does not know would stop its start with a question.
  expect(Object.keys(hooks)).not.toContain("PreModelSwitch");
});

test("only what is safe runs without a question", () => {
  const { allow } = JSON.parse(file.install(null, options)).permissions;
  expect(allow).toContain("Bash(hcom send:*)");
  expect(allow).toContain("PowerShell(hcom list:*)");
  expect(allow).toContain("Bash(hcom config)");
  for (const word of [
    "stop",
    "kill",
    "run",
    "reset",
    "hooks",
    "claude",
    "config:",
    "term:",
    "relay:",
  ]) {
    expect(allow.join()).not.toContain(`hcom ${word}`);
  }
  const without = JSON.parse(file.install(null, { ...options, autoApprove: false }));
  expect(without.permissions).toBeUndefined();
});

test("commands of earlier programs of this name are ours, those of others are not", () => {
  const ours = [
    "hcom post",
    "uvx hcom claude-sessionstart",
    "${HCOM:-hcom} poll",
    `sh -c '[ -n "\${HCOM}" ] && \${HCOM} notify || true'`,
    'cmd="${HCOM:-hcom}"; set -- $cmd; command -v "$1" >/dev/null 2>&1 && exec $HCOM post; exit 0',
    "%HCOM% subagent-stop",
    "HCOM_ACTIVE=1 python3 /x/hcom.py post",
  ];
  for (const command of ours)
    expect([command, hookOfHandler(handler(command))]).not.toEqual([command, undefined]);
  const others = [
    "hcom list",
    "my-hcom post",
    "echo hcom post",
    "notify",
    "$HCOMX post",
    "postpone",
    "",
  ];
  for (const command of others)
    expect([command, hookOfHandler(handler(command))]).toEqual([command, undefined]);
});

test("leftovers of earlier programs go, foreign hooks in the same group stay", () => {
  const before = {
    env: { HCOM: "hcom", HCOM_DIR: "/old", OTHER: "1" },
    permissions: { allow: ["Bash(hcom daemon:*)", "Bash(ls)", "Bash(hcom kill:*)"] },
    hooks: {
      Stop: [{ hooks: [handler("${HCOM} poll"), handler("mine")] }],
      PreCompact: [{ hooks: [handler("hcom pre")] }],
    },
  };
  expect(JSON.parse(file.remove(JSON.stringify(before)) ?? "")).toEqual({
    env: { OTHER: "1" },
    permissions: { allow: ["Bash(ls)", "Bash(hcom kill:*)"] },
    hooks: { Stop: [{ hooks: [handler("mine")] }] },
  });
});

test("a timeout that the owner tuned is no reason to write", () => {
  const tuned = file.install(null, options).replace("600", "99");
  expect(file.problems(tuned, options)).toEqual([]);
  expect(file.install(tuned, options)).toBe(tuned);
});

test("what is wrong is named", () => {
  expect(file.problems(null, options)).toEqual(["no hooks are installed"]);
  const text = file.install(null, options);
  const doubled = JSON.parse(text);
  doubled.hooks.Stop.push(doubled.hooks.Stop[0]);
  doubled.hooks.PreCompact = doubled.hooks.SessionEnd;
  delete doubled.hooks.SessionEnd;
  doubled.permissions.allow.push("Bash(hcom term:*)");
  expect(file.problems(JSON.stringify(doubled), options)).toEqual([
    "Stop: hook poll is there 2 times",
    "SessionEnd: hook sessionend is missing",
    "PreCompact: hook sessionend is a leftover",
    "permission Bash(hcom term:*) is a leftover",
  ]);
});

test("settings of another shape are refused, not replaced", () => {
  for (const text of ['{"hooks":1}', '{"permissions":[]}', '{"permissions":{"allow":{}}}', "3"]) {
    expect(() => file.install(text, options)).toThrow(Refusal);
  }
  expect(() => file.remove("{")).toThrow(Refusal);
});

test("whatever the owner has, it comes back byte for byte", () => {
  const command = fc.record({ type: fc.constant("command"), command: fc.string() });
  const group = fc.record({ matcher: fc.string(), hooks: fc.array(command) });
  const events = fc.constantFrom("Stop", "SessionStart", "PreCompact", "Odd");
  const hooks = fc.dictionary(events, fc.array(group, { minLength: 1 }), { minKeys: 1 });
  const allow = fc.array(fc.string(), { minLength: 1 });
  const known = fc.record(
    { hooks, permissions: fc.record({ allow, ask: fc.jsonValue() }), env: fc.jsonValue() },
    { requiredKeys: [] },
  );
  const other = fc.dictionary(
    fc.string().filter((key) => !/^(hooks|permissions|env)$/.test(key)),
    fc.jsonValue(),
  );
  const indent = fc.constantFrom(undefined, 1, 2, 4, "\t");
  const eol = fc.constantFrom("\n", "\r\n");
  fc.assert(
    fc.property(known, other, indent, eol, fc.boolean(), (ours, rest, unit, end, isOursFirst) => {
      const value = isOursFirst ? { ...ours, ...rest } : { ...rest, ...ours };
      const text = JSON.stringify(value, null, unit).replaceAll("\n", end);
      const installed = file.install(text, options);
      expect(file.problems(installed, options)).toEqual([]);
      expect(file.remove(installed)).toBe(text);
    }),
    { numRuns: 60 },
  );
});
