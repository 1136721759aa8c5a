// What `conversation.test.ts` does not ask of the agent programs beside Claude and Codex: what the
// log knows of their work and their transcripts; and of all of them, what they may run unasked.
import { describe, expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool, VendorVersion } from "../kit/vendor-versions.ts";
import { type Agent, type Lab, type LaunchOptions, openLab } from "./lab.ts";

interface Manners {
  tool: VendorTool;
  /** Acts without asking. */
  free: string[];
  /** Writes a file, as the model says it. */
  write(path: string): string;
}

const programs: Manners[] = [
  {
    tool: "gemini",
    free: ["--approval-mode", "yolo"],
    write: (path) => `[[TOOL write_file ${JSON.stringify({ file_path: path, content: "hi" })}]]`,
  },
  {
    tool: "opencode",
    free: [],
    write: (path) => `[[TOOL write ${JSON.stringify({ filePath: path, content: "hi" })}]]`,
  },
];

for (const { tool, free, write } of programs) {
  describe.skipIf(findVendor(tool, "newest") === null)(tool, () => {
    test("what it does stands in the log and in its transcript", async () => {
      using lab = openLab();
      const told = ["--hcom-system-prompt", "you-are-the-linguist"];
      const agent = await lab.launch(tool, "newest", { args: [...told, ...free] });
      const path = join(agent.cwd, "made.txt");
      const id = await workWithMail(
        lab,
        agent,
        `[[RUN echo by-hand]] ${write(path)} [[SAY made-it]] go`,
      );
      const first = lab.requestsWith("echo by-hand")[0];
      expect((first?.text ?? "").split("you-are-the-linguist").length - 1).toBe(1);
      const events = lab.hcom("events", "--agent", agent.name, "--last", "50", "--full").out;
      expect(events).toContain("echo by-hand");
      expect(events).toContain(path);
      expect(existsSync(path)).toBe(true);
      const file = lab.hcom("list", agent.name, "transcript_path").out.trim();
      const written = readFileSync(file, "utf8");
      expect(written).toContain("made-it");
      expect(written).toContain(`#${id}]`);
      const shown = lab.hcom("transcript", agent.name, "--detailed").out;
      for (const part of ["go", "echo by-hand", "made-it"]) expect(shown).toContain(part);
    });

    test("goes on as the same agent, with the mail that came meanwhile", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, "newest", { args: free });
      await lab.prompt(agent, "[[SAY known-before]] remember");
      await lab.model.waitFor((one) => one.latest.includes("remember"), 20_000, "a prompt");
      await lab.idle(agent);
      const session = agent.session();
      expect(lab.hcom("kill", agent.name).code).toBe(0);
      const again = await lab.resume(agent);
      expect(again.name).toBe(agent.name);
      lab.send(agent.name, "while-away");
      const request = await lab.model.waitFor((one) => one.latest.includes("while-away"), 45_000);
      expect(request.text).toContain("remember");
      await lab.idle(again);
      expect(again.session()).toBe(session ?? "");
    });
  });
}

test.skipIf(findVendor("opencode", "newest") === null)(
  "OpenCode keeps everything beside HCOM_DIR where its owner wants that, its commands do not",
  async () => {
    using lab = openLab();
    const { env } = lab.place("opencode", "newest");
    const beside = dirname(env["HCOM_DIR"] ?? "");
    cpSync(join(env["HOME"] ?? "", ".config"), join(beside, ".config"), { recursive: true });
    expect(lab.hcom("config", "config_dirs", "beside").code).toBe(0);
    const agent = await lab.launch("opencode", "newest");
    const around = '[[RUN echo "config in <$XDG_CONFIG_HOME$XDG_DATA_HOME>"]]';
    await lab.prompt(agent, `${around} [[SAY kept-apart]] look around`);
    await lab.model.waitFor((one) => one.latest.includes("config in <>"), 30_000, "its output");
    await lab.idle(agent);
    expect(existsSync(join(beside, ".local/share/opencode/opencode.db"))).toBe(true);
    expect(existsSync(join(agent.env["HOME"] ?? "", ".local/share/opencode"))).toBe(false);
    // What was spent stands in its database alone.
    expect(lab.hcom("list", agent.name, "--json").out).toMatch(/"requests":[1-9]/);
    const id = lab.send(agent.name, "mail-beside");
    await lab.proved(id);
  },
);

