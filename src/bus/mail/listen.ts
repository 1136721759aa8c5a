// Waits for mail of one instance and hands it over. The look comes first, the timeout after it.

import type { EventRow } from "../../core/event.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";

import { listenDetail } from "../../core/status.ts";
import { getInstance } from "../../store/instances.ts";
import { heartbeat, setStatus } from "../agents/set-status.ts";
import { type Bus, reopenIfReplaced } from "../bus.ts";
import { nextWake } from "../wake.ts";
import { collect, type Offer } from "./collect.ts";
import { findMailbox } from "./mailbox.ts";
import { hasMail } from "./nothing-waits.ts";
import { catchUpAlone } from "./waking/catch-up-alone.ts";

export interface ListenOptions {
  timeoutSeconds: number;
  /** Shown as the way in the ledger. */
  via: string;
  /** Says that the caller is going away (signal). */
  isOver?: () => boolean;
  /** Gets what wakes the wait up to ask `isOver`. */
  whenOver?: (wake: () => void) => void;
  detail?: string;
  /** Also heard: an event. Mail comes first. */
  match?: (() => EventRow | undefined) | undefined;
}

export type Heard =
  | { kind: "mail"; offer: Offer }
  | { kind: "match"; event: EventRow }
  | { kind: "timeout" }
  | { kind: "gone" }
  | { kind: "over" };

const longestWaitMs = 30_000;
/** Somebody has claimed the mail, who may end without a word: no change of the log tells that. */
const claimedWaitMs = 500;

export async function listen(bus: Bus, name: string, options: ListenOptions): Promise<Heard> {
  const deadline = bus.system.monotonic() + options.timeoutSeconds * 1000;
  const self = getInstance(bus.db, name);
  if (self === undefined) return { kind: "gone" };
  const mailbox = await findMailbox(self);
  let isWaiting = false;
  // Who asks gets what waits for its next turn, too; once it waits, that wakes nobody.
  const first = options.via === "poll" ? "along" : "take";
  for (;;) {
    reopenIfReplaced(bus);
    if (getInstance(bus.db, name) === undefined) return { kind: "gone" };
    await catchUpAlone(bus);
    const version = bus.db.dataVersion();
    const deferred = isWaiting ? "along" : first;
    const offer = collect(bus, name, { via: options.via, deferred, ...mailbox });
    if (offer !== undefined) return { kind: "mail", offer };
    const event = options.match?.();
    if (event !== undefined) return { kind: "match", event };
    if (options.isOver?.()) return { kind: "over" };
    const left = deadline - bus.system.monotonic();
    if (left <= 0) return { kind: "timeout" };
    if (!isWaiting) {
      enter(bus, name, options.detail ?? listenDetail);
      isWaiting = true;
    }
    heartbeat(bus, name);
    // What others committed since our look would wake nobody: the watch begins after it.
    const isDue = () =>
      bus.db.dataVersion() !== version ||
      options.isOver?.() === true ||
      getInstance(bus.db, name) === undefined;
    const waiter = { name, kind: options.via === "poll" ? "hook" : "listen" } as const;
    const longestMs = isMailThere(bus, name, deferred) ? claimedWaitMs : longestWaitMs;
    await nextWake(bus, Math.min(left, longestMs), {
      isDue,
      waiter,
      whenOver: options.whenOver,
    });
  }
}

function isMailThere(bus: Bus, name: string, deferred: "along" | "take"): boolean {
  const row = getInstance(bus.db, name);
  return row !== undefined && hasMail(bus, row, { deferred });
}

function enter(bus: Bus, name: string, detail: string): void {
  setStatus(bus, name, { status: "listening", context: "ready", detail, writer: "listen" });
}

/** Puts the row back when nothing else changed it meanwhile. */
export function leaveListen(
  bus: Bus,
  name: string,
  how: "interrupted" | "timeout" | "match",
): void {
  const row = getInstance(bus.db, name);
  if (row === undefined || row.status_detail !== listenDetail) return;
  // Whoever only listens works on nothing afterwards.
  if (isAdHoc(row) && how !== "match") {
    setStatus(bus, name, { status: "inactive", context: `exit:${how}`, writer: "listen" });
    return;
  }
  const context = how === "interrupted" ? how : "finished listening";
  setStatus(bus, name, { status: "active", context, writer: "listen" });
}
