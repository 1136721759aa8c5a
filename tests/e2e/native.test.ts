// Mail inside Claude Code's own process: our module in the real program, against a scripted model.
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { staysTrue, until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

describe.skipIf(findVendor("claude", "newest") === null)("claude newest, from inside", () => {
  test("an idle agent is woken by its module, a half-typed draft stays as it is", async () => {
    using lab = openLab();
    const agent = await served(lab);
    agent.pane.type("half a draft");
    await until(() => agent.pane.capture().includes("half a draft"), {
      timeoutMs: 10_000,
      what: "the draft in its box",
    });
    for (const text of ["first-mail", "second-mail", "third-mail"]) {
      const id = lab.send(agent.name, text);
      expect(await lab.proved(id)).toBe("mod");
      await lab.idle(agent);
      expect(told(lab, text)).toBe(1);
    }
    expect(agent.pane.capture()).toMatch(/❯\s+half a draft/);
  });

  test("nothing of ours comes onto the screen while an agent waits for mail", async () => {
    using lab = openLab();
    const agent = await served(lab);
    const screen = agent.pane.capture();
    // Longer than a server's usual patience with a question that stays open.
    await staysTrue(
      13_000,
      () => !/\b(warn|error|timed out|idleTimeout)\b/.test(agent.pane.capture()),
    );
    expect(inBox(agent.pane.capture())).toBe(inBox(screen));
  });

  test("mail in the middle of a turn stands in that turn's next request", async () => {
    using lab = openLab();
    const agent = await served(lab);
    await lab.prompt(agent, "[[RUN sleep 3; echo one]] [[SAY done-here]] start");
    await runs(agent, "sleep 3");
    const id = lab.send(agent.name, "mid-mail");
    const next = await lab.model.waitFor((one) => one.text.includes("mid-mail"), 20_000);
    expect(next.text).toContain("one\n");
    expect(await lab.proved(id)).toBe("mod");
    await lab.idle(agent);
    expect(told(lab, "mid-mail")).toBe(1);
    expect(agent.pane.capture()).toContain("done-here");
  });

  test("when the module breaks, inbox and hooks deliver; when it is back, it does", async () => {
    using lab = openLab();
    const agent = await served(lab);
    expect(await lab.proved(lab.send(agent.name, "whole-mail"))).toBe("mod");
    await lab.idle(agent);
    const file = moduleOf(agent);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, "export function register(on) {}\n");
    await reloaded(agent, 0);
    expect(await lab.proved(lab.send(agent.name, "idle-mail"))).toBe("inbox");
    await lab.idle(agent);
    await lab.prompt(agent, "[[RUN sleep 2; echo one]] [[SAY done-here]] start");
    await runs(agent, "sleep 2");
    expect(await lab.proved(lab.send(agent.name, "mid-mail"))).toStartWith("hook:");
    await lab.idle(agent);
    writeFileSync(file, text);
    await reloaded(agent, 5);
    expect(await lab.proved(lab.send(agent.name, "back-mail"))).toBe("mod");
    for (const one of ["whole-mail", "idle-mail", "mid-mail", "back-mail"]) {
      expect(told(lab, one)).toBe(1);
    }
  });

  test("what a stopped turn held, and what comes after it, arrives once", async () => {
    using lab = openLab();
    const agent = await served(lab);
    const before = lab.model.requests.length;
    await lab.prompt(agent, "[[SLOW 30000 one]] [[SAY done-here]] start");
    await until(() => lab.model.requests.length > before, {
      timeoutMs: 20_000,
      what: "the turn to run",
    });
    const held = lab.send(agent.name, "held-mail");
    await until(() => lab.hcom("why", String(held)).out.includes("mod"), {
      timeoutMs: 10_000,
      what: "the mail to be handed over",
      dump: () => lab.hcom("why", String(held)).out,
    });
    agent.pane.key("Escape");
    await lab.idle(agent);
    const later = lab.send(agent.name, "later-mail");
    const via = await lab.proved(later);
    expect(["inbox", "mod"]).toContain(via);
    // Where its row went with the turn it was given again, and Claude takes no prompt of a plugin.
    expect(["inbox", "mod"]).toContain(await lab.proved(held));
    await lab.idle(agent);
    expect([told(lab, "held-mail"), told(lab, "later-mail")]).toEqual([1, 1]);
  });

  test("mail behind an open menu waits for it, and comes once", async () => {
    using lab = openLab();
    const agent = await served(lab);
    agent.pane.type("/model");
    await until(() => agent.pane.capture().includes("/model"), {
      ...{ timeoutMs: 10_000, what: "/model in its box" },
    });
    agent.pane.key("Enter");
    await until(() => agent.pane.capture().includes("Select model"), {
      ...{ timeoutMs: 10_000, what: "the menu", dump: () => agent.pane.capture() },
    });
    const id = lab.send(agent.name, "menu-mail");
    // Longer than the wrapper waits for a letter that nobody speaks of.
    await staysTrue(9000, () => lab.requestsWith("menu-mail").length === 0);
    agent.pane.key("Escape");
    await lab.model.waitFor((one) => one.text.includes("menu-mail"), 30_000, "the mail");
    expect(await lab.proved(id)).toBe("mod");
    await lab.idle(agent);
    expect(await lab.proved(lab.send(agent.name, "next-mail"))).toBe("mod");
    await lab.idle(agent);
    expect([told(lab, "menu-mail"), told(lab, "next-mail")]).toEqual([1, 1]);
  });

  test("mail of a turn that is stopped at once is not lost, and comes once", async () => {
    using lab = openLab();
    const agent = await served(lab);
    const id = lab.send(agent.name, "[[SLOW 5000 slow-answer]] early-mail");
    await lab.model.waitFor((one) => one.text.includes("early-mail"), 20_000, "the mail");
    agent.pane.key("Escape");
    await lab.idle(agent);
    await lab.prompt(agent, "[[SAY next-answer]] go on");
    await until(() => lab.requestsWith("go on").length > 0, {
      ...{ timeoutMs: 20_000, what: "the next turn", dump: lab.dump },
    });
    await lab.proved(id);
    await lab.idle(agent);
    await lab.prompt(agent, "[[SAY last-answer]] the-last-one");
    await until(() => told(lab, "the-last-one") > 0, {
      ...{ timeoutMs: 30_000, what: "the last turn", dump: lab.dump },
    });
    const last = lab.requestsWith("the-last-one").at(-1)?.text ?? "";
    expect(last.split("early-mail")).toHaveLength(2);
  });

  test("mail whose request fails for good wakes its agent once more", async () => {
    using lab = openLab();
    const agent = await served(lab);
    const id = lab.send(agent.name, "((ERR 400)) failing-mail");
    await until(
      () => lab.requestsWith("failing-mail").some((one) => one.text.includes("message from")),
      { timeoutMs: 30_000, what: "the second try", dump: lab.dump },
    );
    await lab.proved(id);
    await lab.idle(agent);
    expect(told(lab, "failing-mail")).toBe(1);
  });

  test("mail for a subagent reaches it in its next request, and nobody else", async () => {
    using lab = openLab();
    const agent = await served(lab);
    const prompt = "((RUN hcom start)) ((RUN sleep 6; echo slept)) ((SAY below-done)) below-task";
    const input = { description: "d", prompt, subagent_type: "general-purpose" };
    await lab.prompt(agent, `[[TOOL Agent ${JSON.stringify(input)}]] [[SAY end]] delegate`);
    await lab.model.waitFor(
      (one) => one.latest.includes(`${agent.name}_general_purpose_1`),
      30_000,
      "the subagent to know its name",
    );
    const id = lab.send(`${agent.name}_general_purpose_1`, "below-mail");
    const next = await lab.model.waitFor((one) => one.text.includes("below-mail"), 30_000);
    expect(next.text).toContain("slept");
    expect(next.text).not.toContain("done-warm");
    expect(lab.hcom("why", String(id)).out).toContain("via mod");
    await lab.idle(agent);
    const ofRoot = lab.requestsWith("done-warm");
    expect(ofRoot.some((one) => one.text.includes("below-mail"))).toBe(false);
  });

  for (const [answer, key] of [
    ["no", "n"],
    ["Esc", "Escape"],
  ] as const) {
    test(`mail that waits behind a question comes when it is answered with ${answer}`, async () => {
      using lab = openLab();
      lab.hcom("config", "claude_delivery", "native");
      const agent = await lab.launch("claude", "newest");
      await lab.prompt(agent, "[[RUN touch asked]] [[SAY done-asked]] go");
      await until(() => agent.status() === "blocked", {
        ...{ timeoutMs: 20_000, what: "an approval", dump: lab.dump },
      });
      const id = lab.send(agent.name, "patient-mail");
      await staysTrue(2000, () => lab.requestsWith("patient-mail").length === 0);
      if (key === "n") agent.pane.type("3");
      else agent.pane.key(key);
      await lab.model.waitFor((one) => one.text.includes("patient-mail"), 30_000, "the mail");
      await lab.proved(id);
      await lab.idle(agent);
      expect(told(lab, "patient-mail")).toBe(1);
    });
  }

  for (const command of ["/clear", "/compact"]) {
    test(`behind ${command} the module delivers, once`, async () => {
      using lab = openLab();
      const agent = await served(lab);
      agent.pane.type(command);
      await until(() => agent.pane.capture().includes(command), {
        timeoutMs: 10_000,
        what: `${command} in its box`,
      });
      agent.pane.key("Enter");
      await until(() => !inBox(agent.pane.capture())?.includes(command), {
        timeoutMs: 10_000,
        what: `${command} to be taken`,
        dump: () => agent.pane.capture(),
      });
      for (const text of ["behind-one", "behind-two"]) {
        expect(["mod", "inbox"]).toContain(await lab.proved(lab.send(agent.name, text)));
        await lab.idle(agent);
        expect(told(lab, text)).toBe(1);
      }
    });
  }

  test("one that comes back, and its copy beside it, each get their own mail", async () => {
    using lab = openLab();
    const agent = await served(lab);
    lab.hcom("kill", agent.name);
    const again = await lab.resume(agent);
    const copy = await lab.fork(again);
    for (const [to, text] of [
      [again.name, "for-the-first"],
      [copy.name, "for-its-copy"],
      [again.name, "again-first"],
    ] as const) {
      expect(await lab.proved(lab.send(to, text))).toBe("mod");
      expect(told(lab, text)).toBe(1);
    }
    await lab.idle(again);
    await lab.idle(copy);
    expect(lab.requestsWith("for-its-copy").some((one) => one.text.includes("again-first"))).toBe(
      false,
    );
  });

  test("with `claude_delivery hooks` no module is loaded", async () => {
    using lab = openLab();
    const agent = await served(lab, "hooks");
    expect(await lab.proved(lab.send(agent.name, "some-mail"))).toBe("inbox");
    expect(existsSync(modsOf(agent))).toBe(false);
  });
});

