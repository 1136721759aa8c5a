// The end of the log for a reader that comes again and again: each time only what is new. It waits
// for nothing; who waits is told by `wake.ts` when to come.
import type { EventRow } from "../core/event.ts";
import { eventsAfter, getEvent, maxEventId } from "../store/events.ts";
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
  const timeOf = (id: number) => getEvent(bus.db, id)?.timestamp;
  let time = timeOf(at);
  return {
    next() {
      const isReplaced = reopenIfReplaced(bus);
      const newest = maxEventId(bus.db);
      // Another log was written over this one: what stands at our place is another event.
      const isOther = timeOf(at) !== time;
      const isRestarted = newest < at || isOther || (isReplaced && newest !== at);
      const from = isRestarted ? newest : Math.max(at, newest - most);
      if (newest !== at || isOther) time = timeOf(newest);
      at = newest;
      return {
        rows: newest > from ? eventsAfter(bus.db, from, most) : [],
        isRestarted,
        isReplaced,
      };
    },
  };
}
