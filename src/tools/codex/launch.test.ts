import { expect, test } from "bun:test";
import type { ArgvPlan } from "../tool.ts";
import { launch } from "./launch.ts";

const settings = { sandboxMode: "workspace", systemPrompt: "", autoTrust: false };
const plan: ArgvPlan = {
  userArgs: [],
  kind: "interactive",
  isHeadless: false,
  version: "0.169.0",
  bootstrap: "",
  hcomDir: "/home/me/.hcom",
  directory: "/d",
  settings,
  bypassHookTrust: false,
};

const argv = (changes: Partial<ArgvPlan>) => launch.argv({ ...plan, ...changes });
const mode = (sandboxMode: string) => ({ settings: { ...settings, sandboxMode } });

const workspace = [
  "--sandbox",
  "workspace-write",
  "-c",
  "sandbox_workspace_write.network_access=true",
];
const roots = ["-c", 'sandbox_workspace_write.writable_roots=["/home/me/.hcom"]'];

test("the sandbox lets hcom work: network for its sockets, its directory for its database", () => {
  expect(argv({})).toEqual([...workspace, "--no-daemon", ...roots]);
  expect(argv({ version: "0.145.0" })).toEqual([...workspace, ...roots]);
});

test("the sandbox modes", () => {
  expect(argv(mode("none"))).toEqual(["--no-daemon"]);
  expect(argv(mode("danger-full-access"))).toEqual([
    "--dangerously-bypass-approvals-and-sandbox",
    "--no-daemon",
  ]);
  expect(argv(mode("untrusted")).slice(4, 6)).toEqual(["-a", "on-request"]);
  expect(argv({ ...mode("untrusted"), version: "0.145.0" }).slice(4, 6)).toEqual([
    "-a",
    "untrusted",
  ]);
});

test("flags of the user win", () => {
  expect(argv({ userArgs: ["-s", "read-only"] })).toEqual([
    "-s",
    "read-only",
    "--no-daemon",
    ...roots,
  ]);
  expect(argv({ userArgs: ["--yolo", "--no-daemon"] })).toEqual(["--yolo", "--no-daemon"]);
  const added = ["--add-dir", "/x"];
  expect(argv({ userArgs: added })).toEqual([...added, ...workspace, "--no-daemon"]);
});

test("instructions are one TOML string: ours, the configured ones, the user's", () => {
  const args = argv({
    userArgs: ["resume", "id", "-c", 'developer_instructions="Be \\"brief\\""', "--search"],
    bootstrap: 'line 1\n"line" 2 \\ \u007f',
    settings: { ...settings, sandboxMode: "none", systemPrompt: "Configured" },
  });
  expect(args.slice(0, 3)).toEqual(["resume", "id", "--search"]);
  const text = args.at(-1) ?? "";
  expect(args.at(-2)).toBe("-c");
  expect(text).not.toContain("\n");
  expect(Bun.TOML.parse(text)).toEqual({
    developer_instructions: 'line 1\n"line" 2 \\ \u007f\n---\nConfigured\n---\nBe "brief"',
  });
});

test("instructions of an earlier launch of ours are not repeated", () => {
  const userArgs = ["--config=developer_instructions=You are [hcom:luna]"];
  expect(argv({ ...mode("none"), userArgs, bootstrap: "new" })).toEqual([
    "--no-daemon",
    "-c",
    'developer_instructions="new"',
  ]);
});

test("a folder is trusted by a value, unless hooks are unproven or the user spoke", () => {
  const auto = { settings: { ...settings, sandboxMode: "none", autoTrust: true } };
  const directory = '/a.b/"c"\\d';
  const trusted = argv({ ...auto, directory });
  expect(Bun.TOML.parse(trusted.at(-1) ?? "")).toEqual({
    projects: { [directory]: { trust_level: "trusted" } },
  });
  expect(argv({ ...auto, bypassHookTrust: true })).toEqual([
    "--no-daemon",
    "--dangerously-bypass-hook-trust",
  ]);
  const own = ["-c", 'projects={ "/d" = { trust_level = "untrusted" } }'];
  expect(argv({ ...auto, userArgs: own })).toEqual([...own, "--no-daemon"]);
});

test("one answer gets what `exec` itself knows, where it reads it", () => {
  const args = argv({ kind: "one-shot", userArgs: ["-m", "x", "exec", "resume", "--last", "hi"] });
  expect(args).toEqual(["-m", "x", "exec", ...workspace, ...roots, "resume", "--last", "hi"]);
});

test("what is added stands before the words of a prompt", () => {
  expect(argv({ ...mode("none"), userArgs: ["--", "-x"] })).toEqual(["--no-daemon", "--", "-x"]);
});

for (const [line, kind] of Object.entries({
  "": "interactive",
  "fix the bug": "interactive",
  "-m gpt resume --last": "interactive",
  "fork x": "interactive",
  "-c exec=1 hi": "interactive",
  "-p exec": "interactive",
  "-- exec": "interactive",
  "exec hi": "one-shot",
  "-m gpt e --json hi": "one-shot",
  "exec resume --last hi": "one-shot",
  exec: "one-shot",
  "exec help": "plain",
  "exec --help": "plain",
  "exec review --uncommitted": "plain",
  "review --uncommitted": "plain",
  "mcp list": "plain",
  "login status": "plain",
  "-V": "plain",
  "--version": "plain",
  "-i a.png mcp": "interactive",
  doctor: "plain",
})) {
  test(`codex ${line} is ${kind}`, () => {
    const args = line === "" ? [] : line.split(" ");
    expect<string>(launch.runKind(args)).toBe(kind);
  });
}
