// Free questions to the log: filter flags and the user's own SQL over the view `events_v`.
// What each flag means is in `filter-flags.ts`; names are resolved before they arrive here.

import { constants } from "node:sqlite";
import { type EventRow, eventTypes } from "../../core/event.ts";
import { didYouMean } from "../../core/names/suggest.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Db, Param, SqlAct } from "../db.ts";
import { isSqlFault } from "../errors.ts";
import { eventColumns } from "../events.ts";
import { type Family, type FilterFlag, filterFlagNames, filterFlags } from "./filter-flags.ts";
import type { SqlFragment } from "./sql-fragment.ts";

export type { SqlFragment } from "./sql-fragment.ts";

/** Values per flag: of one flag any, of different flags all must hold. */
export type EventFilters = Partial<Record<FilterFlag, string[]>>;

/** The newest `limit` events for which all fragments hold; oldest first unless told otherwise. */
export function queryEvents(
  db: Db,
  query: { where: SqlFragment[]; limit: number; newestFirst?: boolean },
): EventRow[] {
  // In the text and not bound, so that all parameters belong to the fragments.
  const limit = Math.max(0, Math.floor(query.limit));
  const sql = `SELECT ${eventColumns} FROM events_v
     WHERE ${conjunction(query.where)} ORDER BY id DESC LIMIT ${limit}`;
  const rows = answered(() =>
    db.all<EventRow>(sql, ...query.where.flatMap((fragment) => fragment.params)),
  );
  return query.newestFirst ? rows : rows.reverse();
}

/** The oldest event for which all fragments hold. */
export function firstEvent(db: Db, where: SqlFragment[]): EventRow | undefined {
  const condition = conjunction(where);
  const sql = `SELECT ${eventColumns} FROM events_v WHERE ${condition} ORDER BY id LIMIT 1`;
  const params = where.flatMap((fragment) => fragment.params);
  return answered(() => db.get<EventRow>(sql, ...params));
}

export function countEvents(db: Db, where: SqlFragment[]): number {
  const sql = `SELECT count(*) AS n FROM events_v WHERE ${conjunction(where)}`;
  const params = where.flatMap((fragment) => fragment.params);
  return answered(() => db.get<{ n: number }>(sql, ...params))?.n ?? 0;
}

/** Some faults of the user's own SQL show only on a row: no JSON, an integer that is too large. */
function answered<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (isSqlFault(error)) throw badSql(error.message);
    throw error;
  }
}

export function conjunction(where: SqlFragment[]): string {
  // The newline ends a comment with which the user's own SQL may close.
  return where.map((fragment) => `(${fragment.sql}\n)`).join(" AND ") || "1";
}

/** One fragment per flag, plus the type that the flags imply. */
export function filterSql(filters: EventFilters): SqlFragment[] {
  const given = filterFlagNames.filter((name) => (filters[name]?.length ?? 0) > 0);
  const family = familyOf(given, filters.type ?? []);
  const where = given.map((name) => flagSql(name, filters[name] ?? []));
  if (family && !given.includes("type")) where.unshift(flagSql("type", [family]));
  return where;
}

function flagSql(name: FilterFlag, values: string[]): SqlFragment {
  const flag = filterFlags[name];
  const parts = values.map((value) => {
    if (flag.values && !flag.values.includes(value)) throw unknownValue(name, value, flag.values);
    return flag.sql(value);
  });
  return {
    sql: parts.map((part) => (parts.length > 1 ? `(${part.sql})` : part.sql)).join(" OR "),
    params: parts.flatMap((part) => part.params),
  };
}

function familyOf(given: FilterFlag[], types: string[]): Family | undefined {
  const members = given.filter((name) => filterFlags[name].family !== undefined);
  const first = members[0];
  if (!first) return undefined;
  const family = filterFlags[first].family;
  const other = members.find((name) => filterFlags[name].family !== family);
  if (other) {
    throw mixed(
      `--${first} (${family} events)`,
      `--${other} (${filterFlags[other].family} events)`,
    );
  }
  const type = types.find((given) => given !== family);
  if (type !== undefined && isType(type))
    throw mixed(`--type ${type}`, `--${first} (${family} events)`);
  return family;
}

