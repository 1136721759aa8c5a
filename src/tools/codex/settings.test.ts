import { expect, test } from "bun:test";
import { Refusal } from "../../core/refusal.ts";
import type { InstallOptions } from "../tool.ts";
import { settings } from "./settings.ts";

const [hooks, config, rules] = settings.files({ configDir: "/c" });
const options: InstallOptions = {
  program: ["/bun", "/main.js"],
  autoApprove: true,
  commandWord: "hcom",
  version: "0.169.0",
};

test("our groups stand behind those of others: Codex trusts by index", () => {
  const theirs = { hooks: [{ type: "command", command: "mine" }] };
  const text = hooks!.install(JSON.stringify({ hooks: { Stop: [theirs] } }), options);
  expect(JSON.parse(text).hooks.Stop[0]).toEqual(theirs);
  expect(JSON.parse(text).hooks.Stop).toHaveLength(2);
});

test("events come with the version that knows them", () => {
  const events = (version: string) =>
    Object.keys(JSON.parse(hooks!.install(null, { ...options, version })).hooks);
  expect(events("0.169.0")).toContain("Interrupt");
  expect(events("0.145.0")).not.toContain("Interrupt");
});

test("entries of earlier programs go", () => {
  const text = JSON.stringify({
    hooks: {
      Stop: [{ hooks: [{ type: "command", command: "hcom codex-stop" }] }],
      Old: [
        {
          hooks: [
            { type: "cmd", cmd: "uvx hcom codex-notify" },
            { type: "cmd", cmd: "x" },
          ],
        },
      ],
    },
  });
  expect(JSON.parse(hooks!.remove(text) ?? "")).toEqual({
    hooks: { Old: [{ hooks: [{ type: "cmd", cmd: "x" }] }] },
  });
});

function checkConfig(version: string, before: string, after: string): void {
  const chosen = { ...options, version };
  expect(config!.install(before, chosen)).toBe(after);
  expect(config!.problems(after, chosen)).toEqual([]);
}

test("the feature switch by version; modern Codex needs none", () => {
  checkConfig("0.169.0", "a = 1\n", "a = 1\n");
  checkConfig("0.130.0", "", "features.hooks = true # added by hcom\n");
  checkConfig("0.120.0", "a = 1\n", "features.codex_hooks = true # added by hcom\na = 1\n");
  checkConfig(
    "0.130.0",
    "[features] # f\nx = 1\n",
    "[features] # f\nhooks = true # added by hcom\nx = 1\n",
  );
  checkConfig(
    "0.130.0",
    "features.x = 1\n",
    "features.hooks = true # added by hcom\nfeatures.x = 1\n",
  );
});

test("hooks that were switched off are switched on, and off again on removal", () => {
  const off = "[features]\nhooks = false # mine\n";
  const on = config!.install(off, options);
  expect(on).toBe("[features]\nhooks = true # hcom: was false # mine\n");
  expect(config!.problems(off, options)).toEqual(["features.hooks is not on"]);
  expect(config!.remove(on)).toBe(off);
});

test("an inline table is not guessed at", () => {
  const inline = "features = { x = true }\n";
  expect(() => config!.install(inline, { ...options, version: "0.130.0" })).toThrow(Refusal);
  expect(config!.install(inline, options)).toBe(inline);
  expect(() => config!.install("features = { hooks = false }\n", options)).toThrow(Refusal);
});

test("a notify of earlier programs goes", () => {
  checkConfig("0.169.0", 'notify = [\n  "hcom", "codex-notify",\n]\na = 1\n', "a = 1\n");
});

test("what is the owner's stays, whatever word it ends in", () => {
  for (const text of [
    'notify = ["say"]\n',
    'notify = ["agent-deck", "codex-notify"]\n',
    'notify = ["sh", "-c", "echo hcom codex-notify"]\n',
    "[features]\ncodex_hooks = true\n",
    "[profiles.p.features]\ncodex_hooks = false\n",
  ]) {
    expect(config!.remove(text)).toBe(text);
    expect(config!.install(text, options)).toBe(text);
  }
});

test("rules allow the safe commands and nothing that could write", () => {
  const text = rules!.install(null, options);
  expect(text).toContain('prefix_rule(pattern=["hcom", "send"], decision="allow")');
  for (const word of ["config", "term", "relay", "stop", "kill", "hooks"]) {
    expect(text).not.toContain(`"${word}"`);
  }
  expect(rules!.problems(null, { ...options, autoApprove: false })).toEqual([]);
  expect(rules!.install(text, { ...options, autoApprove: false })).toBe("");
});

test("rules of earlier programs go with ours", () => {
  const former = [
    "# hcom auto-approve rules\n",
    'prefix_rule(pattern=["hcom", "term"], decision="allow")\n',
    'prefix_rule(pattern=["hcom", "claude", "--help"], decision="allow")\n',
  ].join("");
  expect(rules!.remove(former)).toBeNull();
  expect(rules!.remove(`${former}# mine\n`)).toBe("# mine\n");
});
