// The world as the log has it: read once, and from then on only what is new.

import type { Bus } from "../bus/bus.ts";
import { displayNames } from "../bus/display-names.ts";
import { countInbox, readUpTo } from "../bus/inbox.ts";
import { listHeldAgents } from "../bus/life/list.ts";
import { queryLog, searchLog } from "../bus/log/events.ts";
import { logTail } from "../bus/log-tail.ts";
import type { EventRow } from "../core/event.ts";
import { openableTerminals, surroundings } from "../launch/terminals/choose.ts";
import { focusOf } from "../launch/terminals/focus.ts";
import { toolNames } from "../tools/index.ts";
import type { World } from "../view/world.ts";
import { agentSeen, stoppedSeen } from "./read/agents.ts";
import { activityIn, messagesIn } from "./read/events.ts";
import { fatesOf } from "./read/fates.ts";

/** What is kept in memory of a log of any length. */
const kept = { messages: 400, activity: 1000, first: 40, before: 300 } as const;
const fatesInSight = 30;

export interface Reader {
  /** What has been said and done since the last look; undefined when nothing has. */
  news(world: World): Partial<World> | undefined;
  /** What was before the little that the first look takes. */
  earlier(): Partial<World>;
  /** Who is here, what waits, how far mail got: what changes without an event, too. */
  people(world: World): Promise<Partial<World>>;
}

/** `onReplaced`: the log is another one now. */
export function openReader(bus: Bus, onReplaced: () => void = () => {}): Reader {
  const tail = logTail(bus);
  let shown = displayNames(bus);
  let isFirst = true;
  // The last event that was handed on: others write between any two of our reads, and what is read
  // twice would be shown twice.
  let seen = 0;
  return {
    news(world) {
      const found = tail.next();
      if (found.isReplaced || found.isRestarted) onReplaced();
      if (isFirst || found.isRestarted) {
        isFirst = false;
        const first = logUpTo(bus, shown, { last: kept.first });
        seen = first.activity.at(-1)?.id ?? 0;
        return { ...first, messages: first.messages.filter((one) => one.id <= seen), ...fresh };
      }
      const rows = found.rows.filter((row) => row.id > seen);
      seen = rows.at(-1)?.id ?? seen;
      return rows.length === 0 ? undefined : withNews(world, rows, shown);
    },
    earlier: () => ({
      ...logUpTo(bus, shown, { last: kept.before, upTo: seen }),
      terminals: openableTerminals(surroundings(bus)),
    }),
    async people(world) {
      // Tags change names.
      shown = displayNames(bus);
      const nowMs = bus.system.now();
      const agents = await listHeldAgents(bus);
      const focus = focusOf(bus);
      const inSight = world.messages.slice(-fatesInSight);
      return {
        agents: agents.map((one) => agentSeen(one, nowMs, focus)),
        stopped: stoppedSeen(bus, nowMs),
        fates: await fatesOf(bus, inSight, world.fates),
        unread: countInbox(bus),
        readUpTo: readUpTo(bus),
      };
    },
  };
}

/** Of another log nothing of before is true. */
const fresh: Partial<World> = { fates: new Map(), found: undefined, tools: toolNames };

function logUpTo(
  bus: Bus,
  shown: (base: string) => string,
  { last, upTo = Number.POSITIVE_INFINITY }: { last: number; upTo?: number },
) {
  const rowsOf = (filters: { type?: string[] }) =>
    queryLog(bus, { filters, last }).filter((row) => row.id <= upTo);
  return {
    activity: activityIn(rowsOf({}), shown),
    messages: messagesIn(rowsOf({ type: ["message"] }), shown),
  };
}

function withNews(world: World, rows: readonly EventRow[], shown: (base: string) => string) {
  const messages = messagesIn(rows, shown);
  return {
    activity: [...world.activity, ...activityIn(rows, shown)].slice(-kept.activity),
    ...(messages.length === 0
      ? {}
      : { messages: [...world.messages, ...messages].slice(-kept.messages) }),
  };
}

const mostFound = 200;

/** Messages with these words, files that were changed, commands that were run. */
export function search(bus: Bus, text: string): Partial<World> {
  const shown = displayNames(bus);
  const rows = [
    ...searchLog(bus, text, mostFound),
    ...queryLog(bus, { filters: { file: [text] }, last: mostFound }),
    ...queryLog(bus, { filters: { cmd: [text] }, last: mostFound }),
  ];
  const events = [...new Map(rows.map((row) => [row.id, row])).values()];
  events.sort((a, b) => a.id - b.id);
  return { found: { text, events: activityIn(events, shown) } };
}
