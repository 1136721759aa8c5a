// What an action of the key table does: it moves the reader, opens something to type into, or asks
// for a command to be run. Dangerous commands are asked about first.
import { commandOf, launched } from "./commands.ts";
import type { Action } from "./keys/keys.ts";
import {
  agentNamed,
  chosenAt,
  chosenRow,
  isHere,
  launchFields,
  meant,
  messageOf,
  readsFromBelow,
  rowsOf,
  shownName,
  subjectOf,
} from "./rows.ts";
import {
  activityKinds,
  after,
  calm,
  groupings,
  noticed,
  panes,
  type State,
  type Updated,
  type Writing,
} from "./state.ts";
import { askName, askSetting, askTag } from "./typing/asking.ts";
import { editorOf } from "./typing/editor.ts";
import { edited } from "./typing/launch-form.ts";
import { type ViewName, viewNames } from "./view-name.ts";
import type { MessageSeen } from "./world.ts";

export function act(state: State, action: Action): Updated {
  if (isView(action)) return calm(goTo(state, action));
  return moved(state, action) ?? opened(state, action) ?? commandOf(state, action) ?? calm(state);
}

function isView(action: string): action is ViewName {
  return viewNames.some((one) => one === action);
}

function goTo(state: State, view: ViewName): State {
  if (view === state.view) return state;
  const subject = view === "agent" ? (subjectOf(state) ?? state.world.agents[0]?.name) : undefined;
  const behind = [...state.behind.filter((one) => one !== state.view), state.view].slice(-8);
  // A form is begun at its first field: the last one would send it off.
  const form = view === "launch" ? { ...state.form, at: 0 } : state.form;
  return { ...state, view, behind, form, agent: subject ?? state.agent };
}

function moved(state: State, action: Action): Updated | undefined {
  const page = Math.max(1, state.height - 8);
  switch (action) {
    case "up":
      return calm(step(state, -1));
    case "down":
      return calm(step(state, 1));
    case "page-up":
      return calm(step(state, -page));
    case "page-down":
      return calm(step(state, page));
    case "first":
      return calm(step(state, Number.NEGATIVE_INFINITY));
    case "last":
      return calm(step(state, Number.POSITIVE_INFINITY));
    case "left":
    case "right":
      return calm({ ...state, form: edited(state, action === "left" ? -1 : 1) });
    case "next":
    case "previous":
      return calm(goTo(state, beside(state.view, action === "next" ? 1 : -1)));
    case "back":
      return calm(back(state));
    case "unread":
      return toUnread(state);
    default:
      return undefined;
  }
}

/** A row that was pointed at. */
export function chosen(state: State, id: string): State {
  const rows = rowsOf(state);
  const to = rows.findIndex((row) => row.id === id);
  return to < 0 ? state : step(state, to - chosenAt(state, rows));
}

function step(state: State, by: number): State {
  const rows = rowsOf(state);
  const to = Math.max(0, Math.min(rows.length - 1, chosenAt(state, rows) + by));
  const id = rows[to]?.id;
  if (id === undefined) return state;
  if (state.view === "launch") return { ...state, form: { ...state.form, at: to } };
  const { [state.view]: _before, ...others } = state.at;
  // At the newest one stays there when more comes.
  const isNewest = to === rows.length - 1 && readsFromBelow(state, state.view);
  return { ...state, at: isNewest ? others : { ...others, [state.view]: id } };
}

function beside(view: ViewName, by: number): ViewName {
  const at = viewNames.indexOf(view) + by;
  return viewNames[(at + viewNames.length) % viewNames.length] ?? view;
}

function back(state: State): State {
  if ((state.filter[state.view] ?? "") !== "") {
    return { ...state, filter: { ...state.filter, [state.view]: "" } };
  }
  if (state.marked.size > 0) return { ...state, marked: new Set() };
  const view = state.behind.at(-1);
  if (view === undefined) return state.view === "agents" ? state : { ...state, view: "agents" };
  return { ...state, view, behind: state.behind.slice(0, -1) };
}

/** The oldest message to the person that was not read yet; it is read now. */
function toUnread(state: State): Updated {
  const { messages, readUpTo, unread } = state.world;
  const next = messages.find((one) => one.isForHuman && one.id > readUpTo);
  if (next === undefined) return calm(noticed(state, "nothing unread", "good"));
  const there = { ...goTo(state, "talk"), filter: { ...state.filter, talk: "" } };
  // The log tells the same a moment later; until then the next press goes on from here.
  const world = { ...state.world, readUpTo: next.id, unread: Math.max(0, unread - 1) };
  return {
    state: { ...there, world, at: { ...there.at, talk: `#${next.id}` } },
    effects: [{ kind: "read", upTo: next.id }],
  };
}

/** What opens something that takes the keys, or turns a view over. */
function opened(state: State, action: Action): Updated | undefined {
  switch (action) {
    case "open":
      return open(state);
    case "help":
      return calm({ ...state, mode: { kind: "help", at: 0 } });
    case "jobs":
      return calm({ ...state, mode: { kind: "jobs", at: 0 } });
    case "filter": {
      const before = state.filter[state.view] ?? "";
      return calm({ ...state, mode: { kind: "filter", editor: editorOf(before), before } });
    }
    case "write":
      return calm(writeTo(state));
    case "broadcast":
      return calm(writing(state, "", {}));
    case "reply":
      return calm(reply(state));
    case "why":
      return calm(why(state));
    case "tag":
      return calm(askTag(state));
    case "rename":
      return calm(askName(state));
    case "type":
      return calm(typeInto(state));
    default:
      return turned(state, action);
  }
}

