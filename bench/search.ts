// Full-text search in the log, in this process: kinds of questions in rotation.
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
  // In most of the other events, in no message: every hit has to be looked at.
  "word of other events": () => "gadget",
};

export function search(lab: Lab): Measurement[] {
  using bus = bigLog(lab).openBus();
  const rounds = lab.isSmoke ? 5 : 50;
  const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const [kind, question] of Object.entries(kinds)) {
      const text = question(round + 2);
      const startedAt = performance.now();
      searchMessages(bus.db, text, 50);
      if (round >= 0) times.get(kind)?.push(performance.now() - startedAt);
    }
  }
  const thousands = (eventCount(lab) * messageShare) / 1000;
  const all = [...times.values()].flat();
  const name = `search, ${thousands} k messages, ${times.size} kinds`;
  const slowest = [...times].toSorted((a, b) => medianOf(b[1]) - medianOf(a[1])).slice(0, 3);
  const note = slowest.map(([kind, own]) => `${kind} ${medianOf(own).toFixed(2)}`).join(", ");
  return [
    measurementOf({ name, unit: "ms", target: atMost(10, "p95"), note: `slowest: ${note}` }, all),
  ];
}