test.skipIf(findVendor("gemini", "newest") === null)(
  "who types while a Gemini is taken up loses no letter, though it loses its input box",
  async () => {
    using lab = openLab();
    const agent = await lab.launch("gemini", "newest");
    await lab.prompt(agent, "[[SAY known-before]] remember");
    await lab.model.waitFor((one) => one.latest.includes("remember"), 20_000, "a prompt");
    await lab.idle(agent);
    expect(lab.hcom("kill", agent.name).code).toBe(0);
    const pane = lab.open(["r", agent.name], agent);
    const limit = { timeoutMs: 60_000, what: "its box", dump: () => pane.capture() };
    await until(() => pane.capture().includes("Type your message"), limit);
    lab.send(agent.name, "while-typing");
    // Its history appears with the loss, which takes a quarter of a second.
    let words = "";
    for (let more = 20; more > 0; more -= pane.capture().includes("known-before") ? 1 : 0) {
      const letter = "abcdefghij"[words.length % 10] ?? "";
      pane.type(letter);
      words += letter;
    }
    await pane.submit("-end");
    await lab.model.waitFor((one) => one.latest.includes(`${words}-end`), 30_000, words);
    await lab.model.waitFor((one) => one.latest.includes("while-typing"), 30_000, "the mail");
  },
);

/** How it comes to ask before a command, and a step that it asks about. */
interface Asking {
  tool: VendorTool;
  version: VendorVersion;
  options: LaunchOptions;
  step(command: string): string;
}

const run = (command: string) => `[[RUN ${command}]]`;

const asking: Asking[] = [
  { tool: "claude", version: "newest", options: {}, step: run },
  {
    ...{ tool: "codex", version: "newest" },
    options: { args: ["-a", "on-request", "-s", "read-only"] },
    step: (cmd) => {
      const more = { sandbox_permissions: "require_escalated", justification: "a test" };
      return `[[TOOL exec_command ${JSON.stringify({ cmd, ...more })}]]`;
    },
  },
  {
    ...{ tool: "codex", version: "pin" },
    options: { args: ["-a", "untrusted", "-s", "read-only"] },
    step: run,
  },
  { tool: "gemini", version: "newest", options: {}, step: run },
  {
    ...{ tool: "opencode", version: "newest" },
    options: { env: { OPENCODE_CONFIG_CONTENT: '{"permission":{"bash":"ask"}}' } },
    step: run,
  },
];

for (const { tool, version, options, step } of asking) {
  test.skipIf(findVendor(tool, version) === null)(
    `${tool} ${version}: hcom's safe commands run unasked, and nothing behind them does`,
    async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, options);
      const steps = ["hcom list --names", "hcom config", "hcom term"].map(step).join(" ");
      await lab.prompt(agent, `${steps} [[SAY all-read]] look`);
      for (const seen of [agent.name, "auto_approve"]) {
        await lab.model.waitFor((one) => one.latest.includes(seen), 30_000, seen);
      }
      await lab.idle(agent);
      expect(agent.pane.history()).toContain("all-read");
      for (const unsafe of ["hcom list --names && touch asked.txt", "hcom config tag asked"]) {
        await lab.prompt(agent, `${step(unsafe)} [[SAY end]] more`);
        await until(() => agent.status() === "blocked", {
          timeoutMs: 20_000,
          what: "an approval",
          dump: lab.dump,
        });
        agent.pane.key("Escape");
        await lab.idle(agent);
      }
      expect(existsSync(join(agent.cwd, "asked.txt"))).toBe(false);
      expect(lab.hcom("config", "tag").out).not.toContain("asked");
    },
  );
}

/** A turn that mail joins; its id. */
async function workWithMail(lab: Lab, agent: Agent, prompt: string): Promise<number> {
  const gate = join(agent.cwd, "gate");
  const wait = `until [ -e ${gate} ]; do sleep 0.1; done; echo gate-open`;
  await lab.prompt(agent, `[[RUN ${wait}]] ${prompt}`);
  await until(() => agent.status() === "active", { timeoutMs: 20_000, what: "busy" });
  const id = lab.send(agent.name, "joining-mail");
  Bun.spawnSync(["touch", gate]);
  await lab.idle(agent);
  await lab.proved(id);
  return id;
}
