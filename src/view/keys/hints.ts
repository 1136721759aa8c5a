// The keys that work now. A key is shown only where pressing it does something: it is pressed on
// the model, which is pure, and what comes out is looked at. What it does is said for this very
// state.

import { needsHuman } from "../marks.ts";
import { agentNamed, chosenRow, isSeen, launchFields, shownName, subjectOf } from "../rows.ts";
import { type Asked, after, groupings, type Mode, panes, type State } from "../state.ts";
import { typedIn } from "../typing/launch-form.ts";
import { update } from "../update.ts";
import { type Action, actionOf, type Binding } from "./keys.ts";

export interface Hint {
  /** Any of them. */
  keys: readonly string[];
  does: string;
}

/** Stands for every key that has no other meaning. */
export const anyOther = "any other key";

export function hintsOf(state: State): Hint[] {
  return [...eachHint(state), ...lastHints(state)];
}

/** Help and leaving, which are always in sight; of other modes none. */
export function lastHints(state: State): Hint[] {
  if (state.mode.kind !== "browse") return [];
  return state.keys.filter(isLast).flatMap((one) => browsing(state, one, undefined));
}

function isLast({ action }: Binding): boolean {
  return action === "help" || action === "quit";
}

/** All others, most important first: each is found out when somebody has room for it. */
export function* eachHint(state: State): Generator<Hint> {
  const { mode } = state;
  if (mode.kind === "browse") {
    const subject = subjectOf(state);
    for (const one of state.keys) if (!isLast(one)) yield* browsing(state, one, subject);
    return;
  }
  for (const { keys, does } of modeHints(state, mode)) {
    const working = keys.filter((key) => isDoing(state, key));
    if (working.length > 0) yield { does, keys: working };
  }
}

function browsing(state: State, binding: Binding, subject: string | undefined): Hint[] {
  const does = wordsFor(state, binding, subject);
  if (does === undefined) return [];
  const key = binding.keys.find((one) => reaches(state, binding, one) && isDoing(state, one));
  return key === undefined ? [] : [{ keys: [key], does }];
}

/** It is not taken by a field that is typed into. */
function reaches(state: State, { action }: Binding, key: string): boolean {
  const isTyped = state.view === "launch" && typedIn(state, key, textOfKey(key)) !== undefined;
  return !isTyped && actionOf(state.keys, state.view, key) === action;
}

/** Something else than a notice comes of it. */
function isDoing(state: State, key: string): boolean {
  const pressed = key === anyOther ? "f12" : key;
  const next = update(state, { kind: "key", key: pressed, text: textOfKey(pressed) });
  if (next.effects.length > 0) return true;
  return Object.entries(next.state).some(([name, value]) => {
    const before: unknown = state[name as keyof State];
    return name !== "notice" && value !== before && !Bun.deepEquals(value, before);
  });
}

/** What a key types that is known by its name. */
export function textOfKey(key: string): string {
  if (key === "space") return " ";
  return [...key].length === 1 ? key : "";
}

/** In a word or two; undefined where it needs no mention. */
function wordsFor(
  state: State,
  { action, short }: Binding,
  name: string | undefined,
): string | undefined {
  const isForm = state.view === "launch";
  // What nobody has in mind there is not advertised.
  if ((isForm || state.view === "settings" || state.view === "relay") && aboutPeople.has(action))
    return undefined;
  switch (action) {
    case "open":
      return opening(state);
    case "yes":
    case "no":
      // Elsewhere the question is shown first.
      return isSeen(state) ? short : undefined;
    case "approvals":
      return state.world.agents.some(needsHuman) ? short : undefined;
    case "relay-switch":
      return state.world.relay?.isEnabled === true ? "off" : "on";
    case "turn":
      return after(panes, state.pane);
    case "write":
    case "broadcast":
      return state.world.agents.length === 0 && state.view !== "channels" ? undefined : short;
    case "launch":
      return state.world.agents.length === 0 ? short : undefined;
    case "jobs":
      return state.jobs.length === 0 ? undefined : short;
    case "group":
      if (state.world.agents.length < 2) return undefined;
      return `by ${after(groupings, state.grouping)}`;
    case "stopped":
      if (state.showsStopped) return "hide stopped";
      return state.world.stopped.length === 0 ? undefined : short;
    case "with":
      return name === undefined ? undefined : `only ${shownName(state, name)}`;
    case "resume":
      return chosenRow(state)?.kind === "stopped" ? short : undefined;
    case "pane":
      return agentNamed(state, name ?? "")?.pane === "" ? undefined : short;
    case "up":
    case "down":
      return isForm ? short : undefined;
    case "unread":
      return state.world.unread > 0 ? short : undefined;
    default:
      return short;
  }
}

const aboutPeople: ReadonlySet<Action> = new Set(["write", "reply", "why", "broadcast"]);

function opening(state: State): string {
  const row = chosenRow(state);
  if (row?.kind === "field") {
    return state.form.at === launchFields.length - 1 ? "launch" : "next field";
  }
  if (row?.kind === "channel") return "say something";
  return row?.kind === "setting" ? "change" : "open";
}

function settingWord({ kind }: Asked): string {
  if (kind === "broker") return "make it";
  return kind === "token" ? "join" : "set";
}

function modeHints(state: State, mode: Mode): Hint[] {
  switch (mode.kind) {
    case "write":
      return [
        { keys: ["enter"], does: "send" },
        { keys: ["tab"], does: "complete" },
        { keys: ["alt+enter"], does: "new line" },
        { keys: ["ctrl+t"], does: "intent" },
        { keys: ["esc"], does: "leave" },
      ];
    case "filter": {
      const isLog = state.view === "activity" || state.view === "talk";
      const does = isLog && mode.editor.text.trim() !== "" ? "look through the whole log" : "keep";
      return [
        { keys: ["enter"], does },
        { keys: ["esc"], does: "as before" },
      ];
    }
    case "ask":
      return [
        { keys: ["enter"], does: settingWord(mode.asked) },
        { keys: ["esc"], does: "leave" },
      ];
    case "type":
      return [
        { keys: ["esc"], does: "leave its terminal" },
        { keys: ["enter"], does: mode.editor.text === "" ? "press enter there" : "type it there" },
      ];
    case "confirm":
      return [
        { keys: ["y", "enter"], does: "do it" },
        { keys: [anyOther], does: "do not" },
      ];
    case "help":
    case "why":
    case "jobs":
      return [
        { keys: ["up", "down"], does: "scroll" },
        { keys: [anyOther], does: "close" },
      ];
    case "browse":
      return [];
  }
}
