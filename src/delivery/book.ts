// The wrapper's side of the log: everything it reads from or writes to the bus, under the name that
// its process has at that moment. Opened late and again after trouble; a locked or missing database
// makes a call throw and never waits long.

import { instanceOfProcess } from "../bus/agents/of-process.ts";
import { heartbeat, setGateContext, setStatus } from "../bus/agents/set-status.ts";
import { type Bus, reopenIfReplaced } from "../bus/bus.ts";
import { stir } from "../bus/gate.ts";
import { attachWrapper, detachWrapper, launchOutcome } from "../bus/life/attach.ts";
import { mailFirstPrompt } from "../bus/life/mail-first-prompt.ts";
import { collect, type Offer } from "../bus/mail/collect.ts";
import { newestHookEvent } from "../bus/mail/hook-mark.ts";
import { mailboxOf } from "../bus/mail/mailbox.ts";
import { type PendingMail, pendingMail } from "../bus/mail/pending.ts";
import { lapseUnproven, proveInContext, type ReadTail } from "../bus/mail/prove.ts";
import { tellHeld } from "../bus/mail/tell-held.ts";
import { recordPush, recordPushFailure, takeBack } from "../bus/mail/waking/push.ts";
import { watchWakes } from "../bus/wake.ts";
import type { Status } from "../core/status.ts";
import { childrenOf, getInstance, hasChildren, instanceByPrincipal } from "../store/instances.ts";
import { leaveOffer, renewOffer } from "../store/lapsed.ts";
import { remoteLabels } from "../store/relay/origins.ts";
import type { Tool } from "../tools/tool.ts";
import { startWatching } from "./chores/watching.ts";
import { emptyLog, type Log } from "./look.ts";

/** As bus/bus.ts `openBus`, with everything but these bound. */
export type OpenBus = (options: { busyTimeoutMs: number; create: boolean }) => Bus;

export interface BookOptions {
  openBus: OpenBus;
  tool: Tool;
  processId: string;
  /** Undefined when the program could not be started. */
  pid: number | undefined;
  pidStart: string | undefined;
  wrapperPid: number;
  wrapperStart: string | undefined;
  controlSocket: string | undefined;
  toolVersion: string | undefined;
  configDir: string;
  readTail: ReadTail;
  onWake(): void;
}

export interface Book extends Disposable {
  /** Reads our row and its mail; marks the row as ours when it is new to us. */
  look(): Log;
  status(name: string, status: Status, context: string, detail: string): void;
  annotate(name: string, context: string): void;
  launch(name: string, outcome: LaunchNews): void;
  pushed(name: string, ids: readonly number[], via: string): void;
  pushFailed(name: string, ids: readonly number[], via: string, reason: string): void;
  /** Subagents at work that take part, with their mail. */
  below(name: string): { name: string; agentId: string; mail: PendingMail }[];
  /** Claims mail that is handed over without a hook. */
  collect(name: string, via: string): Offer | undefined;
  /** It takes longer: still ours. */
  renew(offer: Held): void;
  /** Whether it got through is not known: the next one looks. */
  abandon(offer: Held, reason: string): void;
  /** Does its conversation show all of them? By the principal, as the next two: names change. */
  isReached(principal: string, ids: readonly number[]): boolean;
  /** It was claimed and has not arrived. */
  notTaken(principal: string, ids: readonly number[], via: string, reason: string): void;
  /** It was taken for handed over and has not arrived, unless its transcript shows it. */
  takeBack(principal: string, ids: readonly number[], reason: string): void;
  beat(name: string): void;
  /** How many deliveries the transcript does not show yet. */
  prove(name: string): number;
  /** Offers again what a finished turn never took in. */
  lapse(name: string, olderThanSeconds: number): number[];
  /** Tells the senders of what waits for this agent's person. */
  tellHeld(name: string, ids: readonly number[]): void;
  /** What could not be typed comes as mail. */
  mailFirstPrompt(text: string): void;
  leave(farewell: Farewell): void;
}

type Held = Pick<Offer, "principal" | "claim">;

export type LaunchNews =
  | { action: "ready"; context: string | undefined }
  | { action: "launch_blocked"; evidence: string }
  | { action: "launch_failed"; reason: string; evidence: string };

export interface Farewell {
  reason: "closed" | "killed" | "launch_failed";
  exitCode: number;
  screenTail: string;
}

/** A wrapper holds up a human's terminal while it waits. */
const busyTimeoutMs = 50;