/** The line with the input box. */
function inBox(screen: string): string | undefined {
  return screen.split("\n").find((line) => line.startsWith("❯"));
}

/** The file of the module that this agent's program has loaded. */
function moduleOf(agent: Agent): string {
  const found = [...new Bun.Glob("**/register.js").scanSync({ cwd: modsOf(agent), dot: true })];
  expect(found).toHaveLength(1);
  return `${modsOf(agent)}/${found[0]}`;
}

function modsOf(agent: Agent): string {
  return `${agent.env["HCOM_DIR"]}/.tmp/mods`;
}

async function reloaded(agent: Agent, hooks: number): Promise<void> {
  await until(() => agent.pane.history().includes(`hcom: reloaded (${hooks} hooks`), {
    timeoutMs: 20_000,
    what: `the module to be there with ${hooks} hooks`,
    dump: () => agent.pane.history(),
  });
}

/** An idle agent whose module has been heard. */
async function served(lab: Lab, delivery = "native"): Promise<Agent> {
  lab.hcom("config", "claude_delivery", delivery);
  const agent = await lab.launch("claude", "newest");
  await lab.prompt(agent, "[[RUN echo warm]] [[SAY done-warm]] hello");
  await lab.model.waitFor((one) => one.latest.includes("warm\n") || one.latest.endsWith("warm"));
  await lab.idle(agent);
  return agent;
}

/** Waits until its program shows that this command runs. */
async function runs(agent: Agent, command: string): Promise<void> {
  await until(() => agent.pane.capture().includes(`$ ${command}`), {
    timeoutMs: 20_000,
    what: `${command} to run`,
    dump: () => agent.pane.capture(),
  });
}

/** How often a text stands in the newest request that has it. */
function told(lab: Lab, text: string): number {
  return (lab.requestsWith(text).at(-1)?.text.split(text).length ?? 1) - 1;
}
