// Real agents in their own sandboxes send in every form that a model writes, whatever their owner
// passed: what counts is what stands in the log.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { asObject, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorVersion } from "../kit/vendor-versions.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

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
      await sendsInEveryForm(lab, agent);
    });
  });
}

// Claude's own sandbox needs two programs of the system.
const hasSandbox = Bun.which("bwrap") !== null && Bun.which("socat") !== null;

for (const version of ["newest", "pin"] as const) {
  const isThere = hasSandbox && findVendor("claude", version) !== null;
  test.skipIf(!isThere)(`claude ${version} sends in each form out of its sandbox`, async () => {
    using lab = openLab();
    const network = { allowAllUnixSockets: true };
    const settings = { sandbox: { enabled: true, allowUnsandboxedCommands: false, network } };
    const agent = await lab.launch("claude", version, { settings });
    await sendsInEveryForm(lab, agent);
    lab.send(agent.name, "[[RUN readlink /proc/self/ns/mnt | hcom send @bigboss --stdin]]");
    const all = () => sentBy(lab, agent.name);
    const last = await until(() => all().find((text) => text.startsWith("mnt:")), {
      timeoutMs: 30_000,
      what: "the word of its mount namespace",
      dump: lab.dump,
    });
    expect(last).not.toBe(readlinkSync("/proc/self/ns/mnt"));
  });
}

async function sendsInEveryForm(lab: Lab, agent: Agent): Promise<void> {
  const steps = Object.values(forms).map((command) => `[[RUN ${command}]]`);
  lab.send(agent.name, `${steps.join("\n")}\n[[SAY all-sent]]`);
  await until(() => sentBy(lab, agent.name).length >= Object.keys(forms).length, {
    timeoutMs: 60_000,
    what: `four messages of ${agent.name}`,
    dump: () => `${sentBy(lab, agent.name).join()}\n${lab.dump()}`,
  });
  expect(sentBy(lab, agent.name)).toEqual(Object.keys(forms));
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
