// Whole spaces as values: out of the log's database for a document, and a document's content into
// it. Into an empty space everything goes as it is; how it is merged otherwise is in
// `live-merge.ts`.
import { sectionsBeyond, type Tally } from "../../core/channels/merging.ts";
import { emptySnapshot, type Form, type Snapshot, seedForm } from "../../core/channels/snapshot.ts";
import { timestampOf } from "../../core/channels/timestamp.ts";
import { keptChannels } from "../../store/channels/channels.ts";
import { keptMessages } from "../../store/channels/messages.ts";
import {
  countersOf,
  ensureSpace,
  findSpace,
  frameOf,
  isEmptySpace,
  recordOrigin,
  setFrame,
} from "../../store/channels/spaces.ts";
import { keptSubscriptions } from "../../store/channels/subscriptions.ts";
import type { Bus } from "../bus.ts";
import { mergeInto } from "./live-merge.ts";

/** All there is, swept or not. Without a form it has that of the document the space came from. */
export function exportSpace(bus: Bus, space: string, form?: Form): Snapshot {
  return bus.db.read(() => {
    const id = findSpace(bus.db, space);
    if (id === undefined) return emptySnapshot(form);
    const frame = frameOf(bus.db, id);
    return {
      form: form ?? frame.form ?? seedForm,
      channels: keptChannels(bus.db, id),
      messages: keptMessages(bus.db, id),
      subscriptions: keptSubscriptions(bus.db, id),
      next: countersOf(bus.db, id),
      ...(frame.rest === undefined ? {} : { rest: frame.rest }),
    };
  });
}

export interface ImportReport {
  channels: Tally;
  messages: Tally;
  subscriptions: Tally;
  /**
   * Sections of the document for which there was no place, because the space has its own. They are
   * kept beside it under the document's origin.
   */
  leftOut: string[];
}

/** `origin` says where it came from, e.g. the document's path. Twice is the same as once. */
export function importSnapshot(
  bus: Bus,
  space: string,
  snapshot: Snapshot,
  origin: string,
): ImportReport {
  return bus.db.write(() => {
    const id = ensureSpace(bus.db, space);
    const wasEmpty = isEmptySpace(bus.db, id);
    const tallies = mergeInto(bus.db, { space: id, wasEmpty, snapshot });
    const leftOut = placeRest(bus, id, wasEmpty, snapshot);
    recordOrigin(bus.db, {
      space: id,
      origin,
      importedAt: timestampOf(bus.system.now()),
      form: snapshot.form,
      ...(leftOut.length === 0 || snapshot.rest === undefined ? {} : { rest: snapshot.rest }),
    });
    return { ...tallies, leftOut };
  });
}

/** Returns the sections that found no place. */
function placeRest(bus: Bus, space: number, wasEmpty: boolean, snapshot: Snapshot): string[] {
  const frame = frameOf(bus.db, space);
  if (wasEmpty && frame.form === undefined) {
    setFrame(bus.db, space, { form: snapshot.form, rest: frame.rest ?? snapshot.rest });
  } else if (frame.rest === undefined && snapshot.rest !== undefined) {
    setFrame(bus.db, space, { form: frame.form, rest: snapshot.rest });
  }
  return frame.rest === undefined ? [] : sectionsBeyond(frame.rest, snapshot.rest ?? {});
}
