// What holds a message back, or its reader: one vocabulary for `why`, `list`, the answer to a send
// and what a sender is told. Text and next step are for people and agents alike.
import { type Instance, launchContextOf } from "../instance.ts";
import { fullName } from "../names/address.ts";
import { listenDetail } from "../status.ts";

export type HoldKind =
  | "gone"
  | "launching"
  | "not-launched"
  | "asking"
  | "draft"
  | "hooks-silent"
  | "suspended"
  | "failed"
  | "busy"
  | "listening"
  | "held-back"
  | "unreachable"
  | "policy"
  | "no-turn"
  | "handing"
  | "pushing";

export interface Hold {
  kind: HoldKind;
  /** A clause: what is so. */
  text: string;
  /** The next command to run, where one helps. */
  next?: string;
}

export interface HoldRow extends Pick<Instance, "name" | "tag" | "directory" | "launch_context"> {
  status: string;
  status_context: string;
  status_detail: string;
  isPlaceholder: boolean;
}

/** It comes without anybody doing anything about it. */
export function isPassing({ kind }: Hold): boolean {
  return kind === "busy" || kind === "listening" || kind === "launching";
}

/** What holds mail for this agent back, as its status tells; undefined when nothing does. */
export function holdOfStatus(row: HoldRow): Hold | undefined {
  const { status, status_context: context, status_detail: detail } = row;
  const look = wayToScreen(row, "answer it");
  if (context === "launch_blocked") {
    return {
      kind: "not-launched",
      text: `its launch ${asks(detail).replace(/^it /, "")}`,
      next: look,
    };
  }
  if (context === "launch_failed") {
    return { kind: "not-launched", text: "its launch has failed", next: "hcom status" };
  }
  if (row.isPlaceholder) return { kind: "launching", text: "it is being launched" };
  if (status === "blocked") return { kind: "asking", text: asks(detail), next: look };
  if (status === "active") {
    return { kind: "busy", text: "it is in the middle of a turn: mail comes with its next action" };
  }
  if (status === "stopped" || (status === "inactive" && context.startsWith("exit:"))) {
    return { kind: "gone", text: "it has ended" };
  }
  if (detail === listenDetail) return { kind: "listening", text: "it waits in hcom listen" };
  if (context === "tui:suspended") {
    return { kind: "suspended", text: "its person has suspended it (fg brings it back)" };
  }
  if (context.startsWith("tui:")) return heldAtPrompt(context.slice(4), look);
  if (context.startsWith("failure:")) {
    const what = [context.slice(8), firstLine(detail)].filter((part) => part !== "").join(", ");
    const next = wayToScreen(row, "look");
    return { kind: "failed", text: `the last request to its model failed: ${what}`, next };
  }
  return undefined;
}

/** Only the screen of a program under our wrapper can be seen from elsewhere. */
function wayToScreen(row: HoldRow, act: string): string {
  if (launchContextOf(row).control_socket !== undefined) return `hcom term ${fullName(row)}`;
  const where = row.directory === null ? "" : ` (${row.directory})`;
  return `${act} in ${fullName(row)}'s own terminal${where}`;
}

function asks(detail: string): string {
  const what = firstLine(detail);
  return what === "" ? "it asks its person something" : `it asks its person: ${what}`;
}

const atPrompt: Readonly<Record<string, string>> = {
  "prompt-has-text": "unsent text stands in its input box",
  "user-active": "its person is typing",
  "nav-overlay": "a menu is open in its terminal",
  "no-input-box": "no input box is on its screen: a menu may be open",
  approval: "a question to its person is open",
  "not-ready": "its terminal is not ready",
  "submit-settle": "its person has just sent something",
  "delivery-paused": "nudges were typed and nobody took them",
};

function heldAtPrompt(reason: string, look: string): Hold {
  if (reason === "hooks-silent") {
    const text = "a turn ran on the nudge and none of hcom's hooks ran in it: they are off there";
    return { kind: "hooks-silent", text, next: "hcom hooks" };
  }
  const kind = reason === "prompt-has-text" ? "draft" : "held-back";
  return { kind, text: atPrompt[reason] ?? reason.replaceAll("-", " "), next: look };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]?.trim().slice(0, 120) ?? "";
}