function isType(type: string): type is Family {
  return (eventTypes as readonly string[]).includes(type);
}

function mixed(left: string, right: string): Refusal {
  return new Refusal({
    code: "mixed_filters",
    message: `${left} and ${right} can never both hold.`,
    hint: "Different flags must all hold: leave one out, or ask twice.",
    exit: exitCode.usage,
  });
}

function unknownValue(name: string, value: string, values: readonly string[]): Refusal {
  return new Refusal({
    code: "bad_filter",
    message: `--${name} cannot be "${value}"${didYouMean(value, values)}`,
    hint: `it is one of: ${values.join(", ")}`,
    exit: exitCode.usage,
  });
}

/** The user's expression as a fragment, after SQLite compiled it without running it. */
export function checkUserSql(db: Db, expression: string, params?: readonly Param[]): SqlFragment {
  // Shells escape the history character also where it means "not".
  const sql = expression.replaceAll("\\!", "!");
  const problem = shapeProblem(sql, params?.length);
  if (problem) throw badSql(problem);
  try {
    const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema");
    const names = new Set(tables.map((table) => table.name));
    db.check(`SELECT 1 FROM events_v WHERE (${sql}\n) LIMIT 0`, (act) => staysInTheLog(act, names));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const told = error instanceof Error ? error.message : String(error);
    const isForbidden = told.includes("not authorized") || told.includes("prohibited");
    throw badSql(isForbidden ? "it may read events_v alone, and not recursively" : told);
  }
  return { sql, params: [...(params ?? [])] };
}

/** Does the expression ask for more than the columns of one event? As SQLite itself reads it. */
export function readsMore(db: Db, expression: string): boolean {
  const selects = (sql: string) => {
    let count = 0;
    db.check(`SELECT 1 FROM events_v WHERE (${sql}\n) LIMIT 0`, ({ code }) => {
      if (code === constants.SQLITE_SELECT) count += 1;
      return true;
    });
    return count;
  };
  try {
    return selects(expression.replaceAll("\\!", "!")) > selects("1");
  } catch {
    // What does not parse is refused with its reason elsewhere.
    return false;
  }
}

const readable = new Set(["events_v", "events", "json_each", "json_tree"]);

/** Who may ask the log need not see what else is in the database, nor keep it busy for ever. */
function staysInTheLog({ code, name }: SqlAct, tables: ReadonlySet<string>): boolean {
  if (code === constants.SQLITE_SELECT || code === constants.SQLITE_FUNCTION) return true;
  if (code !== constants.SQLITE_READ || name === null) return false;
  if (readable.has(name)) return true;
  // Neither ours nor SQLite's own: a name that the expression itself gives.
  return !tables.has(name) && !/^(?:pragma_|sqlite_|dbstat|fts)/i.test(name);
}

/** What would let the text reach beyond its parentheses or disturb the bound values. */
function shapeProblem(sql: string, values: number | undefined): string | undefined {
  const bare = sql.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g,
    " ",
  );
  if (bare.trim() === "") return "the expression is empty";
  if (/['"`[]|\/\*/.test(bare)) return "a quote or comment is not closed";
  if (bare.includes(";")) return "only one expression is possible, without a semicolon";
  const marks = bare.match(/\?/g)?.length ?? 0;
  if (values === undefined && (marks > 0 || /[:@$]\w/.test(bare))) {
    return "parameters (?, :name) are not possible";
  }
  if (/\?\d|[:@$]\w/.test(bare)) return "numbered and named parameters are not possible";
  if (marks !== (values ?? 0)) return `it has ${marks} times ?, and ${values} values are given`;
  let depth = 0;
  for (const character of bare) {
    if (character === "(") depth++;
    if (character === ")" && --depth < 0) return "a parenthesis is closed that was not opened";
  }
  return undefined;
}

function badSql(problem: string): Refusal {
  return new Refusal({
    code: "bad_sql",
    message: `The SQL filter is not valid: ${problem}.`,
    hint: "It is an expression over events_v, e.g. \"type='status' AND status_val='blocked'\".",
    exit: exitCode.usage,
  });
}
