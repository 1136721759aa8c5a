// An agent that has stopped goes on as itself, and a copy of it as somebody else: with the real
// programs, judged by what the model server got.
import { describe, expect, test } from "bun:test";
import { asObject, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool, VendorVersion } from "../kit/vendor-versions.ts";
import { type Lab, openLab } from "./lab.ts";

const cases: [VendorTool, VendorVersion][] = [
  ["claude", "newest"],
  ["claude", "pin"],
  ["codex", "newest"],
  ["codex", "pin"],
  ["gemini", "newest"],
  ["opencode", "newest"],
];

/** Gemini CLI 0.61.0 has nothing that copies a session. */
const hasNoFork: readonly VendorTool[] = ["gemini"];

for (const [tool, version] of cases) {
  describe.skipIf(findVendor(tool, version) === null)(`${tool} ${version}`, () => {
    test("comes back under its name, with its history and the mail that waited", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, { args: ["--tag", "team"] });
      await lab.prompt(agent, "[[SAY noted]] the word is heron");
      await lab.model.waitFor((one) => one.latest.includes("heron"));
      await lab.idle(agent);
      const before = session(lab, agent.name);
      // Somebody else is here, so that a word to everybody has a reader.
      expect(lab.hcom("start").code).toBe(0);
      lab.hcom("kill", agent.name);
      expect(lab.hcom("send", "-b", "--", "said-meanwhile").code).toBe(0);

      const again = await lab.resume(agent);
      expect(again.name).toBe(agent.name);
      expect(session(lab, agent.name)).toBe(before);
      expect(lab.hcom("list", agent.name, "tag").out.trim()).toBe("team");
      await lab.prompt(again, "[[SAY here]] who are you");
      const request = await lab.model.waitFor((one) => one.latest.includes("who are you"));
      expect(request.text).toContain("the word is heron");
      await lab.idle(again);
      expect(count(lab.requestsWith("who are you").at(-1)?.text ?? "", "said-meanwhile")).toBe(1);
    });

    test.skipIf(!hasNoFork.includes(tool))("is not forked, and that is said", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version);
      await lab.prompt(agent, "[[SAY noted]] the word is heron");
      await lab.model.waitFor((one) => one.latest.includes("heron"));
      await lab.idle(agent);
      const { code, err } = lab.hcom("f", agent.name);
      expect([code, err]).toEqual([2, expect.stringContaining("cannot fork a session")]);
    });

    const forks = test.skipIf(hasNoFork.includes(tool));
    forks("is forked into another agent, and stays as it was", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version);
      await lab.prompt(agent, "[[SAY noted]] the word is heron");
      await lab.model.waitFor((one) => one.latest.includes("heron"));
      await lab.idle(agent);
      const before = session(lab, agent.name);

      const copy = await lab.fork(agent);
      expect(copy.name).not.toBe(agent.name);
      // OpenCode shows an empty session first, and loses an Enter when it shows the copy.
      await until(() => copy.pane.capture().includes("the word is heron"), {
        timeoutMs: 40_000,
        what: "the conversation on the copy's screen",
        dump: () => copy.pane.capture(),
      });
      await lab.prompt(copy, "[[SAY here]] who are you");
      const request = await lab.model.waitFor((one) => one.latest.includes("who are you"));
      expect(request.text).toContain("the word is heron");
      expect(request.text).toContain(`reach you as **${copy.name}**`);
      expect(request.text).toContain(`a copy of ${agent.name}'s`);
      await lab.idle(copy);
      expect(session(lab, copy.name)).not.toBe(before);
      expect(session(lab, agent.name)).toBe(before);

      const id = lab.send(agent.name, "for-the-parent");
      await lab.model.waitFor((one) => one.latest.includes("for-the-parent"), 30_000);
      await lab.proved(id);
      const other = lab.send(copy.name, "for-the-copy");
      const got = await lab.model.waitFor((one) => one.latest.includes("for-the-copy"), 30_000);
      await lab.proved(other);
      expect(got.text).not.toContain("for-the-parent");
    });
  });
}

function session(lab: Lab, name: string): string | undefined {
  const shown = asObject(parseJson(lab.hcom("list", name, "--json").out));
  return typeof shown["session_id"] === "string" ? shown["session_id"] : undefined;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
