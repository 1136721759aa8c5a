// Two real Claudes and a real Codex under random sends, for as long as asked: idle, busy, with an
// approval open, with permissions bypassed, with hooks switched off. Afterwards the requests that
// the model server got are compared with the ledger.
import { existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { type Agent, openLab } from "./lab.ts";

export interface SoakReport {
  sent: number;
  /** In exactly one place of the last request of its recipient's conversation. */
  once: number;
  /** Not in any request, and the ledger says so with a reason. */
  reported: number;
  /** Everything that must not be, in words. */
  faults: string[];
  /** While hooks were off; each may cost one empty turn. */
  deaf: number;
  /** Requests with a nudge and no mail. */
  emptyTurns: Record<string, number>;
  vias: Record<string, number>;
  /** From send to request, of idle agents, in milliseconds. */
  idleMs: Record<string, number[]>;
}

type Mood = "idle" | "busy" | "approval" | "deaf";

interface Actor {
  agent: Agent;
  tool: "claude" | "codex";
  isBypassed: boolean;
  sent: { id: number; mark: string; at: number; mood: Mood }[];
}

export async function soak(seconds: number, random: () => number): Promise<SoakReport> {
  using lab = openLab();
  const actors: Actor[] = [];
  const join3 = async (tool: Actor["tool"], isBypassed: boolean) => {
    const agent = await lab.launch(tool, "newest", isBypassed ? bypassed : {});
    actors.push({ agent, tool, isBypassed, sent: [] });
    await lab.prompt(agent, "[[SAY ready]] warm up");
    await lab.model.waitFor((one) => one.latest.includes("warm up"), 30_000);
    await lab.idle(agent);
  };
  await join3("claude", false);
  await join3("claude", true);
  await join3("codex", false);
  const end = performance.now() + seconds * 1000;
  let serial = 0;
  const say = (actor: Actor, mood: Mood) => {
    const mark = `soak-${++serial}.`;
    const at = Date.now();
    actor.sent.push({ id: lab.send(actor.agent.name, mark), mark, at, mood });
  };
  while (performance.now() < end) {
    const actor = actors[Math.floor(random() * actors.length)];
    if (actor === undefined) break;
    await scene(actor, random());
    await Bun.sleep(200 + random() * 1500);
  }
  // What is still on its way gets its time.
  for (const { agent } of actors) setHooks(agent, true);
  await until(() => actors.every((actor) => actor.sent.every(isSettled)), {
    timeoutMs: 90_000,
    what: "the ledger to settle",
  }).catch(() => {});
  await dies(actors[0]);
  return report();

  /** Its hooks are off, mail waits, and it ends: nothing can arrive any more, and that is said. */
  async function dies(actor: Actor | undefined): Promise<void> {
    if (actor === undefined) return;
    await quiet(actor);
    setHooks(actor.agent, false);
    await Bun.sleep(1500);
    for (let n = 0; n < 3; n++) say(actor, "deaf");
    await Bun.sleep(3000);
    lab.hcom("kill", actor.agent.name);
    await until(() => actor.sent.every(isSettled), {
      timeoutMs: 20_000,
      what: "the death to be known",
    }).catch(() => {});
  }

  async function scene({ agent, ...actor }: Actor, dice: number): Promise<void> {
    const whole = actors.find((one) => one.agent === agent);
    if (whole === undefined) return;
    if (dice < 0.45) {
      if (agent.status() === "listening") say(whole, "idle");
      else say(whole, "busy");
    } else if (dice < 0.7) await whileBusy(whole);
    else if (dice < 0.85 && !actor.isBypassed && actor.tool === "claude") await whileAsking(whole);
    else if (dice < 0.93 && actor.tool === "claude") await whileDeaf(whole);
    else for (let n = 0; n < 5; n++) say(whole, "idle");
  }

  async function whileBusy(actor: Actor): Promise<void> {
    await quiet(actor);
    const gate = join(actor.agent.cwd, `gate${++serial}`);
    const wait = `until [ -e ${gate} ]; do sleep 0.1; done; echo passed-${serial}.`;
    const passed = `passed-${serial}.`;
    await lab.prompt(actor.agent, `[[RUN ${wait}]] [[SAY worked]] work`);
    await until(() => actor.agent.status() === "active", { timeoutMs: 20_000, what: "busy" });
    say(actor, "busy");
    await Bun.sleep(random() * 1000);
    writeFileSync(gate, "");
    await lab.model.waitFor((one) => one.latest.includes(passed), 20_000, passed);
  }

  async function whileAsking(actor: Actor): Promise<void> {
    await quiet(actor);
    await lab.prompt(actor.agent, "[[RUN touch asked.txt]] [[SAY asked]] ask");
    await until(() => actor.agent.status() === "blocked", { timeoutMs: 20_000, what: "asking" });
    say(actor, "approval");
    await Bun.sleep(1500);
    actor.agent.pane.key("1");
    const asked = join(actor.agent.cwd, "asked.txt");
    await until(() => existsSync(asked), { timeoutMs: 20_000, what: "the answer" });
    unlinkSync(asked);
  }

  async function whileDeaf(actor: Actor): Promise<void> {
    await quiet(actor);
    setHooks(actor.agent, false);
    await Bun.sleep(1500);
    say(actor, "deaf");
    await Bun.sleep(6000);
    setHooks(actor.agent, true);
    await Bun.sleep(1500);
    // The person's next prompt brings what could not come.
    await lab.prompt(actor.agent, "[[SAY back]] hooks are on again");
    await quiet(actor);
  }

  async function quiet(actor: Actor): Promise<void> {
    await until(() => actor.agent.status() === "listening", {
      timeoutMs: 60_000,
      what: `${actor.agent.name} to be idle`,
      dump: lab.dump,
    });
    await Bun.sleep(500);
  }

  function isSettled({ id }: { id: number }): boolean {
    const { state } = deliveryOf(id);
    return state === "in_context" || state === "answered" || state === "dead" || isGone(id);
  }

  function isGone(id: number): boolean {
    return asObject(deliveryOf(id)["hold"])["kind"] === "gone";
  }

  function deliveryOf(id: number): Record<string, unknown> {
    const shown = asObject(parseJson(lab.hcom("why", String(id), "--json").out));
    return asObject(asList(shown["deliveries"])[0]);
  }

  function report(): SoakReport {
    const result: SoakReport = {
      ...{ sent: 0, once: 0, reported: 0, faults: [], deaf: 0 },
      ...{ emptyTurns: {}, vias: {}, idleMs: {} },
    };
    for (const actor of actors) {
      const requests = lab.model.requests.filter((one) => !one.isSide);
      const who = `${actor.tool}${actor.isBypassed ? " bypassed" : ""}`;
      for (const { id, mark, at, mood } of actor.sent) {
        result.sent += 1;
        if (mood === "deaf") result.deaf += 1;
        const delivery = deliveryOf(id);
        const state = asText(delivery["state"]) ?? "";
        const via = asText(delivery["via"]) ?? "";
        result.vias[via] = (result.vias[via] ?? 0) + 1;
        const holding = requests.filter((one) => one.text.includes(mark));
        const times = (holding.at(-1)?.text.split(mark).length ?? 1) - 1;
        const isClaimed = state === "in_context" || state === "answered";
        if (times === 1 && isClaimed) result.once += 1;
        else if (times === 0 && !isClaimed && whyNot(delivery)) result.reported += 1;
        else result.faults.push(`#${id} to ${actor.agent.name} (${mood}): ${times}, ${state}`);
        if (mood === "idle" && holding[0] !== undefined) {
          const list = result.idleMs[who] ?? [];
          result.idleMs[who] = list;
          list.push(holding[0].at - at);
        }
      }
      const session = actor.agent.session();
      const own = requests.filter((one) => one.session === session);
      result.emptyTurns[who] = own.filter((one) => isEmptyTurn(one.latest)).length;
    }
    return result;
  }
}

/** What `why` says of a message that has not arrived. */
function whyNot(delivery: Record<string, unknown>): string | undefined {
  return asText(delivery["reason"]) ?? asText(asObject(delivery["hold"])["text"]);
}

function isEmptyTurn(latest: string): boolean {
  const hasNudge = /^\s*<hcom>(mail[^<]*)?(<\/hcom>)?\s*$/m.test(latest);
  return hasNudge && !/soak-\d/.test(latest);
}

const bypassed = {
  permissionMode: "bypassPermissions",
  env: { IS_SANDBOX: "1" },
  settings: { skipDangerousModePermissionPrompt: true },
};

/** As a person does it in settings.json while the session runs. */
function setHooks(agent: Agent, isOn: boolean): void {
  const folder = agent.env["CLAUDE_CONFIG_DIR"];
  if (folder === undefined) return;
  const path = join(folder, "settings.json");
  const settings = asObject(parseJson(existsSync(path) ? readFileSync(path, "utf8") : "{}"));
  writeFileSync(path, JSON.stringify({ ...settings, disableAllHooks: !isOn }, null, 2));
}
