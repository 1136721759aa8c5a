// The delivery loop: looks at the log, the tool's registry and the screen, lets decide.ts choose,
// and carries that out. It never blocks the terminal: what the database refuses now is tried again.

import { type Instance, launchContextOf } from "../core/instance.ts";
import { nudgeText } from "../core/mail/envelope.ts";
import type { System } from "../sys/system.ts";
import type { Book } from "./book.ts";
import type { Eyes } from "./eyes.ts";
import type { Typist } from "./first-prompt.ts";
import type { LiveFile } from "./live-file.ts";
import { emptyLog, type Log, look } from "./look.ts";
import type { Courier } from "./native/courier.ts";
import { decide } from "./plan/decide.ts";
import type { Action, Rules, Seen, State } from "./plan/seen.ts";
import { firstState, isKeystroke } from "./plan/seen.ts";
import { giveWay } from "./plan/typing.ts";
import { refused, withdrawn } from "./plan/undone.ts";
import { carryOut, isBypassedRow, type Target } from "./rungs.ts";

export interface LoopOptions {
  system: System;
  rules: Rules;
  book: Book;
  eyes: Eyes;
  live(nowMs: number): LiveFile | undefined;
  /** Facts of a push but for what is looked up each time. */
  target: Omit<Target, "session" | "live" | "bell" | "hasBell" | "isBypassed">;
  /** Folder of the bell files. */
  bells: string;
  /** Into the program's terminal. */
  write(text: string): void;
  /** Types the launch's first prompt; mail waits for it. */
  typist: Typist;
  /** Where mail can go into the program itself. */
  courier?: Courier | undefined;
  /** Is output still on its way into the screen model? */
  isScreenBehind(): boolean;
  /** The end of the screen, for reports. */
  evidence(): string;
  /** The log answers, but has not known our process for a while. Said once. */
  onOrphaned(): void;
  /** Status and name may have changed. */
  onRow(row: Instance | undefined): void;
}

const everyMs = { look: 1000, beat: 15_000, prove: 2000, lapse: 10_000, typist: 100 } as const;
/** Output wakes the loop, but not for each frame of a spinner. */
const outputPaceMs = 100;
/** After a failure of the database. */
const troubleMs = 500;
/** The screen model is about to catch up. */
const behindMs = 5;
/** A row can be missing for a moment, as when a session is replaced. */
const orphanedAfterMs = 5000;
const suspended = "tui:suspended";
/** A person who is there has answered by then. */
const tellAfterMs = 45_000;
/** A turn's transcript is complete this long after the turn. */
const lapseAfterSeconds = 30;

