// One question has one answer, whoever asks it: a query, `--follow`, `--wait`, `listen` or a
// subscription. Random logs and random questions, with the query as the measure.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { append } from "../../src/bus/append.ts";
import type { Question } from "../../src/bus/log/condition.ts";
import { lookFor, queryLog } from "../../src/bus/log/events.ts";
import { followEvents } from "../../src/bus/log/follow-events.ts";
import { listen } from "../../src/bus/mail/listen.ts";
import { catchUp } from "../../src/bus/mail/waking/catch-up.ts";
import { subscribe } from "../../src/bus/watch/subscribe.ts";
import { asNumber, asObject, asText } from "../../src/core/json.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { listSubscriptions, removeSubscription } from "../../src/store/subscriptions.ts";
import { makeWorld, type World } from "./world.ts";

/** `A` to `C` stand for the agents of the world. */
const agents = ["A", "B", "C"] as const;
const anyAgent = fc.constantFrom(...agents);
const anyText = fc.constantFrom("npm test", "npm run build", "src/a.ts", "src/b.md", "50%_off", "");
const anyStatus = fc.constantFrom("active", "listening", "blocked");

const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant("status"), by: anyAgent, status: anyStatus, text: anyText }),
  fc.record({ kind: fc.constant("edit"), by: anyAgent, text: anyText }),
  fc.record({ kind: fc.constant("command"), by: anyAgent, text: anyText }),
  fc.record({ kind: fc.constant("say"), by: anyAgent, to: anyAgent, text: anyText }),
  fc.record({
    kind: fc.constant("life"),
    by: anyAgent,
    action: fc.constantFrom("ready", "started"),
  }),
);
type Happening = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;

const values = {
  agent: anyAgent,
  type: fc.constantFrom("message", "status", "life"),
  status: anyStatus,
  context: fc.constantFrom("tool:*", "tool:Bash", "prompt"),
  file: fc.constantFrom("*.ts", "src", "50%", "*"),
  cmd: fc.constantFrom("npm", "^npm t", "=npm test", "%_"),
  from: anyAgent,
  mention: anyAgent,
  participant: anyAgent,
  intent: fc.constantFrom("inform", "request"),
  thread: fc.constantFrom("t1", "t2"),
  action: fc.constantFrom("ready", "started", "stopped"),
  idle: anyAgent,
  blocked: anyAgent,
};
const anyFlag = fc.oneof(
  ...Object.entries(values).map(([name, one]) =>
    fc.tuple(fc.constant(name), fc.array(one, { minLength: 1, maxLength: 2 })),
  ),
);
const anyFilters = fc
  .uniqueArray(anyFlag, { maxLength: 2, selector: ([name]) => name })
  .map((flags) => Object.fromEntries(flags));
const anySql = fc.constantFrom(
  undefined,
  "status_val = 'active'",
  "msg_text LIKE 'npm%' -- or so",
  "type <> 'life' OR life_action IS NULL",
  "idle:A",
  "blocked",
  "stopped:B",
  "file_edits:C",
  "user_input:A",
  'cmd:"npm"',
  'cmd-starts:B:"npm"',
);

function happens(world: World, named: (letter: string) => string, one: Happening): void {
  const by = named(one.by);
  if (one.kind === "life" && "action" in one) {
    const data = { action: one.action as "ready" | "started", by: "test" };
    append(world.bus, { type: "life", instance: by, data });
  } else if (one.kind === "say" && "to" in one) {
    if (one.to === one.by) return;
    const thread = one.text === "" ? "t1" : "t2";
    world.say(by, one.text || "(nothing)", { targets: [named(one.to)], thread, intent: "inform" });
  } else if ("text" in one) {
    const contexts = {
      edit: "tool:Edit",
      command: "tool:Bash",
      status: "prompt",
      say: "",
    } as const;
    const status = "status" in one ? (one.status as "active") : "active";
    setStatus(world.bus, by, { status, context: contexts[one.kind as "edit"], detail: one.text });
  }
}

