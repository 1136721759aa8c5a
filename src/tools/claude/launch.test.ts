import { expect, test } from "bun:test";
import { launch } from "./launch.ts";

const settings = { sandboxMode: "workspace", systemPrompt: "", autoTrust: true };
const plan = {
  userArgs: ["--model", "x"],
  version: undefined,
  bootstrap: "B",
  hcomDir: "/h",
  directory: "/d",
  settings,
  bypassHookTrust: false,
};

test("the user's arguments pass as they are", () => {
  expect(launch.argv(plan)).toEqual(["--model", "x"]);
});

test("a system prompt is appended to Claude's own", () => {
  const withPrompt = { ...plan, settings: { ...settings, systemPrompt: "Be brief" } };
  expect(launch.argv(withPrompt).slice(2)).toEqual(["--append-system-prompt", "Be brief"]);
});

test("print mode streams all it says, unless told otherwise", () => {
  const streamed = ["--output-format", "stream-json", "--verbose"];
  expect(launch.argv({ ...plan, userArgs: ["-p"] })).toEqual(["-p", ...streamed]);
  const own = ["--print", "--output-format=json"];
  expect(launch.argv({ ...plan, userArgs: own })).toEqual(own);
  expect(launch.isPrintMode(["--", "-p"])).toBe(false);
});

test("prompt, resume and fork", () => {
  expect(launch.prompt("-p is a flag")).toEqual(["--", "-p is a flag"]);
  expect(launch.resume("s")).toEqual(["--resume", "s"]);
  expect(launch.fork?.("s")).toEqual(["--resume", "s", "--fork-session"]);
});
