// The key table: what each key does where. Help, the keys in the footer and the table in docs/ are
// made of it, and the owner can change it (setting `keys`).
import type { ViewName } from "../view-name.ts";

export interface Binding {
  action: Action;
  keys: readonly string[];
  /** In the help. */
  about: string;
  /** In the footer; absent: not shown there. */
  short?: string;
  /** Absent: everywhere. */
  views?: readonly ViewName[];
}

export type KeyTable = readonly Binding[];

export type Action = (typeof actions)[number];

const actions = [
  ...["agents", "talk", "activity", "agent", "approvals", "channels", "launch", "settings"],
  ...["up", "down", "page-up", "page-down", "first", "last", "open", "back", "next", "previous"],
  ...["write", "broadcast", "reply", "ack", "why", "unread", "filter", "copy", "edit"],
  ...["mark", "stop", "kill", "resume", "fork", "tag", "type", "pane", "group", "stopped"],
  ...["yes", "no", "thread", "with", "kinds", "turn", "undo", "jobs", "help", "suspend", "quit"],
  ...["left", "right", "relay", "rename", "reset"],
  ...["relay-new", "relay-join", "relay-switch", "relay-token"],
] as const satisfies readonly string[];

const people: readonly ViewName[] = ["agents", "agent", "approvals"];
const lists: readonly ViewName[] = [
  ...(["agents", "talk", "activity", "approvals", "channels", "settings"] as const),
];
const said: readonly ViewName[] = ["talk", "agent", "channels", "activity", "agents", "approvals"];

export const defaultKeys: KeyTable = [
  { action: "open", keys: ["enter"], about: "open what is chosen", short: "open" },
  { action: "approvals", keys: ["a", "5"], about: "questions that wait for you", short: "answer" },
  { action: "yes", keys: ["y"], about: "allow what is asked", short: "allow", views: people },
  { action: "no", keys: ["d"], about: "deny it", short: "deny", views: people },
  { action: "left", keys: ["left"], about: "less", short: "less", views: ["launch"] },
  { action: "right", keys: ["right"], about: "more", short: "more", views: ["launch"] },
  { action: "write", keys: ["m"], about: "write to the chosen one", short: "write" },
  { action: "reply", keys: ["r"], about: "reply to the newest or chosen message", short: "reply" },
  { action: "type", keys: ["i"], about: "type into its terminal", short: "type", views: people },
  { action: "why", keys: ["w"], about: "why did it not arrive?", short: "why" },
  { action: "kill", keys: ["k"], about: "end its program, too", short: "kill", views: people },
  { action: "stop", keys: ["s"], about: "end its part in hcom", short: "stop", views: people },
  {
    action: "turn",
    keys: ["v"],
    about: "screen, words, mail, about",
    short: "turn",
    views: ["agent"],
  },
  {
    action: "kinds",
    keys: ["K"],
    about: "everything, messages, actions, statuses, lives",
    short: "kinds",
    views: ["activity"],
  },
  { action: "thread", keys: ["T"], about: "only this thread", short: "thread", views: ["talk"] },
  {
    action: "with",
    keys: ["A"],
    about: "only with this agent",
    short: "only it",
    views: ["talk", "activity"],
  },
  {
    action: "edit",
    keys: ["e"],
    about: "open the file in $EDITOR",
    short: "edit",
    views: ["activity"],
  },
  {
    action: "ack",
    keys: ["x"],
    about: "acknowledge the chosen message",
    short: "ack",
    views: said,
  },
  {
    action: "mark",
    keys: ["space"],
    about: "mark it: actions mean all that are marked",
    short: "mark",
    views: ["agents"],
  },
  {
    action: "group",
    keys: ["g"],
    about: "group by need, tag or directory",
    short: "group",
    views: ["agents"],
  },
  {
    action: "stopped",
    keys: ["S"],
    about: "show those that have stopped",
    short: "stopped",
    views: ["agents"],
  },
  {
    action: "resume",
    keys: ["R"],
    about: "take a stopped one up again",
    short: "resume",
    views: people,
  },
  { action: "tag", keys: ["t"], about: "give it a tag", short: "tag", views: people },
  {
    action: "pane",
    keys: ["o"],
    about: "go to its terminal",
    short: "its terminal",
    views: people,
  },
  {
    action: "fork",
    keys: ["f"],
    about: "a second one from its conversation",
    short: "fork",
    views: people,
  },
  { action: "broadcast", keys: ["b"], about: "write to everybody", short: "to all" },
  {
    action: "unread",
    keys: ["n"],
    about: "go to the next unread message; what is passed is read",
    short: "next unread",
  },
  {
    action: "filter",
    keys: ["/"],
    about: "look for words; the whole log with enter",
    short: "find",
    views: lists,
  },
  { action: "copy", keys: ["c"], about: "copy the chosen line", short: "copy" },
  { action: "rename", keys: ["N"], about: "give it another name", short: "rename", views: people },
  {
    action: "reset",
    keys: ["X"],
    about: "archive all that was said, and begin anew",
    short: "reset",
    views: ["settings"],
  },
  {
    action: "relay-new",
    keys: ["N"],
    about: "make a group of machines",
    short: "make a group",
    views: ["relay"],
  },
  {
    action: "relay-join",
    keys: ["C"],
    about: "join a group with its token",
    short: "join one",
    views: ["relay"],
  },
  {
    action: "relay-switch",
    keys: ["O"],
    about: "leave the group for a while, or come back",
    short: "on or off",
    views: ["relay"],
  },
  {
    action: "relay-token",
    keys: ["Y"],
    about: "copy the token that others join with",
    short: "copy token",
    views: ["relay"],
  },
  { action: "undo", keys: ["u"], about: "take back what has not begun", short: "undo" },
  { action: "jobs", keys: ["J"], about: "what is being done", short: "jobs" },
  { action: "agents", keys: ["1"], about: "agents" },
  { action: "talk", keys: ["2"], about: "talk" },
  { action: "activity", keys: ["3"], about: "activity" },
  { action: "agent", keys: ["4"], about: "the chosen agent" },
  { action: "channels", keys: ["6"], about: "channels" },
  { action: "launch", keys: ["7", "l"], about: "launch agents", short: "launch" },
  { action: "settings", keys: ["8"], about: "settings and health" },
  { action: "relay", keys: ["9"], about: "the group of machines" },
  { action: "next", keys: ["tab"], about: "next view" },
  { action: "previous", keys: ["shift+tab"], about: "view before" },
  { action: "up", keys: ["up"], about: "up", short: "field before" },
  { action: "down", keys: ["down"], about: "down", short: "next field" },
  { action: "page-up", keys: ["pageup"], about: "a page up" },
  { action: "page-down", keys: ["pagedown"], about: "a page down" },
  { action: "first", keys: ["home"], about: "to the first" },
  { action: "last", keys: ["end"], about: "to the last" },
  { action: "back", keys: ["esc"], about: "back; drops a filter first", short: "back" },
  { action: "suspend", keys: ["ctrl+z"], about: "leave for a while (fg comes back)" },
  { action: "help", keys: ["?", "f1"], about: "this help", short: "help" },
  { action: "quit", keys: ["q", "ctrl+c"], about: "leave", short: "quit" },
];

