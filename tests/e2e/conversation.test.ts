// Real agents in real terminals, newest and pinned: every promise of delivery, against a scripted
// model.
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { staysTrue, until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool, VendorVersion } from "../kit/vendor-versions.ts";
import { type Agent, type Lab, type LaunchOptions, openLab } from "./lab.ts";

const cases: [VendorTool, VendorVersion][] = [
  ["claude", "newest"],
  ["claude", "pin"],
  ["codex", "newest"],
  ["codex", "pin"],
  ["gemini", "newest"],
  ["opencode", "newest"],
];

/** What each combination can do when it is idle, best first; the ledger must name one of them. */
const idleRungs: Record<string, string[]> = {
  "claude newest": ["inbox"],
  "claude pin": ["bell"],
  "codex newest": ["queue", "typing"],
  "codex pin": ["typing"],
  "gemini newest": ["typing"],
  "opencode newest": ["bell"],
};

/** The newest exchange of its transcript, with what was done in it. */
function shown(lab: Lab, agent: Agent): string {
  return lab.hcom("transcript", agent.name, "--last", "1", "--detailed", "--json").out;
}

/** For agents that work without asking. */
const workArgs: Partial<Record<VendorTool, string[]>> = { gemini: ["--approval-mode", "yolo"] };

/** The key that says yes to what it asks. */
const yes: Record<VendorTool, string> = {
  claude: "1",
  codex: "y",
  gemini: "Enter",
  opencode: "Enter",
};

