// Who looks at a stream: a person at a terminal, or a program. Agent programs give their commands a
// terminal, too; what runs inside of one is read by the model and not by a person.
import type { System } from "../sys/system.ts";
import { detectTool } from "../tools/index.ts";
import { isTerminal, terminalColumns } from "./is-terminal.ts";

export interface View {
  /** A person at a terminal reads it as it comes. */
  readonly isForPeople: boolean;
  readonly isColoured: boolean;
  /** Columns; no limit where nobody looks. */
  readonly width: number;
}

const narrowest = 40;

/** What the stream with this descriptor shows. It is looked up when somebody asks. */
export function viewOf(fd: 1 | 2, env: System["env"]): View {
  let known: View | undefined;
  const look = () => {
    known ??= lookAt(fd, env);
    return known;
  };
  return {
    get isForPeople() {
      return look().isForPeople;
    },
    get isColoured() {
      return look().isColoured;
    },
    get width() {
      return look().width;
    },
  };
}

function lookAt(fd: 1 | 2, env: System["env"]): View {
  const isForPeople = !isInAgent(env) && isTerminal(fd);
  return {
    isForPeople,
    isColoured: isColoured(env, isForPeople),
    width: isForPeople ? Math.max(narrowest, columnsOf(fd, env)) : Number.POSITIVE_INFINITY,
  };
}

function isInAgent(env: System["env"]): boolean {
  return detectTool(env) !== undefined || env["HCOM_LAUNCHED"] === "1";
}

/** https://no-color.org and https://force-color.org; the one that says no has the last word. */
export function isColoured(env: System["env"], isForPeople: boolean): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return isForPeople && env["TERM"] !== "dumb";
}

function columnsOf(fd: 1 | 2, env: System["env"]): number {
  const columns = terminalColumns(fd) ?? Number(env["COLUMNS"]);
  return columns > 0 ? columns : 80;
}
