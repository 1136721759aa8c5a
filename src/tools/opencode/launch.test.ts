import { expect, test } from "bun:test";
import { asObject, parseJson } from "../../core/json.ts";
import type { RunOptions } from "../tool.ts";
import { perRun } from "./run-settings.ts";
import { opencode } from "./tool.ts";

const { runKind, kept } = opencode.launch;

test("sessions, answers and its own commands are told apart", () => {
  for (const args of [[], ["-m", "run"], ["src/"], ["--prompt", "serve"], ["-c"]]) {
    expect([args, runKind(args)]).toEqual([args, "interactive"]);
  }
  expect(runKind(["run", "fix", "it"])).toBe("one-shot");
  for (const args of [["serve"], ["auth", "list"], ["--version"], ["run", "--attach", "u"]]) {
    expect([args, runKind(args)]).toEqual([args, "plain"]);
  }
});

test("a session that is taken up keeps how it works, not what it was asked", () => {
  const args = [
    "-m",
    "a/b",
    "--prompt",
    "do it",
    "-s",
    "ses_1",
    "--fork",
    "--agent",
    "plan",
    "src",
  ];
  expect(kept(args)).toEqual(["-m", "a/b", "--agent", "plan"]);
});

const run: RunOptions = {
  configDir: "/c",
  directory: "/w",
  args: [],
  env: {},
  arePassed: true,
  answers: undefined,
  readFile: () => undefined,
  program: ["/opt/bun", "/opt/main.js"],
  autoApprove: true,
  commandWord: "hcom",
  version: "1.18.33",
  hcomDir: "/h/.hcom",
  sandboxMode: "none",
  autoTrust: false,
};

function passed(env: Record<string, string>) {
  const settings = perRun.settings({ ...run, env });
  const given = settings.env?.("/h/.hcom/.tmp/x y.js") ?? {};
  return { settings, config: asObject(parseJson(given["OPENCODE_CONFIG_CONTENT"] ?? "")) };
}

test("the plugin stands beside what its owner passes, and never beside another of ours", () => {
  const file = "file:///h/.hcom/.tmp/x%20y.js";
  expect(passed({}).config).toEqual({ plugin: [file] });
  const theirs = { model: "a/b", plugin: ["theirs", "file:///h/.hcom/.tmp/outer.js"] };
  const { config, settings } = passed({ OPENCODE_CONFIG_CONTENT: JSON.stringify(theirs) });
  expect(config).toEqual({ model: "a/b", plugin: ["theirs", file] });
  // What their agent's own shells are to see.
  expect(settings.file).toContain(JSON.stringify('{"model":"a/b","plugin":["theirs"]}'));
});

test("a value that is no object is left alone, and that is said", () => {
  const { settings } = passed({ OPENCODE_CONFIG_CONTENT: "[1" });
  expect([settings.env, settings.notes.length]).toEqual([undefined, 1]);
});
