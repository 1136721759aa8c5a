// Carries out what `plan/first-prompt.ts` decides. While it is under way nothing else is typed.
import { printable } from "../core/printable.ts";
import type { System } from "../sys/system.ts";
import type { Rung } from "../tools/tool.ts";
import { type FirstPrompt, isUnderWay, stepFirstPrompt, waiting } from "./plan/first-prompt.ts";
import type { Seen } from "./plan/seen.ts";

export interface Typist {
  isUnderWay(): boolean;
  step(seen: Seen, isLaunched: boolean): void;
}

export interface TypistOptions {
  text: string | undefined;
  rungs: readonly Rung[];
  system: System;
  write(keys: string): void;
  isScreenBehind(): boolean;
  /** It must reach its agent another way. */
  onFailed(text: string): void;
}

export function openTypist(options: TypistOptions): Typist {
  const { text, system, write } = options;
  let now: FirstPrompt = text === undefined ? { phase: "done" } : waiting;
  const typing = options.rungs.find((rung) => rung.kind === "typing");
  const enterDelayMs = typing?.kind === "typing" ? typing.enterDelayMs : 1000;
  const giveUp = (reason: string) => {
    if (text !== undefined) options.onFailed(text);
    const msg = `the first prompt was not typed and comes as mail: ${reason}`;
    system.log({ level: "warn", subsystem: "delivery", event: "first_prompt", msg });
  };
  return {
    isUnderWay: () => isUnderWay(now),
    step(seen, isLaunched) {
      if (!isUnderWay(now)) return;
      const nowMs = system.monotonic();
      const { next, key } = stepFirstPrompt(now, seen, { isLaunched, enterDelayMs, nowMs });
      // What the screen shows is older than the key would be.
      if (key !== undefined && options.isScreenBehind()) return;
      // First, so that a log that does not take it now gets it with a later look.
      if (next.phase === "failed") giveUp(next.reason);
      now = next;
      if (key === "paste") write(`\x1b[200~${printable(text ?? "")}\x1b[201~`);
      if (key === "enter") write("\r");
    },
  };
}
