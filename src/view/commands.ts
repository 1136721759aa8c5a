// Actions that become commands of ours, and the question before those that cannot be taken back
// lightly.
import { forPeople } from "../core/printable.ts";
import type { Action } from "./keys/keys.ts";
import { relayCommand } from "./relaying.ts";
import { agentNamed, chosenRow, isSeen, meant, messageOf, shownName, subjectOf } from "./rows.ts";
import { calm, confirming, type Effect, noticed, type State, type Updated } from "./state.ts";
import { blank } from "./typing/editor.ts";
import { launchCommand } from "./typing/launch-form.ts";

/** For so long a killed agent can be saved. */
const undoMs = 5000;

export function commandOf(state: State, action: Action): Updated | undefined {
  switch (action) {
    case "quit":
      return { state, effects: [{ kind: "quit" }] };
    case "suspend":
      return { state, effects: [{ kind: "suspend" }] };
    case "undo":
      return calm(takenBack(state));
    case "copy":
      return copy(state);
    case "edit":
      return edit(state);
    case "ack":
      return ack(state);
    case "stop":
    case "kill":
    case "fork":
      return onMany(state, action);
    case "resume":
      return resume(state);
    case "pane":
      return pane(state);
    case "yes":
    case "no":
      return answer(state, action === "yes");
    case "reset":
      return reset(state);
    default:
      return relayCommand(state, action);
  }
}

function run(label: string, argv: readonly string[], delayMs?: number): Effect {
  return { kind: "run", label, argv, ...(delayMs === undefined ? {} : { delayMs }) };
}

const words = {
  stop: "ends its part in hcom; its program goes on",
  kill: "ends its program, too",
  fork: "starts a second one from its conversation",
} as const;

function onMany(state: State, action: "stop" | "kill" | "fork"): Updated {
  const names = meant(state).filter((name) => agentNamed(state, name) !== undefined);
  if (names.length === 0) return calm(noticed(state, "choose an agent first", "warn"));
  const shown = names.map((name) => shownName(state, name)).join(", ");
  const delay = action === "kill" ? undoMs : undefined;
  const argvOf = (name: string) =>
    action === "fork" ? ["fork", name, "--no-run-here"] : [action, name, "--go"];
  const effects = names.map((name) =>
    run(`${action} ${shownName(state, name)}`, argvOf(name), delay),
  );
  if (action === "fork") return { state, effects };
  const lines = [`${action} ${shown}? It ${words[action]}.`];
  if (action === "kill") lines.push("Until five seconds later it can be taken back.");
  return confirming(state, lines, effects);
}

function reset(state: State): Updated {
  const lines = [
    "reset? All that was said goes to the archive, and nobody takes part any more.",
    "Until five seconds later it can be taken back.",
  ];
  return confirming(state, lines, [run("reset", ["reset", "--go"], undoMs)]);
}

function resume(state: State): Updated {
  const row = chosenRow(state);
  if (row?.kind !== "stopped") {
    const text = "choose a stopped agent: the list shows them after S";
    return calm(noticed(state, text, "warn"));
  }
  const { name, shown, canResume } = row.stopped;
  if (!canResume) return calm(noticed(state, `${shown} left no session to take up again`, "warn"));
  return { state, effects: [run(`resume ${shown}`, ["resume", name, "--no-run-here"])] };
}

function pane(state: State): Updated {
  const agent = agentNamed(state, subjectOf(state) ?? "");
  if (agent === undefined || agent.pane === "") {
    return calm(noticed(state, "it runs in no terminal that hcom can bring to the front", "warn"));
  }
  return { state, effects: [{ kind: "pane", agent: agent.name }] };
}

/** Only what has been shown can be answered: the wrapper compares. */
function answer(state: State, isYes: boolean): Updated {
  const name = subjectOf(state);
  const agent = name === undefined ? undefined : agentNamed(state, name);
  const screen = name === undefined ? undefined : state.world.screens.get(name);
  if (agent === undefined) return calm(noticed(state, "nobody asks anything", "good"));
  if (!isSeen(state)) {
    // The question first, in full; then the answer.
    const at = { ...state.at, approvals: agent.name };
    return calm({ ...state, view: "approvals", behind: [...state.behind, state.view], at });
  }
  if (screen?.question !== true) {
    const text = `${agent.shown} shows no question that a key here can answer`;
    return calm(noticed(state, text, "warn"));
  }
  const effect: Effect = { kind: "answer", agent: agent.name, isYes, shown: screen.lines };
  return { state, effects: [effect] };
}

function ack(state: State): Updated {
  const row = chosenRow(state);
  const chosen = row?.kind === "message" ? row.message : undefined;
  const said = row?.kind === "event" ? messageOf(state, row.event.id) : undefined;
  const message = chosen ?? said ?? state.world.messages.findLast((one) => one.isForHuman);
  if (message === undefined || agentNamed(state, message.sender) === undefined) {
    return calm(noticed(state, "there is no message of somebody here to acknowledge", "warn"));
  }
  const flags = ["--intent", "ack", "--reply-to", `${message.id}`];
  const argv = ["send", `@${message.sender}`, "-b", "--quiet", ...flags, "--", "ok"];
  return { state, effects: [run(`ack #${message.id}`, argv)] };
}

function copy(state: State): Updated {
  const row = chosenRow(state);
  const text = row === undefined ? "" : textOfRow(row);
  if (text === "") return calm(noticed(state, "there is nothing to copy", "warn"));
  return { state: noticed(state, "copied", "good"), effects: [{ kind: "copy", text }] };
}

function textOfRow(row: NonNullable<ReturnType<typeof chosenRow>>): string {
  switch (row.kind) {
    case "agent":
      return row.agent.shown;
    case "stopped":
      return row.stopped.shown;
    case "message":
      return row.message.text;
    case "event":
      return row.event.words;
    case "channel":
      return row.channel.name;
    case "setting":
      return row.id;
    case "field":
      return "";
    case "device":
      return row.device.short;
  }
}

/** The file that the chosen action is about: `src/a.ts`, `src/a.ts:12`. */
function edit(state: State): Updated {
  const row = chosenRow(state);
  const event = row?.kind === "event" ? row.event : undefined;
  const said = event === undefined ? "" : event.what.map(String).join(" ");
  const found = /(?:^|[\s"'(])((?:\/|\.{0,2}\/?)[\w@.+-]+(?:\/[\w@.+-]+)*\.\w+)(?::(\d+))?/.exec(
    said,
  );
  if (event === undefined || found === null) {
    return calm(noticed(state, "no file is named there", "warn"));
  }
  const [, path = "", line = "1"] = found;
  const directory = agentNamed(state, event.name)?.directory ?? "";
  const whole = path.startsWith("/") || directory === "" ? path : `${directory}/${path}`;
  return { state, effects: [{ kind: "edit", path: forPeople(whole), line: Number(line) }] };
}

function takenBack(state: State): State {
  const waits = state.jobs.findLast((job) => job.state === "waiting");
  if (waits === undefined) return noticed(state, "there is nothing to take back", "warn");
  const jobs = state.jobs.map((job) =>
    job.state === "waiting" ? { ...job, state: "taken back" as const } : job,
  );
  return noticed({ ...state, jobs }, `${waits.label}: taken back`, "good");
}

/** The form is sent off. */
export function launched(state: State): Updated {
  const effect = launchCommand(state);
  if (effect === undefined) return calm(noticed(state, "no tool is known", "bad"));
  const form = { ...state.form, at: 0, count: 1, prompt: blank };
  return { state: { ...state, view: "agents", behind: [], form }, effects: [effect] };
}
