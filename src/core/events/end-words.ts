// How an agent ended, for people. The log keeps the reasons of hcom and of the agents' programs.
import { asObject, type JsonObject } from "../json.ts";

export interface End {
  name: string;
  reason: string;
  by: string;
  had_program: boolean;
}

const words: Readonly<Record<string, string>> = {
  ...{ external: "stopped", multi_stop: "stopped", tag_stop: "stopped", stop_all: "stopped" },
  ...{ self: "left by itself", killed: "killed", parent_stopped: "ended with its parent" },
  ...{ closed: "its program ended", exit: "its program ended", other: "its session ended" },
  ...{ prompt_input_exit: "its program ended", logout: "its program was logged out" },
  ...{ clear: "its session was cleared", reclaimed: "its name was taken up elsewhere" },
  ...{ stale_cleanup: "silent for too long", imported: "was over before the import" },
  ...{ launch_failed: "its launch failed", exited_before_bind: "its launch failed" },
  ...{ no_session: "its launch failed", spawn_failed: "its launch failed" },
};

/**
 * Where the log says so, nothing was ended: its program was not ours. Earlier programs did not
 * always tell.
 */
export function hadProgram(life: JsonObject): boolean {
  return life["placeholder"] === true || asObject(life["snapshot"])["pid"] !== null;
}

/** `by` is an agent's base name, `user` for a person at a shell, or `system`. */
export function endWords(end: End): string {
  const { name, reason, by } = end;
  const isKill = reason === "killed" && !end.had_program;
  const known = isKill ? "taken off the list" : wordsFor(reason);
  const what = known ?? (reason === "" ? "ended" : reason.replaceAll("_", " "));
  if (by === "" || by === name || by === "system" || reason === "self") return what;
  return `${what} by ${by === "user" ? "a person" : by}`;
}

function wordsFor(reason: string): string | undefined {
  return Object.hasOwn(words, reason) ? words[reason] : undefined;
}
