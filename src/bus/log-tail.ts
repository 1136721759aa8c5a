// The end of the log for a reader that comes again and again: each time only what is new. It waits
// for nothing; who waits is told by `wake.ts` when to come.
import type { EventRow } from "../core/event.ts";
import { eventsAfter, maxEventId } from "../store/events.ts";
import { type Bus, reopenIfReplaced } from "./bus.ts";

export interface Tail {
  /**
   * `isRestarted`: another log has taken this one's place, so nothing of before is in it.
   * `isReplaced`: another file, maybe in another directory: who watches must watch anew.
   */
  next(): { rows: EventRow[]; isRestarted: boolean; isReplaced: boolean };
}

/** Of what piled up meanwhile the newest; a reader that was away wants no history. */
const most = 1000;

/** Begins at the end of the log as it is now. */
export function logTail(bus: Bus): Tail {
  let at = maxEventId(bus.db);
  return {
    next() {
      const isReplaced = reopenIfReplaced(bus);
      const newest = maxEventId(bus.db);
      const isRestarted = newest < at || (isReplaced && newest !== at);
      const from = isRestarted ? newest : Math.max(at, newest - most);
      at = newest;
      return {
        rows: newest > from ? eventsAfter(bus.db, from, most) : [],
        isRestarted,
        isReplaced,
      };
    },
  };
}
