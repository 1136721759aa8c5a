// Real Claude Code on one device and real Codex on another, with a broker between them: what one
// asks is in the other's context once, and the answer in the asker's.
import { expect, test } from "bun:test";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { tempDir } from "../process/lab.ts";
import { brokerPassword, hasBroker, startBroker } from "../relay/lab.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

const isComplete =
  hasBroker && (["claude", "codex"] as const).every((tool) => findVendor(tool, "newest") !== null);

async function warm(lab: Lab, tool: "claude" | "codex"): Promise<Agent> {
  const args = tool === "claude" ? ["--allowedTools", "Bash(hcom send:*)"] : [];
  const agent = await lab.launch(tool, "newest", { args });
  await lab.prompt(agent, `[[SAY warm]] begin ${tool}`);
  await lab.model.waitFor((one) => one.latest.includes(`begin ${tool}`), 30_000, tool);
  await lab.idle(agent);
  return agent;
}

const count = (text: string, part: string) => text.split(part).length - 1;

test.skipIf(!isComplete)(
  "Claude asks Codex on another device, and has its answer in its context",
  async () => {
    using dir = tempDir();
    await using broker = await startBroker(dir.path);
    using here = openLab();
    using there = openLab();
    const flags = ["--broker", broker.url, "--password", brokerPassword, "--ca", broker.ca];
    const made = here.hcom("relay", "new", ...flags);
    const token = /relay connect (\S+)/.exec(made.out)?.[1] ?? made.err;
    try {
      expect(there.hcom("relay", "connect", token, ...flags).code).toBe(0);
      const device = (lab: Lab) => /^Device: +(\w+)$/m.exec(lab.hcom("relay").out)?.[1] ?? "?";
      const claude = await warm(here, "claude");
      const codex = await warm(there, "codex");
      const asker = `${claude.name}:${device(here)}`;
      const asked = `${codex.name}:${device(there)}`;
      await until(
        () =>
          here.hcom("list", "--names").out.includes(asked) &&
          there.hcom("list", "--names").out.includes(asker),
        { timeoutMs: 30_000, what: "both in both lists", dump: () => here.hcom("relay").out },
      );

      const answer = `hcom send @${asker} --name ${codex.name} --intent inform -- seven-point-one`;
      const question = `'which-version ((RUN ${answer}))'`;
      const ask = `hcom send @${asked} --name ${claude.name} --intent request -- ${question}`;
      const dump = () => `${here.dump()}\n=== there\n${there.dump()}`;
      await here.prompt(claude, `[[RUN ${ask}]] [[SAY asked]] go`);
      await until(() => there.requestsWith(`${asker} → ${codex.name}: which-version`).length > 0, {
        ...{ timeoutMs: 60_000, what: "the question at Codex' model", dump },
      });
      await until(
        () => here.requestsWith(`${asked} → ${claude.name}: seven-point-one`).length > 0,
        {
          ...{ timeoutMs: 90_000, what: "the answer at Claude's model", dump },
        },
      );
      await here.idle(claude);
      await there.idle(codex);

      // The truth is what the model servers were sent: each stands once in the conversation.
      const heard = there.requestsWith("which-version").at(-1)?.text ?? "";
      expect(count(heard, `${asker} → ${codex.name}: which-version`)).toBe(1);
      const told = here.requestsWith("seven-point-one").at(-1)?.text ?? "";
      expect(count(told, `${asked} → ${claude.name}: seven-point-one`)).toBe(1);

      const id = JSON.parse(here.hcom("events", "--type", "message").out.split("\n")[0] ?? "").id;
      const chain = /published after .*arrived there after .*in context after/;
      await until(() => chain.test(here.hcom("why", String(id)).out), {
        ...{ timeoutMs: 30_000, what: "the chain", dump: () => here.hcom("why", String(id)).out },
      });
    } finally {
      here.hcom("relay", "daemon", "stop");
      there.hcom("relay", "daemon", "stop");
    }
  },
  300_000,
);
