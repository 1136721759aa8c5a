// A real Codex in its own sandbox sends in every form that a model writes, whatever its owner
// passed: what counts is what stands in the human's inbox.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { asObject, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorVersion } from "../kit/vendor-versions.ts";
import { type Lab, openLab } from "./lab.ts";

// Below /tmp Codex' sandbox lets everybody write.
const elsewhere = mkdtempSync("/var/tmp/hs-");
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

const forms: Record<string, string> = {
  alone: "hcom send @bigboss -- alone",
  chain: "cd . && hcom send @bigboss -- chain",
  pipe: "echo pipe | hcom send @bigboss --stdin",
  heredoc: "hcom send @bigboss --stdin <<'END'\nheredoc\nEND",
};

const roots = `sandbox_workspace_write.writable_roots=["${elsewhere}"]`;
const flags: [name: string, args: string[], only?: VendorVersion][] = [
  ["no flags", []],
  ["--add-dir", ["--add-dir", elsewhere]],
  ["-a never", ["-a", "never"]],
  ["-a on-request -s workspace-write", ["-a", "on-request", "-s", "workspace-write"]],
  ["own writable roots", ["-c", roots]],
  ["--approve-for-me", ["--approve-for-me"], "newest"],
];

for (const version of ["newest", "pin"] as const) {
  describe.skipIf(findVendor("codex", version) === null)(`codex ${version}`, () => {
    const ours = flags.filter(([, , only]) => only === undefined || only === version);
    test.each(ours)("sends alone, in a chain, a pipe and a heredoc with %s", async (_, args) => {
      using lab = openLab();
      const agent = await lab.launch("codex", version, { args });
      const steps = Object.values(forms).map((command) => `[[RUN ${command}]]`);
      lab.send(agent.name, `${steps.join("\n")}\n[[SAY all-sent]]`);
      await until(() => sentBy(lab, agent.name).length >= steps.length, {
        timeoutMs: 60_000,
        what: `four messages, not ${sentBy(lab, agent.name).join()}`,
        dump: lab.dump,
      });
      expect(sentBy(lab, agent.name)).toEqual(Object.keys(forms));
    });
  });
}

/** The texts of what the agent has sent, oldest first. */
function sentBy(lab: Lab, name: string): string[] {
  const { out } = lab.hcom("events", "--type", "message", "--agent", name, "--last", "50");
  return lines(out).flatMap((line) => {
    const data = asObject(asObject(parseJson(line))["data"]);
    return data["from"] === name && typeof data["text"] === "string" ? [data["text"].trim()] : [];
  });
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