export function openBook(options: BookOptions): Book {
  let opened: { bus: Bus; wakes: Disposable } | undefined;
  let attachedTo: string | undefined;
  const watching = startWatching(bus);

  function bus(): Bus {
    if (opened === undefined) {
      const made = options.openBus({ busyTimeoutMs, create: false });
      const wakes = watchWakes(made, () => {
        options.onWake();
        watching.soon();
      });
      opened = { bus: made, wakes };
      watching.soon();
    }
    return opened.bus;
  }

  function close(): void {
    opened?.wakes[Symbol.dispose]();
    opened?.bus[Symbol.dispose]();
    opened = undefined;
  }

  return {
    look() {
      const open = bus();
      if (reopenIfReplaced(open)) attachedTo = undefined;
      const row = instanceOfProcess(open, options.processId);
      if (row === undefined) return emptyLog;
      // Another incarnation of the same name knows nothing of us.
      const incarnation = `${row.name} ${row.created_at}`;
      if (attachedTo !== incarnation && options.pid !== undefined) {
        attachWrapper(open, attachmentOf(options, options.pid, row.name));
        attachedTo = incarnation;
      }
      const hookMark = newestHookEvent(open, row.name);
      const mail = pendingMail(open, row.name);
      if (mail.ids.length > 0 && row.session_id !== null) stir(open, row.session_id);
      return { row, mail, hookMark };
    },
    status: (name, status, context, detail) =>
      void setStatus(bus(), name, { status, context, detail, writer: "wrapper" }),
    annotate: (name, context) => setGateContext(bus(), name, context),
    launch: (name, news) => launchOutcome(bus(), name, outcomeOf(news)),
    pushed: (name, ids, via) => recordPush(bus(), name, [...ids], via),
    pushFailed: (name, ids, via, reason) => recordPushFailure(bus(), name, [...ids], via, reason),
    ...carrying(bus, options),
    beat: (name) => heartbeat(bus(), name),
    prove: (name) => proveInContext(bus(), name, options.tool, options.readTail),
    lapse: (name, olderThanSeconds) => lapseUnproven(bus(), name, olderThanSeconds),
    tellHeld: (name, ids) => tellHeld(bus(), name, ids),
    mailFirstPrompt: (text) => mailFirstPrompt(bus(), options.processId, text),
    leave(farewell) {
      detachWrapper(bus(), {
        processId: options.processId,
        reason: farewell.reason,
        exitCode: farewell.exitCode,
        screenTail: farewell.screenTail,
      });
    },
    [Symbol.dispose]() {
      watching[Symbol.dispose]();
      close();
    },
  };
}

function carrying(
  bus: () => Bus,
  options: Pick<BookOptions, "tool" | "readTail">,
): Pick<Book, "below" | "collect" | "renew" | "abandon" | "isReached" | "notTaken" | "takeBack"> {
  const nowOf = (principal: string) => instanceByPrincipal(bus().db, principal);
  return {
    below(name) {
      const row = getInstance(bus().db, name);
      const session = row?.session_id ?? null;
      if (session === null || !hasChildren(bus().db, { name, session })) return [];
      return childrenOf(bus().db, { name, session }).flatMap((child) => {
        const { agent_id: agentId, status, name_announced: isTold } = child;
        // One that is done waits in its last hook, which takes the mail.
        if (agentId === null || status !== "active" || isTold === 0) return [];
        return [{ name: child.name, agentId, mail: pendingMail(bus(), child.name) }];
      });
    },
    collect(name, via) {
      const row = getInstance(bus().db, name);
      return row && collect(bus(), name, { via, isBeside: true, ...mailboxOf(row, options.tool) });
    },
    renew({ principal, claim }) {
      renewOffer(bus().db, { principal, claim, now: bus().system.now() / 1000 });
    },
    abandon: ({ principal, claim }, reason) => leaveOffer(bus().db, { principal, claim, reason }),
    isReached(principal, ids) {
      const row = nowOf(principal);
      if (row === undefined) return false;
      const { reached } = mailboxOf(row, options.tool).reached(ids, remoteLabels(bus().db, ids));
      return ids.every((id) => reached.includes(id));
    },
    notTaken(principal, ids, via, reason) {
      const name = nowOf(principal)?.name;
      if (name === undefined) return;
      recordPush(bus(), name, ids, via);
      recordPushFailure(bus(), name, ids, via, reason);
    },
    takeBack(principal, ids, reason) {
      const name = nowOf(principal)?.name;
      if (name === undefined) return;
      proveInContext(bus(), name, options.tool, options.readTail);
      takeBack(bus(), name, ids, reason);
    },
  };
}

function attachmentOf(
  options: BookOptions,
  pid: number,
  name: string,
): Parameters<typeof attachWrapper>[1] {
  return {
    processId: options.processId,
    name,
    pid,
    wrapperPid: options.wrapperPid,
    configDir: options.configDir,
    ...(options.pidStart === undefined ? {} : { pidStart: options.pidStart }),
    ...(options.wrapperStart === undefined ? {} : { wrapperStart: options.wrapperStart }),
    ...(options.controlSocket === undefined ? {} : { controlSocket: options.controlSocket }),
    ...(options.toolVersion === undefined ? {} : { toolVersion: options.toolVersion }),
  };
}

function outcomeOf(news: LaunchNews): Parameters<typeof launchOutcome>[2] {
  switch (news.action) {
    case "ready":
      return news.context === undefined
        ? { action: "ready" }
        : { action: "ready", status: "listening", context: news.context };
    case "launch_blocked":
      return {
        action: "launch_blocked",
        status: "blocked",
        context: "launch_blocked",
        reason: "waits for its person",
        detail: news.evidence,
      };
    case "launch_failed":
      return {
        action: "launch_failed",
        status: "inactive",
        context: "launch_failed",
        reason: news.reason,
        detail: news.evidence,
      };
  }
}
