// Full-text search in the log, in this process: kinds of questions in rotation.
import type { Db } from "../src/store/db.ts";
import { searchMessages } from "../src/store/search.ts";
import { bigLog, eventCount, messageShare } from "./big-log.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Measurement, measurementOf, medianOf } from "./measure.ts";

const kinds: Readonly<Record<string, (n: number) => string>> = {
  "common word": () => "word0",
  "two words": (n) => `word${n % 40} word${1000 + (n % 900)}`,
  "rare word": (n) => `unique${(n * 37) % 1000}`,
  phrase: () => '"silver walrus sings"',
  beginning: (n) => `uniq${"ue1".slice(0, 1 + (n % 3))}*`,
  "common and rare": (n) => `word1 unique${(n * 91) % 1000}`,
  "absent word": () => "absent",
};

/** In most of the other events, in no message: every hit has to be looked at. */
const worst = "gadget";

export function search(lab: Lab): Measurement[] {
  using bus = bigLog(lab).openBus();
  const rounds = lab.isSmoke ? 5 : 50;
  const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  const worstTimes: number[] = [];
  for (let round = -2; round < rounds; round++) {
    for (const [kind, question] of Object.entries(kinds)) {
      const ms = timeOf(bus.db, question(round + 2));
      if (round >= 0) times.get(kind)?.push(ms);
    }
    if (round >= 0) worstTimes.push(timeOf(bus.db, worst));
  }
  const messages = eventCount(lab) * messageShare;
  const others = (eventCount(lab) - messages) / 1000;
  const slowest = [...times].toSorted((a, b) => medianOf(b[1]) - medianOf(a[1])).slice(0, 3);
  const note = slowest.map(([kind, own]) => `${kind} ${medianOf(own).toFixed(2)}`).join(", ");
  const name = `search, ${messages / 1000} k messages`;
  const label = { name, unit: "ms", target: atMost(10, "p95"), note: `slowest: ${note}` };
  return [
    measurementOf(label, [...times.values()].flat()),
    measurementOf({ name: `search, word of ${others} k other events`, unit: "ms" }, worstTimes),
  ];
}

function timeOf(db: Db, text: string): number {
  const startedAt = performance.now();
  searchMessages(db, text, 50);
  return performance.now() - startedAt;
}
