// The agent programs, a line each. An environment is searched for their markers in the order of the
// alphabet.
export { claude } from "./claude/entry.ts";
export { codex } from "./codex/entry.ts";
export { gemini } from "./gemini/entry.ts";
export { opencode } from "./opencode/entry.ts";
