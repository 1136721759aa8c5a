// What a launch is told in words reaches the real programs without standing in any arguments.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { findVendor } from "../kit/vendor.ts";
import { openLab } from "./lab.ts";

const prompt = "FIRST-SECRET words\n  /help is text here\nand @nobody a third line";
const system = "SYSTEM-SECRET";

/** Everything that any process shows to every user. */
function allArguments(): string {
  return readdirSync("/proc")
    .map((pid) => `/proc/${pid}/cmdline`)
    .map(readOrNothing)
    .join("\n");
}

/** A process may end while it is looked at. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

describe.each(["claude", "codex"] as const)("%s", (tool) => {
  test.each(["newest", "pin"] as const)(
    "the %s gets its prompts unseen by others",
    async (version) => {
      if (findVendor(tool, version) === null) return;
      using lab = openLab();
      const agent = await lab.launch(tool, version, {
        args: ["--hcom-prompt", prompt, "--hcom-system-prompt", system],
      });
      const request = await lab.model.waitFor(
        (one) => !one.isSide && one.text.includes("FIRST-SECRET"),
        20_000,
        `the first prompt\n${lab.dump()}`,
      );
      expect(request.latest).toContain(prompt);
      expect(request.text).toContain(system);
      const shown = allArguments();
      expect(shown).toContain(`pty\0${tool}\0`);
      expect(shown).not.toContain("FIRST-SECRET");
      // docs/decisions/0009: Codex has no other place for it.
      expect(shown.includes(system)).toBe(tool === "codex");
      await lab.idle(agent);
      const id = lab.send(agent.name, "after it");
      expect(await lab.proved(id)).not.toBe("");
    },
    90_000,
  );
});