for (const [tool, version] of cases) {
  describe.skipIf(findVendor(tool, version) === null)(`${tool} ${version}`, () => {
    test("is bound, knows who it is, and is told exactly once", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, { args: workArgs[tool] ?? [] });
      await lab.prompt(agent, "[[RUN echo one]] [[SAY done-here]] start");
      await lab.model.waitFor((one) => one.latest.includes("one\n") || one.latest.endsWith("one"));
      await lab.idle(agent);
      expect(agent.session()).toBeString();
      const last = lab.requestsWith("start").at(-1);
      expect(count(last?.text ?? "", `reach you as **${agent.name}**`)).toBe(1);
      await until(() => shown(lab, agent).includes("done-here"), {
        what: "its transcript has the answer",
        timeoutMs: 20_000,
      });
      expect(JSON.parse(shown(lab, agent))).toMatchObject([
        {
          user: expect.stringMatching(/start$/),
          action: expect.stringMatching(/^\s*done-here\s*$/),
          tools: [{ output: expect.stringMatching(/\bone\b/), is_error: false }],
        },
      ]);
    });

    test("an idle agent gets a message in exactly one turn", async () => {
      using lab = openLab();
      const agent = await warm(lab, tool, version);
      const before = lab.model.requests.length;
      const id = lab.send(agent.name, "idle-mail");
      await lab.model.waitFor((one) => one.latest.includes("idle-mail"), 45_000, "the idle mail");
      await lab.idle(agent);
      const via = await lab.proved(id);
      expect(idleRungs[`${tool} ${version}`]).toContain(via);
      const turns = lab.model.requests.slice(before).filter((one) => !one.isSide);
      expect(turns).toHaveLength(1);
      expect(count(turns[0]?.text ?? "", `#${id}]`)).toBe(1);
    });

    test("mail that came with a prompt which is taken back is not lost", async () => {
      using lab = openLab();
      const agent = await warm(lab, tool, version);
      await lab.prompt(agent, "[[SLOW 5000 words]] first-task");
      await lab.model.waitFor((one) => one.latest.includes("first-task"), 20_000);
      const id = lab.send(agent.name, "early-mail");
      // Queued: it begins when the first one ends, and its hook takes the mail along.
      await lab.prompt(agent, "[[SLOW 5000 slow-answer]] second-task");
      await lab.model.waitFor((one) => one.text.includes("early-mail"), 40_000, "the mail");
      agent.pane.key("Escape");
      await lab.idle(agent);
      agent.pane.key("C-u");
      for (const [at, words] of ["go-on", "and-then", "the-last-one"].entries()) {
        await lab.prompt(agent, `[[SAY answer-${at}]] ${words}`);
        const what = `the turn of ${words}`;
        await until(() => lab.requestsWith(words).length > 0, { timeoutMs: 30_000, what });
        await lab.idle(agent);
      }
      await lab.proved(id);
      const last = lab.requestsWith("the-last-one").at(-1)?.text ?? "";
      expect(count(last, "early-mail")).toBe(1);
    });

    test("an agent that was never prompted gets a message", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, { args: workArgs[tool] ?? [] });
      const id = lab.send(agent.name, "first-mail");
      await lab.model.waitFor((one) => one.latest.includes("first-mail"), 45_000, "first mail");
      expect(await lab.proved(id)).toBeOneOf(["mod", "inbox", "bell", "queue", "typing"]);
    });

    test("a busy agent gets a message in the next request of the same turn", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, { args: workArgs[tool] ?? [] });
      await lab.prompt(agent, `[[RUN ${waitForFile(agent)}]] [[SAY end]] work`);
      await until(() => agent.status() === "active", { timeoutMs: 20_000, what: "busy" });
      const id = lab.send(agent.name, "busy-mail");
      openGate(agent);
      const request = await lab.model.waitFor((one) => one.latest.includes("busy-mail"), 20_000);
      expect(request.latest).toContain("gate-open");
      expect(await lab.proved(id)).toMatch(/^(hook:|mod$)/);
    });

    test("a message during an approval waits, answers nothing, and arrives after it", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, askingOptions(tool, version));
      await lab.prompt(agent, `${askingStep(tool, version)} [[SAY end]] go`);
      await until(() => agent.status() === "blocked", {
        timeoutMs: 20_000,
        what: "an approval",
        dump: lab.dump,
      });
      const before = lab.model.requests.length;
      const id = lab.send(agent.name, "patient-mail");
      await staysTrue(4_000, () => lab.model.requests.length === before);
      expect(existsSync(`${agent.cwd}/asked.txt`)).toBe(false);
      expect(agent.status()).toBe("blocked");
      agent.pane.key(yes[tool]);
      await lab.model.waitFor((one) => one.latest.includes("patient-mail"), 30_000, "after");
      expect(existsSync(`${agent.cwd}/asked.txt`)).toBe(true);
      await lab.proved(id);
    });

    test("twenty messages in a burst arrive in order, each once", async () => {
      using lab = openLab();
      const agent = await warm(lab, tool, version);
      const ids = Array.from({ length: 20 }, (_, n) => lab.send(agent.name, `burst-${n}.`));
      await lab.model.waitFor((one) => one.text.includes("burst-19."), 60_000, "the last one");
      await lab.idle(agent);
      const text = lab.requestsWith("burst-19.").at(-1)?.text ?? "";
      const found = [...text.matchAll(/#(\d+)\] bigboss/g)].map((match) => Number(match[1]));
      expect(found).toEqual(ids);
      for (const id of ids) await lab.proved(id);
    });

    test("a half-typed draft survives a delivery", async () => {
      using lab = openLab();
      const agent = await warm(lab, tool, version);
      agent.pane.type("half a thought");
      await until(() => agent.pane.capture().includes("half a thought"), {
        timeoutMs: 5_000,
        what: "the draft on the screen",
      });
      lab.send(agent.name, "draft-mail");
      const pushes = idleRungs[`${tool} ${version}`]?.[0] !== "typing";
      if (pushes) await lab.model.waitFor((one) => one.latest.includes("draft-mail"), 45_000);
      else await staysTrue(3_000, () => lab.requestsWith("draft-mail").length === 0);
      expect(agent.pane.capture()).toContain("half a thought");
      expect(lab.requestsWith("half a thought")).toHaveLength(0);
    });

    test("kill ends the whole process group and the name is free to see", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, version, { args: workArgs[tool] ?? [] });
      const pid = Number(lab.hcom("list", agent.name, "pid").out);
      expect(lab.hcom("kill", agent.name).code).toBe(0);
      await until(() => !isGroupAlive(pid), { timeoutMs: 10_000, what: "the group to end" });
      expect(lab.hcom("list", "--names").out).not.toContain(agent.name);
    });
  });
}