export class Loop implements Disposable {
  readonly #options: LoopOptions;
  readonly #startedAt: number;
  #state: State;
  #log: Log = emptyLog;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isStale = true;
  /** Since when the log has had no row for us. */
  #rowlessSince: number | undefined;
  #isOrphaned = false;
  /** Since when mail has waited for an agent that is in no turn. */
  #heldSince: number | undefined;
  #effect: Seen["effect"];
  #unproven = 0;
  readonly #due = { beat: 0, prove: 0, lapse: 0 };
  #trouble = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #isStopped = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#startedAt = options.system.monotonic();
    this.#state = firstState(options.rules.rungs.length);
    this.#schedule(0);
  }

  /** Look again soon: the log, the screen or the keyboard may have changed. */
  wake(isAboutLog: boolean): void {
    if (isAboutLog) this.#isStale = true;
    this.#schedule(isAboutLog ? 0 : outputPaceMs);
  }

  /** A person types: what of ours must leave the box first. They count as gone. */
  giveWay(): { count: number; isSending: boolean } {
    const { eyes, system } = this.#options;
    const given = giveWay(this.#state, eyes.glance().input, system.monotonic());
    this.#state = given.state;
    return { count: given.erase, isSending: given.isSending };
  }

  row(): Instance | undefined {
    return this.#log.row;
  }

  /** We are about to stand still: whoever looks at the row shall see why. */
  suspend(): void {
    this.#remark((context) => (context === suspended ? undefined : suspended));
  }

  resume(): void {
    this.#remark((context) => (context === suspended ? "" : undefined));
    this.wake(true);
  }

  #remark(next: (context: string) => string | undefined): void {
    try {
      const { row } = this.#options.book.look();
      const context = row?.status === "listening" ? next(row.status_context) : undefined;
      if (row !== undefined && context !== undefined) {
        this.#options.book.annotate(row.name, context);
      }
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Has the launch come so far that its end is no failed launch? */
  isLaunched(): boolean {
    return this.#state.launch === "ready" || this.#log.row?.session_id != null;
  }

  status(): object {
    const { push, launch, gate } = this.#state;
    return {
      launch,
      gate: gate?.reason ?? null,
      push: push === undefined ? null : { rung: this.#kindOf(push.rung), ids: push.ids },
      mail: this.#log.mail.ids,
      unproven: this.#unproven,
      trouble: this.#trouble,
    };
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(inMs: number): void {
    const at = this.#options.system.monotonic() + inMs;
    if (this.#isStopped || at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#turn(), inMs);
  }

  #turn(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    let nextMs: number = troubleMs;
    try {
      nextMs = this.#lookAndAct();
      this.#trouble = "";
    } catch (error) {
      this.#complain(error);
    }
    this.#schedule(nextMs);
  }

  #lookAndAct(): number {
    const { system, rules, eyes, live: readLive, isScreenBehind } = this.#options;
    const now = system.monotonic();
    if (this.#isStale || now - this.#lookedAt >= everyMs.look) this.#refresh(now);
    // Between a text and its Enter only the newest screen counts.
    if (this.#state.push?.kind === "typing" && isScreenBehind()) return behindMs;
    const live = readLive(now);
    const { typist } = this.#options;
    const isElsewhere = typist.isUnderWay() || this.#isCarried();
    const seen = look({
      log: isElsewhere ? { ...this.#log, mail: emptyLog.mail } : this.#log,
      live,
      eyes,
      rules,
      target: this.#targetOf(live),
      wall: system.now(),
      runningMs: now - this.#startedAt,
      effect: this.#effect,
    });
    typist.step(seen, this.#state.launch === "ready");
    const step = decide(this.#state, seen, now, rules);
    if (step.actions.some(isKeystroke) && isScreenBehind()) return behindMs;
    this.#state = step.state;
    this.#performAll(step.actions, live);
    this.#keepUp(now);
    if (typist.isUnderWay()) return Math.min(step.nextMs, everyMs.typist);
    return this.#rowlessSince === undefined ? step.nextMs : Math.min(step.nextMs, everyMs.look);
  }

  /** A session that is bound and knows who it is gets its mail without a rung where it can. */
  #isCarried(): boolean {
    const { row, mail } = this.#log;
    if (row === undefined || row.session_id === null || this.#state.launch !== "ready")
      return false;
    return this.#options.courier?.step(row.name, mail, row.status === "blocked") === true;
  }

  #refresh(now: number): void {
    this.#isStale = false;
    try {
      this.#log = this.#options.book.look();
      this.#lookedAt = now;
      this.#watchRow(now);
    } catch (error) {
      this.#isStale = true;
      this.#log = emptyLog;
      throw error;
    } finally {
      this.#options.onRow(this.#log.row);
    }
  }

  #watchRow(now: number): void {
    if (this.#log.row !== undefined) {
      this.#rowlessSince = undefined;
      return;
    }
    this.#rowlessSince ??= now;
    if (this.#isOrphaned || now - this.#rowlessSince < orphanedAfterMs) return;
    this.#isOrphaned = true;
    this.#options.onOrphaned();
  }

  #performAll(actions: readonly Action[], live: LiveFile | undefined): void {
    for (const [at, action] of actions.entries()) {
      try {
        this.#perform(action, live);
      } catch (error) {
        this.#state = refused(this.#state, actions.slice(at));
        throw error;
      }
    }
  }

  #perform(action: Action, live: LiveFile | undefined): void {
    const { book, write } = this.#options;
    const { row } = this.#log;
    if (action.kind === "enter") write("\r");
    else if (action.kind === "erase") write("\x7f".repeat(action.text.length));
    if (row === undefined) return;
    switch (action.kind) {
      case "status":
        book.status(row.name, action.status, action.context, action.detail);
        break;
      case "annotate":
        // Only a remark of ours is taken back.
        if (action.context === "" && !row.status_context.startsWith("tui:")) return;
        book.annotate(row.name, action.context);
        break;
      case "launch":
        this.#announce(row.name, action);
        break;
      case "failed":
        book.pushFailed(row.name, action.ids, this.#kindOf(action.rung), action.reason);
        break;
      case "type":
      case "push":
        this.#push(row.name, action, live);
        break;
      default:
        return;
    }
    this.#isStale = true;
  }

  #announce(name: string, action: Extract<Action, { kind: "launch" }>): void {
    const { book, evidence } = this.#options;
    if (action.outcome === "ready") {
      book.launch(name, { action: "ready", context: action.context });
      return;
    }
    book.launch(name, { action: "launch_blocked", evidence: evidence() });
  }

  #push(
    name: string,
    action: Extract<Action, { kind: "push" | "type" }>,
    live: LiveFile | undefined,
  ): void {
    const { book, rules, write, system } = this.#options;
    // Somebody else may have taken the mail since the last look.
    this.#log = book.look();
    const { row, mail } = this.#log;
    const isStillThere = action.ids.some((id) => mail.ids.includes(id));
    if (row?.name !== name || !isStillThere || mail.inFlight) {
      this.#state = withdrawn(this.#state, action);
      return;
    }
    book.pushed(name, action.ids, this.#kindOf(action.rung));
    if (action.kind === "type") {
      if (action.text !== "") write(action.text);
      return;
    }
    const rung = rules.rungs[action.rung];
    if (rung === undefined) return;
    this.#effect = undefined;
    const since = this.#state.push?.since;
    const nudge = { text: nudgeText(action.ids), id: system.uuid() };
    void carryOut(rung, this.#targetOf(live), nudge).then((failure) => {
      if (this.#state.push?.since !== since) return;
      this.#effect = { failure };
      this.#schedule(0);
    });
  }

  #targetOf(live: LiveFile | undefined): Target {
    const { target, bells, eyes } = this.#options;
    const { row } = this.#log;
    return {
      ...target,
      pid: live?.pid ?? target.pid,
      session: live?.session.session ?? row?.session_id ?? undefined,
      live: live?.session,
      bell: `${bells}/${row?.name ?? ""}`,
      hasBell: row !== undefined && launchContextOf(row).bell === "1",
      isBypassed: eyes.glance().isBypassed || isBypassedRow(row),
    };
  }

  /** Heartbeat, and proof of what was handed over. */
  #keepUp(now: number): void {
    const { book } = this.#options;
    const { row } = this.#log;
    if (row === undefined) return;
    if (now >= this.#due.beat) {
      this.#due.beat = now + everyMs.beat;
      book.beat(row.name);
      this.#tellHeld(row, now);
    }
    if (now >= this.#due.prove) {
      this.#due.prove = now + everyMs.prove;
      this.#unproven = book.prove(row.name);
    }
    const { idleSince } = this.#state;
    const isTurnOver = idleSince !== undefined && now - idleSince > everyMs.lapse;
    if (this.#unproven === 0 || !isTurnOver || now < this.#due.lapse) return;
    this.#due.lapse = now + everyMs.lapse;
    if (book.lapse(row.name, lapseAfterSeconds).length > 0) this.#isStale = true;
  }

  /** Each message once, when it has waited a while. */
  #tellHeld(row: Instance, now: number): void {
    const { ids } = this.#log.mail;
    if (ids.length === 0 || row.status === "active") this.#heldSince = undefined;
    else this.#heldSince ??= now;
    if (this.#heldSince === undefined || now - this.#heldSince < tellAfterMs) return;
    this.#options.book.tellHeld(row.name, ids);
  }

  #complain(error: unknown): void {
    const msg = error instanceof Error ? error.message : String(error);
    if (msg === this.#trouble) return;
    this.#trouble = msg;
    const { row } = this.#log;
    const instance = row === undefined ? {} : { instance: row.name };
    this.#options.system.log({
      level: "warn",
      subsystem: "delivery",
      event: "trouble",
      msg,
      ...instance,
    });
  }

  #kindOf(rung: number): string {
    return this.#options.rules.rungs[rung]?.kind ?? "";
  }
}
