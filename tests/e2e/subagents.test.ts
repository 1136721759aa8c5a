// Two subagents of a real Claude and their parent, all in one process and one session: each hears
// what the others say to it, once. The truth is what the model was sent.
import { describe, expect, test } from "bun:test";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { type Lab, openLab } from "./lab.ts";

describe.skipIf(findVendor("claude", "newest") === null)("two subagents of Claude", () => {
  test("hear each other and are heard by their parent, each word once", async () => {
    using lab = openLab();
    const parent = await lab.launch("claude", "newest", {
      args: ["--allowedTools", "Bash"],
      env: { HCOM_SUBAGENT_TIMEOUT: "20" },
    });
    const [one, two] = [1, 2].map((n) => `${parent.name}_general_purpose_${n}`);
    const words = [
      { from: one, to: two, text: "one-to-two" },
      { from: two, to: one, text: "two-to-one" },
      { from: one, to: parent.name, text: "one-to-parent" },
      { from: two, to: parent.name, text: "two-to-parent" },
    ];
    const task = (name: string | undefined, mark: string) => {
      // The other one may not be there yet.
      const sends = words
        .filter(({ from }) => from === name)
        .map(({ to, text }) => `((RUN until hcom send @${to} -- ${text}; do sleep 0.2; done))`);
      const prompt = `((RUN hcom start)) ${sends.join(" ")} ((SAY ${mark}-done)) ${mark}`;
      const input = { description: mark, prompt, subagent_type: "general-purpose" };
      return `[[TOOL Agent ${JSON.stringify(input)}]]`;
    };
    const both = [task(one, "i-am-one"), task(two, "i-am-two")].join(" ");
    await lab.prompt(parent, `${both} [[SAY delegated]] i-am-parent`);
    const marks = {
      [one ?? ""]: "i-am-one",
      [two ?? ""]: "i-am-two",
      [parent.name]: "i-am-parent",
    };
    await until(() => words.every(({ to = "", text }) => heard(lab, marks[to], to, text) > 0), {
      timeoutMs: 90_000,
      what: "all four words",
      dump: lab.dump,
    });
    await until(() => lab.hcom("list", "--names").out.trim() === parent.name, {
      timeoutMs: 60_000,
      what: "the subagents to end",
      dump: lab.dump,
    });
    await lab.idle(parent);
    for (const { to = "", text } of words) {
      expect([text, heard(lab, marks[to], to, text)]).toEqual([text, 1]);
    }
    const said = lab.hcom("events", "--type", "message", "--last", "50").out;
    for (const { from, text } of words) {
      const lines = said.split("\n").filter((line) => line.includes(text));
      expect([text, lines.length, lines[0]?.includes(`"${from}"`)]).toEqual([text, 1, true]);
    }
  }, 200_000);
});

/** How often that mail stands in the newest request of who was given this mark as its task. */
function heard(lab: Lab, mark: string | undefined, name: string, text: string): number {
  const own = lab.model.requests.filter((one) => !one.isSide && isOf(one.text, mark ?? ""));
  return (own.at(-1)?.text ?? "").split(`→ ${name}: ${text}`).length - 1;
}

/** The parent's prompt holds the tasks of both. */
function isOf(text: string, mark: string): boolean {
  return text.includes("i-am-parent") ? mark === "i-am-parent" : text.includes(mark);
}