describe.skipIf(findVendor("claude", "newest") === null)("a subagent of Claude", () => {
  test("speaks for itself and not for its root", async () => {
    using lab = openLab();
    const agent = await lab.launch("claude", "newest");
    const prompt = "((RUN hcom send @bigboss -- from-below)) ((SAY below-done)) go";
    const input = { description: "d", prompt, subagent_type: "general-purpose" };
    await lab.prompt(agent, `[[TOOL Agent ${JSON.stringify(input)}]] [[SAY end]] delegate`);
    const line = await until(
      () => lab.hcom("events", "--type", "message").out.trim() || undefined,
      {
        timeoutMs: 30_000,
        what: "the subagent's message",
        dump: lab.dump,
      },
    );
    expect(JSON.parse(line).data.from).toBe(`${agent.name}_general_purpose_1`);
    expect(lab.hcom("list", agent.name, "tool").out.trim()).toBe("claude");
  });
});

describe.skipIf(findVendor("claude", "newest") === null || findVendor("codex", "newest") === null)(
  "Claude and Codex",
  () => {
    test("answer each other with hcom send", async () => {
      using lab = openLab();
      const claude = await lab.launch("claude", "newest", {
        args: ["--allowedTools", "Bash(hcom send:*)"],
      });
      const codex = await lab.launch("codex", "newest");
      const reply = `hcom send @${claude.name} --name ${codex.name} --intent inform -- the-answer`;
      const question = `'the-question ((RUN ${reply}))'`;
      const ask = `hcom send @${codex.name} --name ${claude.name} --intent request -- ${question}`;
      await lab.prompt(claude, `[[RUN ${ask}]] [[SAY asked]] ask codex`);
      await lab.model.waitFor((one) => one.latest.includes("the-question"), 60_000, "question");
      await lab.model.waitFor(
        (one) => one.latest.includes(`→ ${claude.name}: the-answer`),
        60_000,
        "answer",
      );
      const ids = lab.hcom("events", "--type", "message").out.trim().split("\n");
      expect(ids).toHaveLength(2);
      for (const line of ids) await lab.proved(JSON.parse(line).id);
    });
  },
);

async function warm(lab: Lab, tool: VendorTool, version: VendorVersion): Promise<Agent> {
  const agent = await lab.launch(tool, version, { args: workArgs[tool] ?? [] });
  await lab.prompt(agent, "[[SAY warmed-up]] warm up");
  await lab.model.waitFor((one) => one.latest.includes("warm up"), 20_000, "the first prompt");
  await lab.idle(agent);
  return agent;
}

// Codex 0.169 asks when the model asks for more than its sandbox gives; 0.145 when told to trust
// nothing.
function askingOptions(tool: VendorTool, version: VendorVersion): LaunchOptions {
  if (tool === "opencode") {
    return { env: { OPENCODE_CONFIG_CONTENT: '{"permission":{"bash":"ask"}}' } };
  }
  const policy = version === "newest" ? "on-request" : "untrusted";
  return { args: tool === "codex" ? ["-a", policy, "-s", "read-only"] : [] };
}

function askingStep(tool: VendorTool, version: VendorVersion): string {
  if (tool !== "codex" || version === "pin") return "[[RUN touch asked.txt]]";
  const input = { cmd: "touch asked.txt", sandbox_permissions: "require_escalated" };
  return `[[TOOL exec_command ${JSON.stringify({ ...input, justification: "a test" })}]]`;
}

/** A shell command that ends when the test lets it. */
function waitForFile(agent: Agent): string {
  return `until [ -e ${agent.cwd}/gate ]; do sleep 0.1; done; echo gate-open`;
}

function openGate(agent: Agent): void {
  Bun.spawnSync(["touch", `${agent.cwd}/gate`]);
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function isGroupAlive(pid: number): boolean {
  return Bun.spawnSync(["pgrep", "-g", String(pid)]).exitCode === 0;
}
