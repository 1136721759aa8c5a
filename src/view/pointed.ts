// What a click means: the place of the frame that it hit, as the signal that a key would give.
import { textOfKey } from "./keys/hints.ts";
import { show } from "./show.ts";
import type { State } from "./state.ts";
import type { Signal } from "./update.ts";

export function pointedAt(state: State, x: number, y: number): Signal | undefined {
  const line = show(state).lines[y];
  const spot = line?.spots?.find((one) => x >= one.from && x < one.to);
  if (spot !== undefined)
    return "view" in spot ? { kind: "view", view: spot.view } : keyed(spot.key);
  if (line?.row === undefined || state.mode.kind !== "browse") return undefined;
  if (line.isChosen !== true) return { kind: "choose", id: line.row };
  // A second click opens what the first has chosen; a form is not sent off by one.
  const key = state.keys.find((one) => one.action === "open")?.keys[0];
  return key === undefined || state.view === "launch" ? undefined : keyed(key);
}

function keyed(key: string): Signal {
  return { kind: "key", key, text: textOfKey(key) };
}
