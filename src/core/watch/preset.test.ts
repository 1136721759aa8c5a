import { expect, test } from "bun:test";
import { type Preset, readPreset } from "./preset.ts";

const cases: [written: string, preset: Preset | undefined][] = [
  ["collision", { filters: { collision: ["yes"] } }],
  ["stopped", { filters: { action: ["stopped"] } }],
  ["idle:luna", { filters: { idle: ["luna"] } }],
  ["stopped:team-luna", { filters: { agent: ["team-luna"], action: ["stopped"] } }],
  ["file_edits:luna", { filters: { agent: ["luna"], file: ["*"] } }],
  ["user_input:luna", { filters: {}, inputOf: "luna" }],
  ['cmd:"npm test"', { filters: { cmd: ["npm test"] }, ofOthers: true }],
  ["cmd:git push", { filters: { cmd: ["git push"] }, ofOthers: true }],
  ['cmd-starts:luna:"git push"', { filters: { agent: ["luna"], cmd: ["^git push"] } }],
  ["cmd-exact:luna:make", { filters: { agent: ["luna"], cmd: ["=make"] } }],
  ["idle:", undefined],
  ["idle:a b", undefined],
  ["constructor", undefined],
  ["toString:luna", undefined],
  ["type = 'life'", undefined],
];

for (const [written, preset] of cases) {
  test(`${written} ${preset === undefined ? "is no preset" : "is a preset"}`, () => {
    expect(readPreset(written)).toEqual(preset as Preset);
  });
}
