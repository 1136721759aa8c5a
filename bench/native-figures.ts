// How fast mail is, from the moment it is in the log to the model's request, and whether any of it
// is lost or doubled while our module breaks and comes back at random:
//
//   sh scripts/bun bench/native-figures.ts [--count 200] [--delivery native|hooks] [--storm]
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Agent, type Lab, openLab } from "../tests/e2e/lab.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "40" },
    delivery: { type: "string", default: "native" },
    storm: { type: "boolean", default: false },
  },
});
const count = Number(values.count);

using lab = openLab();
lab.hcom("config", "claude_delivery", values.delivery);
const agent = await lab.launch("claude", "newest");
await lab.prompt(agent, "[[RUN echo warm]] [[SAY done-warm]] hello");
await lab.model.waitFor((one) => one.latest.includes("warm\n") || one.latest.endsWith("warm"));
await lab.idle(agent);
const result = values.storm ? await storm(lab, agent) : await measured(lab, agent);
process.stdout.write(`${JSON.stringify(result)}\n`);

/** One message after the other, each to an idle agent with a draft in its box. */
async function measured(at: Lab, to: Agent): Promise<object> {
  to.pane.type("half a draft");
  const times: number[] = [];
  const vias: Record<string, number> = {};
  for (let n = 0; n < count; n++) {
    const arrived = at.model
      .waitFor((one) => one.text.includes(`figure-${n}.`), 60_000)
      .then(() => Date.now());
    const id = await sent(to, `figure-${n}.`);
    times.push((await arrived) - committedAt(at, id));
    const via = await at.proved(id);
    vias[via] = (vias[via] ?? 0) + 1;
    await at.idle(to);
  }
  times.sort((a, b) => a - b);
  const share = (part: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))];
  const isDraftThere = /❯\s+half a draft/.test(to.pane.capture());
  return { count, p50: share(0.5), p90: share(0.9), most: times.at(-1), vias, isDraftThere };
}

async function storm(at: Lab, to: Agent): Promise<object> {
  const base = `${to.env["HCOM_DIR"]}/.tmp/mods/claude`;
  const file = `${base}/${readdirSync(base)[0]}/hooks/register.js`;
  const whole = readFileSync(file, "utf8");
  const ids: number[] = [];
  let isStormy = true;
  const breaking = (async () => {
    while (isStormy) {
      writeFileSync(file, Math.random() < 0.5 ? "export function register(on) {}\n" : whole);
      await Bun.sleep(1000 + Math.random() * 6000);
    }
    writeFileSync(file, whole);
  })();
  for (let n = 0; n < count; n++) {
    if (n % 10 === 5) await at.prompt(to, `[[RUN sleep 2; echo ${n}]] [[SAY done-${n}]] go on`);
    ids.push(await sent(to, `storm-${n}.`));
    await Bun.sleep(Math.random() * 2000);
  }
  isStormy = false;
  await breaking;
  const vias: Record<string, number> = {};
  for (const id of ids) {
    const via = await at.proved(id);
    vias[via] = (vias[via] ?? 0) + 1;
  }
  await at.idle(to);
  await at.prompt(to, "[[SAY the-end]] the-last-prompt");
  await at.model.waitFor((one) => one.text.includes("the-last-prompt"), 20_000);
  const text = at.requestsWith("the-last-prompt").at(-1)?.text ?? "";
  const times = ids.map((_, n) => text.split(`storm-${n}.`).length - 1);
  return {
    count,
    lost: times.filter((one) => one === 0).length,
    doubled: times.filter((one) => one > 1).length,
    vias,
  };
}

/** Not waited for in this thread, which is the model's, too. */
async function sent(to: Agent, text: string): Promise<number> {
  const child = Bun.spawn(
    [`${import.meta.dir}/../bin/hcom`, "send", `@${to.name}`, "-b", "--json", "--", text],
    { env: { HCOM_DIR: to.env["HCOM_DIR"] ?? "", HOME: "/nonexistent", PATH: "/usr/bin:/bin" } },
  );
  const { id } = JSON.parse(await new Response(child.stdout).text());
  return id;
}

function committedAt(at: Lab, id: number): number {
  const { ts } = JSON.parse(at.hcom("events", "--sql", `id = ${id}`, "--full").out || "{}");
  return ts === undefined ? Number.NaN : Date.parse(ts);
}