function turned(state: State, action: Action): Updated | undefined {
  switch (action) {
    case "group":
      return calm({ ...state, grouping: after(groupings, state.grouping) });
    case "kinds":
      return calm({ ...state, kinds: after(activityKinds, state.kinds) });
    case "turn":
      return calm({ ...state, pane: after(panes, state.pane) });
    case "stopped":
      return calm({ ...state, showsStopped: !state.showsStopped });
    case "mark":
      return calm(mark(state));
    case "thread": {
      const thread = chosenMessage(state)?.thread ?? "";
      if (thread === "") return calm(noticed(state, "it is in no thread", "warn"));
      return calm({ ...state, filter: { ...state.filter, talk: `thread:${thread}` } });
    }
    case "with": {
      const name = subjectOf(state);
      if (name === undefined) return calm(state);
      const text = state.view === "talk" ? `@${name} ` : name;
      return calm({ ...state, filter: { ...state.filter, [state.view]: text.trimEnd() } });
    }
    default:
      return undefined;
  }
}

function open(state: State): Updated {
  const row = chosenRow(state);
  if (state.view === "launch") {
    const isLast = state.form.at === launchFields.length - 1;
    return isLast ? launched(state) : calm(step(state, 1));
  }
  if (row?.kind === "setting") {
    return calm(askSetting(state));
  }
  if (row?.kind === "channel") return calm(writeTo(state));
  const name = subjectOf(state);
  if (name === undefined || state.view === "agent") return calm(state);
  return calm(goTo({ ...state, agent: name }, "agent"));
}

function mark(state: State): State {
  const row = chosenRow(state);
  if (row?.kind !== "agent") return state;
  const marked = new Set(state.marked);
  if (!marked.delete(row.agent.name)) marked.add(row.agent.name);
  return step({ ...state, marked }, 1);
}

function chosenMessage(state: State): MessageSeen | undefined {
  const row = chosenRow(state);
  if (row?.kind === "message") return row.message;
  return row?.kind === "event" ? messageOf(state, row.event.id) : undefined;
}

function writing(state: State, text: string, about: Partial<Writing>): State {
  const whole: Writing = { replyTo: undefined, intent: "", channel: undefined, ...about };
  return {
    ...state,
    mode: { kind: "write", editor: editorOf(text), about: whole, recalled: state.history.length },
  };
}

const rowsOfAgents: ReadonlySet<string> = new Set(["agent", "stopped", "event", "message"]);

function writeTo(state: State): State {
  const row = chosenRow(state);
  if (row?.kind === "channel") {
    return writing(state, "", { channel: { id: row.channel.id, name: row.channel.name } });
  }
  const names = meant(state).filter((name) => isHere(state, name));
  if (names.length === 0 && row !== undefined && rowsOfAgents.has(row.kind)) {
    // Without a name it would go to everybody.
    const stopped = state.world.stopped.find((one) => one.name === subjectOf(state));
    const text = stopped === undefined ? "its agent is not here" : `${stopped.shown} is stopped`;
    return noticed(state, text, "warn");
  }
  return writing(state, names.map((name) => `@${shownName(state, name)} `).join(""), {});
}

/** To the chosen message where messages are listed, else to the newest one for the person. */
function reply(state: State): State {
  const isList = state.view === "talk" || state.view === "agent" || state.view === "activity";
  const chosen = isList ? chosenMessage(state) : undefined;
  const name = state.view === "agents" ? subjectOf(state) : undefined;
  const { messages } = state.world;
  const message =
    chosen ??
    messages.findLast((one) => one.isForHuman && one.sender === name) ??
    messages.findLast((one) => one.isForHuman);
  if (message === undefined) return noticed(state, "there is no message to reply to", "warn");
  const to = message.sender === "bigboss" ? message.recipients : [message.sender];
  const names = to.filter((one) => isHere(state, one));
  if (names.length === 0) return noticed(state, `${message.from} is not here any more`, "warn");
  const text = names.map((one) => `@${shownName(state, one)} `).join("");
  return writing(state, text, { replyTo: message.id });
}

/** Of the chosen message, or the newest one to the chosen agent. */
function why(state: State): State {
  const name = subjectOf(state);
  const message =
    chosenMessage(state) ??
    state.world.messages.findLast((one) => name === undefined || one.recipients.includes(name));
  if (message === undefined) return noticed(state, "there is no message to ask about", "warn");
  return { ...state, mode: { kind: "why", id: message.id, at: 0 } };
}

function typeInto(state: State): State {
  const name = subjectOf(state);
  const agent = name === undefined ? undefined : agentNamed(state, name);
  if (agent?.hasScreen !== true) {
    return noticed(state, "it has no terminal of hcom to type into", "warn");
  }
  const there = state.view === "approvals" ? state : goTo({ ...state, agent: agent.name }, "agent");
  return {
    ...there,
    pane: "screen",
    mode: { kind: "type", agent: agent.name, editor: { text: "", at: 0 } },
  };
}
