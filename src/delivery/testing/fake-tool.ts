// The contract of the fake agent program: only what the wrapper asks for is filled in.
import { trimCells, typedAfter } from "../../tools/screen-rows.ts";
import type { Tool } from "../../tools/tool.ts";

export const fakeTool: Tool = {
  name: "fake",
  label: "Fake",
  aliases: [],
  binary: { name: "fake", fallbacks: [] },
  configDir: { env: "FAKE_HOME", folder: ".fake" },
  markers: [],
  sessionOf: () => undefined,
  dialect: {
    hooks: {},
    read: (hook) => ({ tool: "fake", hook, kind: "nothing" }),
    write: () => ({ stdout: "", stderr: "", exit: 0 }),
    bootstrapAt: "argv",
    waitsAtTurnEnd: false,
  },
  launch: {
    maxCount: 1,
    prompt: (text) => [text],
    resume: (session) => [session],
    rejected: [],
    argv: (plan) => [...plan.userArgs],
    stripEnv: [],
    env: {},
    isPrintMode: () => false,
  },
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  screen: {
    startTimeoutMs: 5000,
    input(rows) {
      const row = rows.findLast((one) => one.text.startsWith("❯"));
      return row === undefined ? null : typedAfter(row, 1);
    },
    approval: (rows) => rows.some((row) => trimCells(row.text) === "Proceed? y"),
    busy: (rows) => rows.some((row) => row.text === "working"),
    launchQuestion: () => false,
  },
  rungs: [{ kind: "typing", text: "<hcom>", enterDelayMs: 50 }],
  transcript: { glob: () => "", reached: () => "" },
  actions: { shell: [], file: [], delegate: [] },
  inlineLimit: 10_000,
  settings: () => Promise.reject(new Error("the fake tool has no settings")),
};
