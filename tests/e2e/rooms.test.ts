// Several real agents at once: a room of all programs, a team in the background, and four in a
// terminal that is too small for four.
import { describe, expect, test } from "bun:test";
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { groupMembers } from "../kit/processes.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool } from "../kit/vendor-versions.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

const programs: VendorTool[] = ["claude", "codex", "gemini", "opencode"];
const isComplete = programs.every((tool) => findVendor(tool, "newest") !== null);

describe.skipIf(!isComplete)("a room of all four programs", () => {
  test("hears a broadcast exactly once each, and each of them answers", async () => {
    using lab = openLab();
    const agents: Agent[] = [];
    for (const tool of programs) {
      const agent = await lab.launch(tool, "newest", { args: ["--tag", "room"] });
      await lab.prompt(agent, `[[SAY warm]] begin ${tool}`);
      await lab.model.waitFor((one) => one.latest.includes(`begin ${tool}`), 30_000, tool);
      await lab.idle(agent);
      agents.push(agent);
    }
    const text = "word-for-all [[RUN hcom send @bigboss -- it-is-heard]] [[SAY done]]";
    const sent = lab.hcom("send", "--json", "--go", "--", text);
    const { id, delivered_to } = asObject(parseJson(sent.out));
    expect(asList(delivered_to).length).toBe(4);
    const answers = () => answered(lab);
    await until(() => new Set(answers()).size === 4, {
      timeoutMs: 90_000,
      what: "four answers in the log",
      dump: lab.dump,
    });
    for (const agent of agents) await lab.idle(agent);
    expect(answers().toSorted()).toEqual(agents.map(baseOf).toSorted());
    for (const [at, tool] of programs.entries()) {
      const last = lab.requestsWith(`begin ${tool}`).at(-1);
      expect([tool, count(last?.text ?? "", "word-for-all")]).toEqual([tool, 1]);
      expect([tool, count(last?.text ?? "", `#${id}]`)]).toEqual([tool, 1]);
      expect(agents[at]?.status()).toBe("listening");
    }
  }, 240_000);
});

describe.skipIf(findVendor("claude", "newest") === null)("several Claudes", () => {
  test("a team in the background is ready, and killing it leaves no process", async () => {
    using lab = openLab();
    const place = lab.place("claude", "newest");
    const launched = place.hcom("3", "claude", "--headless", "--tag", "team");
    expect([launched.code, launched.err]).toEqual([0, ""]);
    const names = /^Names: (.*)$/m.exec(launched.out)?.[1]?.split(" ") ?? [];
    expect(names.length).toBe(3);
    expect(launched.out).toMatch(/^Ready: (?:team-\w+ ?){3}$/m);
    const batch = /^Batch id: (\w+)$/m.exec(launched.out)?.[1] ?? "";
    expect(place.hcom("events", "launch", batch).code).toBe(0);
    const groups = names.map((name) => Number(place.hcom("list", name, "pid").out));
    for (const group of groups) expect(groupMembers(group).length).toBeGreaterThan(0);
    const killed = place.hcom("kill", "tag:team", "--json");
    expect(killed.code).toBe(0);
    expect(asList(asObject(parseJson(killed.out))["results"]).length).toBe(3);
    for (const group of groups) expect(groupMembers(group)).toEqual([]);
    expect(place.hcom("list", "--names").out).toBe("");
  }, 90_000);

  test("four in a pane of 80x24 have panes or windows that can be used", async () => {
    using lab = openLab();
    const place = lab.place("claude", "newest");
    const size = { columns: 80, rows: 24 };
    const shell = place.shell("hcom 4 claude; echo code=$?", size);
    await until(() => /code=\d/.test(shell.capture()), {
      timeoutMs: 60_000,
      what: "the launch to end",
      dump: () => `${shell.capture()}\n${lab.dump()}`,
    });
    expect(shell.capture()).toContain("code=0");
    const format = "#{pane_width} #{pane_height} #{session_name} #{pane_dead}";
    const panes = lab.tmux("list-panes", "-a", "-F", format).split("\n");
    expect(panes.length).toBe(5);
    for (const pane of panes) {
      const [width = 0, height = 0] = pane.split(" ").map(Number);
      expect([pane, width >= 80 && height >= 23]).toEqual([pane, true]);
    }
    expect(new Set(panes.map((pane) => pane.split(" ")[2])).size).toBe(1);
    expect(place.hcom("kill", "all", "--go").code).toBe(0);
    expect(lab.tmux("list-panes", "-a", "-F", format).split("\n").length).toBe(1);
  }, 120_000);
});

/** Who sent the answer, each as often as it did. */
function answered(lab: Lab): string[] {
  const { out } = lab.hcom("events", "--type", "message", "--last", "50", "--json");
  return asList(
    parseJson(out.trim().startsWith("[") ? out : `[${out.trim().split("\n").join(",")}]`),
  )
    .map(asObject)
    .filter((event) => asText(asObject(event["data"])["text"])?.includes("it-is-heard") === true)
    .filter((event) => asText(asObject(event["data"])["text"])?.includes("word-for-all") === false)
    .flatMap((event) => asText(event["instance"]) ?? []);
}

/** As the log calls it: without the tag. */
function baseOf({ name }: Agent): string {
  return name.replace(/^room-/, "");
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
