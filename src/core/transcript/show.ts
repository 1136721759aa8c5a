// An exchange as it is handed out, at one of three levels of detail: shortened, in full, and with
// what the agent did.
import type { Detail } from "../events/detail.ts";
import type { Edit } from "./entry.ts";
import type { Action, Exchange } from "./exchange.ts";
import type { Usage } from "./usage.ts";

/** Keys as scripts know them. */
export interface ShownExchange {
  position: number;
  user: string;
  /** What the agent said; in parentheses what is to be said when it said nothing. */
  action: string;
  /** Base names, sorted; at most five. */
  files: string[];
  timestamp: string | null;
  tools?: ShownTool[];
  edits?: Edit[];
  errors?: { tool: string; content: string }[];
  usage?: Usage;
  ended_on_error?: boolean;
}

export interface ShownTool {
  name: string;
  is_error: boolean;
  file?: string;
  command?: string;
  output?: string;
}

export interface Shown {
  exchange: ShownExchange;
  /** Is there more than is shown? */
  isCut: boolean;
}

const most = { user: 300, action: 200, actionLines: 3, files: 5, output: 400, error: 300 };

export function showExchange(exchange: Exchange, detail: Detail): Shown {
  const said = exchange.texts.join("\n").trim();
  const user = exchange.user.trim();
  const isShort = detail === "normal";
  const shown: ShownExchange = {
    position: exchange.position,
    user: isShort ? cut(user, most.user) : user,
    action: said === "" ? unsaid(exchange) : inWords(said, isShort),
    files: filesOf(exchange),
    timestamp: exchange.timestamp === "" ? null : exchange.timestamp,
    ...(detail === "detailed" ? workOf(exchange) : {}),
  };
  const isCut = isShort && (shown.user !== user || isShortened(said, shown.action));
  return { exchange: shown, isCut };
}

function inWords(said: string, isShort: boolean): string {
  return isShort ? summary(said) : said;
}

/** Filler that goes does not count: nothing is lost with it. */
function isShortened(said: string, shown: string): boolean {
  return said !== "" && !said.endsWith(shown);
}

function unsaid({ actions, isEndedByError }: Exchange): string {
  const names = [...new Set(actions.map((action) => action.name))].join(", ");
  if (isEndedByError) return `(turn ended in error${names === "" ? "" : ` after using ${names}`})`;
  return names === "" ? "(no response)" : `(tool-only turn: ${names})`;
}

const fillers = [
  ...["sure", "ok", "okay", "alright", "great", "perfect", "certainly", "of course", "now"],
  ...["i['’]ll", "i will", "i['’]m going to", "let me", "let['’]s"],
];
const filler = new RegExp(String.raw`^(?:(?:${fillers.join("|")})\b[,.!:]?\s+)+`, "i");

function summary(said: string): string {
  const plain = said.replace(filler, "");
  const lines = (plain === "" ? said : plain).split("\n");
  return cut(lines.slice(0, most.actionLines).join("\n").trimEnd(), most.action);
}

/** At most `length` characters, the last three of which say that there was more. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text.slice(0, 2 * (length + 1))];
  if (characters.length <= length) return text;
  return `${characters.slice(0, length - 3).join("")}...`;
}

function filesOf({ actions }: Exchange): string[] {
  const paths = actions.flatMap((action) => [
    ...(action.file === undefined ? [] : [action.file]),
    ...(action.edits ?? []).map((edit) => edit.file),
  ]);
  const names = paths.map((path) => path.split(/[/\\]/).at(-1) ?? "");
  return [...new Set(names.filter((name) => name !== ""))].sort().slice(0, most.files);
}

function workOf(exchange: Exchange): Partial<ShownExchange> {
  const { actions, failures, isEndedByError } = exchange;
  const errors = actions.filter((action) => action.isError);
  return {
    tools: actions.map(shownTool),
    edits: actions.flatMap((action) => action.edits ?? []),
    errors: [
      ...errors.map((one) => ({ tool: one.name, content: cut(one.output ?? "", most.error) })),
      ...failures.map((text) => ({ tool: "model", content: cut(text, most.error) })),
    ],
    ...(exchange.usage === undefined ? {} : { usage: exchange.usage }),
    ended_on_error: isEndedByError,
  };
}

function shownTool({ name, isError, file, command, output }: Action): ShownTool {
  return {
    name,
    is_error: isError,
    ...(file === undefined ? {} : { file }),
    ...(command === undefined ? {} : { command }),
    ...(output === undefined || output === "" ? {} : { output: cut(output, most.output) }),
  };
}
