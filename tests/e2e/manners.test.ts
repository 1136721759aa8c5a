// What hcom must not do to real programs: hold their person up, nudge in vain, answer their
// questions; and what it must do in sessions that it did not launch.
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { gateTimes } from "../../src/core/gate.ts";
import { staysTrue, until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

const bypassed = {
  permissionMode: "bypassPermissions",
  env: { IS_SANDBOX: "1" },
  settings: { skipDangerousModePermissionPrompt: true },
};

describe.skipIf(findVendor("claude", "newest") === null)("Claude, newest", () => {
  test("a one-shot run in a former agent's directory answers and ends", async () => {
    using lab = openLab();
    const agent = await lab.launch("claude", "newest");
    await lab.prompt(agent, "[[SAY first]] start");
    await lab.model.waitFor((one) => one.latest.includes("start"), 20_000);
    await lab.idle(agent);
    lab.hcom("kill", agent.name);
    const run = Bun.spawn(["claude", "-c", "-p", "--", "[[SAY second]] go on"], {
      env: agent.env,
      cwd: agent.cwd,
      stdin: "ignore",
      stdout: "pipe",
    });
    const code = await Promise.race([run.exited, Bun.sleep(20_000)]);
    run.kill();
    expect(code).toBe(0);
    expect(await new Response(run.stdout).text()).toBe("second\n");
  });

  test("a session that joined by itself is idle at once, and woken by whoever sends", async () => {
    using lab = openLab();
    const agent = await lab.join("[[RUN hcom start]] [[SAY joined]] join hcom");
    await lab.prompt(agent, "[[SAY at-once]] second prompt");
    await lab.model.waitFor((one) => one.latest.includes("second prompt"), 5000, "the prompt");
    await lab.idle(agent);
    const id = lab.send(agent.name, "alone-mail");
    await lab.model.waitFor((one) => one.latest.includes("alone-mail"), 10_000, "the mail");
    expect(lab.hcom("why", String(id)).out).toContain("via inbox");
    // Out again: nothing of hcom comes near it.
    lab.hcom("stop", agent.name);
    await lab.prompt(agent, "[[SAY again]] third prompt");
    await lab.model.waitFor((one) => one.latest.includes("third prompt"), 5000, "the prompt");
  });

  test("a session that acts without asking gets its mail, and no dialog opens", async () => {
    using lab = openLab();
    const agent = await lab.launch("claude", "newest", bypassed);
    const id = lab.send(agent.name, "bypass-mail");
    await lab.model.waitFor((one) => one.latest.includes("bypass-mail"), 20_000, "the mail");
    expect(agent.status()).not.toBe("blocked");
    expect(await lab.proved(id)).toBeOneOf(["mod", "bell", "typing"]);
  });

  test("where hooks are off one nudge is tried, and why says so", async () => {
    using lab = openLab();
    const agent = await lab.launch("claude", "newest", { settings: { disableAllHooks: true } });
    const before = turns(lab);
    const id = lab.send(agent.name, "deaf-mail");
    const why = () => lab.hcom("why", String(id)).out;
    await until(() => why().includes("none of hcom's hooks ran"), {
      timeoutMs: 30_000,
      what: "the reason",
      dump: () => `${why()}\n${lab.dump()}`,
    });
    await staysTrue(15_000, () => turns(lab) - before === 1, "one nudge");
    expect(why()).not.toContain("in its context");
  });

  test("a dozen messages at turns' ends are all in requests, no turn is overridden", async () => {
    using lab = openLab();
    const agent = await lab.launch("claude", "newest");
    await lab.prompt(agent, "[[SLOW 1200 zero]] step-0.");
    const ids: number[] = [];
    for (let n = 0; n < 12; n++) {
      const mark = `step-${n}.`;
      await lab.model.waitFor((one) => !one.isSide && one.latest.includes(mark), 20_000, mark);
      ids.push(lab.send(agent.name, `[[SLOW 1200 reply]] step-${n + 1}.`));
    }
    for (const id of ids) await lab.proved(id);
    const last = lab.requestsWith("step-12.").at(-1)?.text ?? "";
    for (let n = 1; n <= 12; n++) expect(last.split(`step-${n}.`)).toHaveLength(2);
    const path = lab.hcom("list", agent.name, "transcript_path").out.trim();
    expect(readFileSync(path, "utf8")).not.toContain("overriding and ending turn");
  });
});

describe.skipIf(findVendor("codex", "newest") === null)("Codex, newest", () => {
  test("an idle agent has its mail within a second", async () => {
    using lab = openLab();
    const agent = await lab.launch("codex", "newest");
    await lab.prompt(agent, "[[SAY ready]] warm up");
    await lab.model.waitFor((one) => one.latest.includes("warm up"), 20_000);
    const times: number[] = [];
    for (let n = 0; n < 20; n++) times.push(await timeOf(lab, agent, `speed-${n}.`));
    times.sort((a, b) => a - b);
    console.log(`Codex idle: median ${times[9]} ms, p95 ${times[18]} ms, most ${times[19]} ms`);
    expect(times[18]).toBeLessThan(1000);
  });
});

/** From the end of the send to the model's request. */
async function timeOf(lab: Lab, agent: Agent, mark: string): Promise<number> {
  await lab.idle(agent);
  await rested(lab);
  const id = lab.send(agent.name, mark);
  const at = Date.now();
  const request = await lab.model.waitFor((one) => one.latest.includes(mark), 20_000, mark);
  await lab.proved(id);
  return request.at - at;
}

/** Nothing is typed right behind an Enter, and one stands before the newest request. */
async function rested(lab: Lab): Promise<void> {
  const entered = lab.model.requests.at(-1)?.at ?? 0;
  const restMs = gateTimes.submitSettleMs + gateTimes.keyCooldownMs;
  const isOver = () => Date.now() - entered > restMs;
  await until(isOver, { timeoutMs: 2 * restMs, what: "the rest behind the last Enter" });
}

function turns(lab: Lab): number {
  return lab.model.requests.filter((one) => !one.isSide).length;
}

describe.skipIf(findVendor("codex", "newest") === null)("Codex, newest", () => {
  test("an agent whose shell does not find hcom is told its path, and can answer", async () => {
    using lab = openLab();
    const agent = await lab.launch("codex", "newest", { isUnknownToShells: true });
    await lab.prompt(agent, "[[RUN hcom list]] look around");
    const seen = await lab.model.waitFor((one) => one.latest.includes("command not found"), 20_000);
    const [, path = ""] = /not on PATH: write `(\S+)` instead/.exec(seen.text) ?? [];
    expect(path).toStartWith("/");
    await lab.idle(agent);
    await lab.prompt(agent, `[[RUN ${path} send @bigboss --name ${agent.name} -- found]] answer`);
    await until(() => lab.hcom("inbox", "--peek").out.includes("found"), {
      timeoutMs: 20_000,
      what: "the answer",
      dump: lab.dump,
    });
  });
});