/** What a key does in a view; a binding of that view wins over one of everywhere. */
export function actionOf(table: KeyTable, view: ViewName, key: string): Action | undefined {
  const bound = table.filter((one) => one.keys.includes(key));
  const own = bound.find((one) => one.views?.includes(view) === true);
  return (own ?? bound.find((one) => one.views === undefined))?.action;
}

/** What works in a view alone, and what works everywhere. */
export function helpOf(table: KeyTable, view: ViewName) {
  return {
    own: table.filter((one) => one.views?.includes(view) === true),
    everywhere: table.filter((one) => one.views === undefined),
  };
}

interface Changed {
  table: KeyTable;
  /** What names no action, or no key. */
  unknown: string[];
  /** Actions whose keys all went to others. */
  keyless: string[];
}

/** `kill=ctrl+k, stop=X ctrl+s`: other keys for actions. */
export function changedKeys(table: KeyTable, text: string): Changed {
  const unknown: string[] = [];
  let changed = table;
  for (const part of text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")) {
    const [name = "", keys = ""] = part.split("=", 2).map((one) => one.trim());
    const wanted = keys.split(/\s+/).filter((one) => one !== "");
    if (!changed.some((one) => one.action === name) || wanted.length === 0) {
      unknown.push(part);
      continue;
    }
    changed = changed.map((one) => rebound(one, name, wanted));
  }
  const keyed = new Set(changed.filter((one) => one.keys.length > 0).map((one) => one.action));
  const keyless = changed.map((one) => one.action).filter((action) => !keyed.has(action));
  return { table: changed, unknown, keyless: [...new Set(keyless)] };
}

/** A key that is given to one action is taken from the others. */
function rebound(one: Binding, name: string, wanted: readonly string[]): Binding {
  if (one.action === name) return { ...one, keys: wanted };
  return { ...one, keys: one.keys.filter((key) => !wanted.includes(key)) };
}
