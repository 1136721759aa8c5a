// Mail in a storm: our module breaks and comes back, turns are stopped, menus open, at random. The
// model's last request tells whether each message came once. Only by hand: see decision 0032.
//
//   HCOM_STORM=400 sh scripts/bun test --timeout 3600000 tests/e2e/native-storm.test.ts
//   HCOM_STORM_SEED=7 makes other choices; how they fall in time is never the same.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";
import { type Agent, type Lab, openLab } from "./lab.ts";

const count = Number(process.env["HCOM_STORM"] ?? 0);
const seed = Number(process.env["HCOM_STORM_SEED"] ?? 49_934);

describe.skipIf(count === 0 || findVendor("claude", "newest") === null)(
  "claude newest in a storm",
  () => {
    test(
      `of ${count} messages none is lost and none comes twice (seed ${seed})`,
      async () => {
        using lab = openLab();
        lab.hcom("config", "claude_delivery", "native");
        const agent = await lab.launch("claude", "newest");
        await lab.prompt(agent, "[[SAY done-warm]] hello");
        await lab.model.waitFor((one) => one.latest.includes("hello"), 20_000);
        await lab.idle(agent);
        const random = randomOf(seed);
        const acts = actsOf(lab, agent, random);
        const ids: number[] = [];
        const told: string[] = [];
        for (let n = 0; n < count; n++) {
          const [name, act] = acts.all[Math.floor(random() * acts.all.length)] ?? acts.all[0];
          told.push(name);
          const mail = `storm-${n}.`;
          await act(mail, (text = mail) => void ids.push(lab.send(agent.name, text)));
        }
        acts.restore();
        await until(() => ids.every((id) => isTaken(lab, id)), {
          ...{ timeoutMs: 120_000, what: "all mail to be taken", dump: lab.dump },
        });
        await acts.calm();
        await lab.prompt(agent, "[[SAY the-end]] the-last-prompt");
        const last = await lab.model.waitFor((one) => one.text.includes("the-last-prompt"), 30_000);
        const times = ids.map((_, n) => last.text.split(`storm-${n}.`).length - 1);
        const wrong = times.flatMap((one, n) =>
          one === 1 ? [] : [`${one} times: ${n} (${told[n]}) ${lab.hcom("why", `${ids[n]}`).out}`],
        );
        expect(wrong).toEqual([]);
      },
      120_000 + count * 10_000,
    );
  },
);

type Act = (mail: string, send: (text?: string) => void) => Promise<void>;

/** What may happen around one message. */
function actsOf(lab: Lab, agent: Agent, random: () => number) {
  const { pane } = agent;
  const base = `${agent.env["HCOM_DIR"]}/.tmp/mods/claude`;
  const file = `${base}/${readdirSync(base)[0]}/hooks/register.js`;
  const whole = readFileSync(file, "utf8");
  /** Idle, and nothing in its box: a prompt whose turn was stopped comes back there. */
  const calm = async () => {
    await until(
      () => {
        if (agent.status() !== "listening" || pane.capture().includes("esc to interrupt"))
          return false;
        if (inBox(pane.capture()) === "") return true;
        pane.key("C-u");
        return false;
      },
      { timeoutMs: 60_000, what: "a calm screen", dump: lab.dump },
    );
  };
  const stop = async () => {
    await Bun.sleep(random() * 1500);
    pane.key("Escape");
    await lab.idle(agent);
  };
  /** A turn that lasts, in which the message comes. */
  const within = async (mail: string, directive: string, send: () => void) => {
    await calm();
    await lab.prompt(agent, `${directive} around ${mail.replace("storm", "mail")}`);
    const around = `around ${mail.replace("storm", "mail")}`;
    await lab.model.waitFor((one) => one.text.includes(around), 30_000, around);
    send();
  };
  const idle: Act = async (_mail, send) => send();
  const busy: Act = (mail, send) => within(mail, "[[SLOW 1500 words]]", send);
  const stopped: Act = async (mail, send) => {
    await within(mail, "[[SLOW 6000 words]]", send);
    await stop();
  };
  const early: Act = async (mail, send) => {
    await calm();
    send(`[[SLOW 3000 words]] ${mail}`);
    await lab.model.waitFor((one) => one.text.includes(mail), 60_000, mail);
    await stop();
  };
  const menu: Act = async (_mail, send) => {
    await calm();
    await lab.prompt(agent, "/model");
    const isOpen = () => pane.capture().includes("Select model");
    const look = { timeoutMs: 20_000, dump: () => pane.capture() };
    await until(isOpen, { ...look, what: "the menu" });
    send();
    await Bun.sleep(random() * 5000);
    pane.key("Escape");
    await until(() => !isOpen(), { ...look, what: "the menu to close" });
  };
  const broken: Act = async (_mail, send) => {
    writeFileSync(file, random() < 0.5 ? "export function register(on) {}\n" : whole);
    await Bun.sleep(random() * 1500);
    send();
  };
  return {
    all: Object.entries({ idle, busy, stopped, early, menu, broken }) as [
      [string, Act],
      ...[string, Act][],
    ],
    restore: () => writeFileSync(file, whole),
    calm,
  };
}

function inBox(screen: string): string | undefined {
  const line = screen.split("\n").findLast((one) => one.startsWith("❯"));
  return line?.slice(1).replaceAll("\u00a0", " ").trim();
}

function isTaken(lab: Lab, id: number): boolean {
  return !/"state":\s*"(stored|offered)"/.test(lab.hcom("why", `${id}`, "--json").out);
}

/** The same numbers for the same seed. */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
