// What keys do while something is open: a text being typed, a question, a window of text.
import { agentNamed, isHere } from "./rows.ts";
import {
  calm,
  confirming,
  type Effect,
  intents,
  type Mode,
  noticed,
  type State,
  type Updated,
} from "./state.ts";
import { askedFor } from "./typing/asking.ts";
import { type Completed, completed, completedFrom, pathBefore } from "./typing/complete.ts";
import { blank, type Editor, edited, editorOf, insert } from "./typing/editor.ts";
import { saying } from "./typing/written.ts";
import { mostDown } from "./views/windows.ts";

export function pressedIn(state: State, key: string, text: string): Updated {
  const { mode } = state;
  switch (mode.kind) {
    case "browse":
      return calm(state);
    case "write":
      return inWriting(state, mode, key, text);
    case "filter":
      return inFilter(state, mode, key, text);
    case "ask":
      return inAsking(state, mode, key, text);
    case "type":
      return inTyping(state, mode, key, text);
    case "confirm":
      if (key === "enter" || key === "y") {
        return { state: { ...closed(state), marked: new Set() }, effects: mode.effects };
      }
      return calm(noticed(closed(state), "not done", "warn"));
    case "help":
    case "why":
    case "jobs":
      return calm(inWindow(state, mode, key));
  }
}

export function pastedIn(state: State, text: string): Updated {
  const { mode } = state;
  if (mode.kind === "browse") {
    const about = { replyTo: undefined, intent: "", channel: undefined } as const;
    const editor = insert(blank, text);
    return calm({
      ...state,
      mode: { kind: "write", editor, about, recalled: state.history.length },
    });
  }
  if (!("editor" in mode)) return calm(state);
  const kept = mode.kind === "write" ? text : text.replace(/[\r\n]+/g, " ");
  return calm({ ...state, mode: { ...mode, editor: insert(mode.editor, kept) } });
}

function closed(state: State): State {
  return { ...state, mode: { kind: "browse" } };
}

/** The text after a key; undefined when the key neither types nor edits. */
function typed(editor: Editor, key: string, text: string): Editor | undefined {
  return edited(editor, key) ?? (text === "" ? undefined : insert(editor, text));
}

type Of<Kind extends Mode["kind"]> = Extract<Mode, { kind: Kind }>;

function inWriting(state: State, mode: Of<"write">, key: string, text: string): Updated {
  const { editor, about } = mode;
  const set = (next: Editor) => calm({ ...state, mode: { ...mode, editor: next } });
  switch (key) {
    case "esc":
      return calm(closed(state));
    case "enter":
      return sent(state, mode);
    case "alt+enter":
    case "ctrl+j":
      return set(insert(editor, "\n"));
    case "tab":
      return completing(state, mode);
    case "ctrl+t": {
      // What is said in a channel has none.
      if (about.channel !== undefined) return calm(state);
      const intent = intents[(intents.indexOf(about.intent) + 1) % intents.length] ?? "";
      return calm({ ...state, mode: { ...mode, about: { ...about, intent } } });
    }
    case "backspace":
      if (editor.text === "") return calm(closed(state));
      break;
    default:
  }
  const next = typed(editor, key, text);
  if (next !== undefined) return set(next);
  return key === "up" || key === "down" ? recalled(state, mode, key) : calm(state);
}

/** What was written before. */
function recalled(state: State, mode: Of<"write">, key: "up" | "down"): Updated {
  const at = mode.recalled + (key === "up" ? -1 : 1);
  if (at < 0 || at > state.history.length) return calm(state);
  const editor = editorOf(state.history[at] ?? "");
  return calm({ ...state, mode: { ...mode, editor, recalled: at } });
}

