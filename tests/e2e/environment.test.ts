// An agent that another agent has launched is what its person would have launched: what surrounds it
// is compared with what the bare program has in the same terminal.
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool } from "../kit/vendor-versions.ts";
import { type Lab, openLab } from "./lab.ts";

type Variables = Readonly<Record<string, string>>;
const ownBin = join(import.meta.dir, "../../bin");

interface Launching {
  tool: VendorTool;
  /** Runs commands unasked and outside of a sandbox. */
  free: string[];
  /** What a launch adds for its run. */
  added: string[];
}

const programs: Launching[] = [
  { tool: "claude", free: ["--allowedTools", "Bash"], added: [] },
  { tool: "codex", free: ["--dangerously-bypass-approvals-and-sandbox"], added: [] },
  { tool: "gemini", free: ["--approval-mode", "yolo"], added: [] },
  { tool: "opencode", free: [], added: ["OPENCODE_CONFIG_CONTENT"] },
];

for (const { tool, free, added } of programs) {
  describe.skipIf(findVendor(tool, "newest") === null)(tool, () => {
    test("launched by one of its kind inherits what the bare program would", async () => {
      using lab = openLab();
      const parent = await lab.launch(tool, "newest", { args: free });
      const line = `hcom ${tool} --headless`;
      await lab.prompt(parent, `[[RUN ${line}]] [[SAY launched-it]] go on`);
      const child = await until(() => launchedBy(lab, parent.name), {
        timeoutMs: 60_000,
        what: "a launch by the agent",
        dump: lab.dump,
      });
      const person = { ...parent.env, TERM: "xterm-256color" };
      for (const name of [parent.name, child]) {
        const around = variablesOf(Number(lab.hcom("list", name, "pid").out));
        expect([name, differences(person, around, added)]).toEqual([name, []]);
      }
    }, 120_000);
  });
}

/** What is ours and what every shell makes anew does not count. */
function differences(one: Variables, other: Variables, added: readonly string[]): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const isLeftOut = (name: string) =>
    name.startsWith("HCOM_") || [...added, "PWD", "OLDPWD", "SHLVL", "_"].includes(name);
  return [...names]
    .filter((name) => !isLeftOut(name) && partOf(one, name) !== partOf(other, name))
    .map((name) => `${name}: ${one[name]} -> ${other[name]}`);
}

function partOf(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return name === "PATH" ? value?.replace(`${ownBin}:`, "") : value;
}

/** Once its process is known. */
function launchedBy(lab: Lab, parent: string): string | undefined {
  const child = asList(parseJson(lab.hcom("list", "--json").out))
    .map((row) => asText(asObject(row)["name"]))
    .find((name) => name !== parent);
  return child !== undefined && lab.hcom("list", child, "pid").out.trim() !== ""
    ? child
    : undefined;
}

function variablesOf(pid: number): Variables {
  const text = readFileSync(join("/proc", String(pid), "environ"), "utf8");
  return Object.fromEntries(
    text.split("\0").flatMap((line) => {
      const end = line.indexOf("=");
      return end > 0 ? [[line.slice(0, end), line.slice(end + 1)]] : [];
    }),
  );
}