/** Every door's answer, as ids of what came behind `after`; the code where it refuses. */
async function answersOf(
  world: World,
  question: Question,
  after: number,
): Promise<Record<"query" | "follow" | "wait", unknown>> {
  const { bus } = world;
  const query = () => {
    const ids = queryLog(bus, { ...question, last: 100 }).map((row) => row.id);
    return ids.filter((id) => id > after);
  };
  const follow = async () => {
    // It waits for more where nothing matches.
    if (query().length === 0) return [];
    const rows = followEvents(bus, { ...question, after });
    const { value } = await rows.next();
    await rows.return(undefined);
    return value?.kind === "events" ? value.rows.map((row: { id: number }) => row.id) : value;
  };
  const wait = () => {
    const ids: number[] = [];
    for (let at = after; ; at = ids.at(-1) ?? at) {
      const found = lookFor(bus, { ...question, after: at })();
      if (found === undefined) return ids;
      ids.push(found.id);
    }
  };
  return { query: attempt(query), follow: await attemptLater(follow), wait: attempt(wait) };
}

function attempt(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

async function attemptLater(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

test("a query, following, waiting, listening and a subscription give one answer", async () => {
  using world = await makeWorld();
  const joined = new Map(agents.map((letter) => [letter as string, world.join()]));
  const named = (letter: string) => joined.get(letter) ?? letter;
  const [reader, listener] = [world.join(), world.join()];
  const inWorld = (text: string) => text.replace(/\b([ABC])\b/g, (letter) => named(letter));
  const property = fc.asyncProperty(
    fc.array(anyEvent, { minLength: 1, maxLength: 12 }),
    anyFilters,
    anySql,
    async (events, filters, sql) => {
      const asked = Object.entries(filters).map(([name, some]) => [
        name,
        (some ?? []).map(inWorld),
      ]);
      const question: Question = {
        filters: Object.fromEntries(asked),
        sql: sql === undefined ? undefined : inWorld(sql),
        caller: reader,
      };
      for (const { id } of listSubscriptions(world.bus.db)) removeSubscription(world.bus.db, id);
      world.turn(reader);
      const order = { ...question, caller: { name: reader, kind: "instance" as const } };
      const made = attempt(() => subscribe(world.bus, { ...order, once: false }));
      const before = queryLog(world.bus, { filters: {}, last: 1 })[0]?.id ?? 0;
      for (const one of events) happens(world, named, one);
      const answers = await answersOf(world, question, before);
      const { query } = answers;
      expect(answers).toEqual({ query, follow: query, wait: query });
      if (!Array.isArray(query) || typeof made === "string") {
        // Without any condition there is nothing to be told of.
        if (made !== "usage") expect(query).toBe(made);
        return;
      }
      catchUp(world.bus);
      expect(hitsOf(world, (made as { id: string }).id)).toEqual(summary(query));
      expect(await heardBy(world, listener, { ...question, after: before })).toBe(query[0]);
    },
  );
  await fc.assert(property, { numRuns: Number(process.env["QUESTION_RUNS"] ?? 150) });
});

interface Hits {
  first: number | undefined;
  more: number;
}

function summary(ids: readonly number[]): Hits {
  return { first: ids[0], more: Math.max(0, ids.length - 1) };
}

/** The first is told at once, those behind it are counted until that was read. */
function hitsOf(world: World, id: string): Hits {
  const kept = listSubscriptions(world.bus.db).find((one) => one.id === id)?.value["notice"];
  if (kept === undefined) return { first: undefined, more: 0 };
  const notice = asObject(kept);
  const [row] = queryLog(world.bus, { filters: {}, sql: `id = ${notice["id"]}`, last: 1 });
  const text = asText(asObject(JSON.parse(row?.data ?? "{}"))["text"]) ?? "";
  return { first: Number(/#(\d+)/.exec(text)?.[1]), more: asNumber(notice["more"]) ?? 0 };
}

async function heardBy(
  world: World,
  name: string,
  question: Question & { after: number },
): Promise<number | undefined> {
  const match = lookFor(world.bus, question);
  const heard = await listen(world.bus, name, { timeoutSeconds: 0, via: "listen", match });
  return heard.kind === "match" ? heard.event.id : undefined;
}