function sent(state: State, { about, editor }: Of<"write">): Updated {
  const effect = saying(state, editor.text, about);
  if (effect === undefined) return calm(noticed(state, "say something first", "warn"));
  const history = [...state.history.filter((one) => one !== editor.text), editor.text].slice(-100);
  const next = { ...closed(state), history };
  const isToAll = effect.argv[0] === "send" && effect.argv[1]?.startsWith("@") !== true;
  if (!isToAll) return { state: next, effects: [effect] };
  const count = state.world.agents.length;
  if (count === 0) return calm(noticed(state, "nobody is here to read it", "warn"));
  const lines = [`Tell all ${count} agents?`, ...(effect.stdin ?? "").split("\n").slice(0, 3)];
  return confirming(next, lines, [effect]);
}

function completing(state: State, mode: Of<"write">): Updated {
  const path = pathBefore(mode.editor);
  if (path !== undefined) return { state, effects: [{ kind: "files", begun: path }] };
  return calm(taken(state, mode, completed(state, mode.editor)));
}

/** Files were looked for; meanwhile something else may have been typed. */
export function filesFound(state: State, begun: string, paths: readonly string[]): State {
  const { mode } = state;
  if (mode.kind !== "write" || pathBefore(mode.editor) !== begun) return state;
  return taken(state, mode, completedFrom(mode.editor, begun, paths));
}

function taken(state: State, mode: Of<"write">, { editor, choices }: Completed): State {
  const next: State = { ...state, mode: { ...mode, editor } };
  return choices.length === 0 ? next : noticed(next, choices.join("  "), "good");
}

function inFilter(state: State, mode: Of<"filter">, key: string, text: string): Updated {
  const set = (value: string) => ({ ...state, filter: { ...state.filter, [state.view]: value } });
  if (key === "esc") return calm(closed(set(mode.before)));
  if (key === "enter") {
    const kept = closed(set(mode.editor.text));
    const isLog = state.view === "activity" || state.view === "talk";
    if (!isLog || mode.editor.text.trim() === "") return calm(kept);
    return { state: kept, effects: [{ kind: "search", text: mode.editor.text }] };
  }
  if (key === "backspace" && mode.editor.text === "") return calm(closed(set("")));
  const editor = typed(mode.editor, key, text);
  if (editor === undefined) return calm(state);
  return calm({ ...set(editor.text), mode: { ...mode, editor } });
}

function inAsking(state: State, mode: Of<"ask">, key: string, text: string): Updated {
  if (key === "esc") return calm(closed(state));
  if (key !== "enter") {
    const editor = typed(mode.editor, key, text);
    return calm(editor === undefined ? state : { ...state, mode: { ...mode, editor } });
  }
  const effects = askedFor(mode.asked, mode.label, mode.editor.text);
  if (effects.length === 0) return calm(noticed(state, "it cannot be empty", "warn"));
  return { state: closed(state), effects };
}

/** The keys belong to the agent's terminal until the way out is taken. */
function inTyping(state: State, mode: Of<"type">, key: string, text: string): Updated {
  if (key === "esc") return calm(closed(state));
  if (!isHere(state, mode.agent)) return calm(noticed(closed(state), "it is gone", "warn"));
  if (key !== "enter") {
    const editor = typed(mode.editor, key, text);
    return calm(editor === undefined ? state : { ...state, mode: { ...mode, editor } });
  }
  const next = { ...state, mode: { ...mode, editor: blank } };
  const isForced = state.world.screens.get(mode.agent)?.question === true;
  const effect: Effect = { kind: "type", agent: mode.agent, text: mode.editor.text, isForced };
  if (agentNamed(state, mode.agent)?.hasScreen === true) return { state: next, effects: [effect] };
  return calm(noticed(closed(state), "its terminal does not answer", "bad"));
}

function inWindow(state: State, mode: Extract<Mode, { at: number }>, key: string): State {
  const by = steps[key];
  if (by === undefined) return closed(state);
  const at = Math.max(0, Math.min(mostDown(state), mode.at + by));
  return { ...state, mode: { ...mode, at } };
}

const steps: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -10, pagedown: 10 };
