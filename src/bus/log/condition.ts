// What somebody asks of the log, compiled once into SQL on `events_v`: filter flags, a preset, SQL
// of one's own. Queries, `--follow`, `--wait`, `listen` and subscriptions all ask by this one form.
import type { JsonObject } from "../../core/json.ts";
import { bareName } from "../../core/names/address.ts";
import { didYouMean } from "../../core/names/suggest.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { timeBound } from "../../core/time/time-bound.ts";
import { nameFilters, type Preset, presetWords, readPreset } from "../../core/watch/preset.ts";
import type { Param } from "../../store/db.ts";
import { isInLog } from "../../store/history.ts";
import { collisionSql } from "../../store/query/collision.ts";
import {
  checkUserSql,
  type EventFilters,
  filterSql,
  readsMore,
  type SqlFragment,
} from "../../store/query/events-query.ts";
import { othersThan, saidTo } from "../../store/query/preset-sql.ts";
import { findInstance } from "../agents/identity.ts";
import { stoppedByName } from "../agents/stopped.ts";
import type { Bus } from "../bus.ts";
import { whoIsHere } from "../display-names.ts";

export type { EventFilters };

export interface Question {
  /** Of one flag any value, of different flags all. */
  filters: EventFilters;
  /** Besides: SQL, or a preset. */
  sql?: string | undefined;
  /** For the `?` in it. */
  params?: readonly Param[] | undefined;
  /** One more of the same. */
  and?: string | undefined;
  /** Who asks: some presets are about others only. */
  caller?: string | undefined;
  /** It is asked at every event, by whoever writes next: it must end, and soon. */
  isOfOneEvent?: true;
}

export interface Condition {
  /** All must hold; none = everything. */
  where: SqlFragment[];
  /** Base names whose events alone can match. */
  only: string[] | undefined;
  /** What was asked, for listings. */
  shown: JsonObject;
}

/** Names that were never here, unknown values and presets, and bad SQL are refused. */
export function compile(bus: Bus, question: Question): Condition {
  const { filters, sql, params = [], and } = question;
  const resolved = resolveFilters(bus, filters);
  const written = [sql, and].filter((one) => one !== undefined);
  const parts = written.map((text, at) => {
    return partOf(bus, question, text, at === 0 && sql !== undefined ? question.params : undefined);
  });
  const preset = parts.find((part) => part.preset !== undefined);
  const own = written.filter((_text, at) => parts[at]?.preset === undefined);
  return {
    where: [...filterSql(resolved), ...parts.flatMap((part) => part.where)],
    only: namesIn(resolved) ?? preset?.only,
    shown: {
      ...filters,
      ...(own.length === 0 ? {} : { sql: own.length === 1 ? own[0] : `(${own.join(") AND (")})` }),
      ...(params.length === 0 ? {} : { params: [...params] }),
      ...(preset === undefined ? {} : { ...preset.filters, preset: preset.preset }),
    },
  };
}

interface Part {
  where: SqlFragment[];
  only?: string[] | undefined;
  preset?: string;
  filters?: Preset["filters"];
}

function partOf(
  bus: Bus,
  question: Question,
  text: string,
  params: readonly Param[] | undefined,
): Part {
  const word = bare(text.trim());
  const preset = readPreset(word);
  if (preset !== undefined) {
    return { ...presetPart(bus, preset, question.caller), preset: word, filters: preset.filters };
  }
  checkIsNoPreset(text);
  if (question.isOfOneEvent === true) checkOneEvent(bus, text);
  try {
    return { where: [checkUserSql(bus.db, text, params)] };
  } catch (error) {
    throw isWord(text) && error instanceof Refusal ? unknownPreset(text) : error;
  }
}

/** A preset as it is kept: `idle:@luna` is `idle:luna`. */
export function bare(preset: string): string {
  return preset.replace(":@", ":");
}

/** Of the flags that name whose event it is; one of them is enough to pass most events over. */
function namesIn({ agent, idle, blocked }: EventFilters): string[] | undefined {
  return agent ?? idle ?? blocked;
}

function presetPart(bus: Bus, preset: Preset, caller: string | undefined): Part {
  if (preset.filters["collision"] !== undefined) return { where: [collisionSql()] };
  if (preset.inputOf !== undefined) {
    const [name = ""] = resolveFilters(bus, { agent: [preset.inputOf] }).agent ?? [];
    return { where: [saidTo(name)] };
  }
  const filters = Object.fromEntries(
    Object.entries(preset.filters).map(([key, values]) => [key, [...values]]),
  );
  const resolved = resolveFilters(bus, filters);
  const where = filterSql(resolved);
  if (preset.ofOthers && caller !== undefined) where.push(othersThan(caller));
  return { where, only: namesIn(resolved) };
}

/** A preset with words behind it reads like SQL and is neither. */
function checkIsNoPreset(text: string): void {
  const [first = ""] = text.trim().split(" ");
  if (text.trim() === first || readPreset(first) === undefined) return;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `"${first}" is a preset and takes no more words`,
    hint: "give more conditions as flags, such as --status listening",
  });
}

function checkOneEvent(bus: Bus, sql: string): void {
  // Whoever is told of something names it: a column alone would match nearly everything.
  if (isWord(sql)) throw unknownPreset(sql);
  if (!readsMore(bus.db, sql)) return;
  throw new Refusal({
    code: "bad_sql",
    exit: exitCode.usage,
    message: "the SQL of a subscription looks at one event: no SELECT in it",
    hint: "columns: hcom events --help; for the whole log: hcom events --sql",
  });
}

/** A word alone is rather a preset that is misspelt than a column. */
function isWord(text: string): boolean {
  return /^[a-z_-]+(:\S*)?$/i.test(text.trim());
}

function unknownPreset(text: string): Refusal {
  const [word = ""] = text.trim().split(":");
  const known = presetWords().map((preset) => preset.replace(/:.*/, ""));
  return new Refusal({
    code: "unknown_preset",
    exit: exitCode.usage,
    message: `there is no preset "${text.trim()}"${didYouMean(word, known)}`,
    hint: `presets: ${presetWords().join(", ")}`,
  });
}

/** Names and times as the log has them. */
function resolveFilters(bus: Bus, filters: EventFilters): EventFilters {
  return withTimes(bus, withBaseNames(bus, filters));
}

function withTimes(bus: Bus, filters: EventFilters): EventFilters {
  const resolved: EventFilters = { ...filters };
  for (const key of ["after", "before"] as const) {
    const times = filters[key];
    if (times === undefined) continue;
    resolved[key] = times.map((time) => timeBound(time, bus.system.now(), key));
  }
  return resolved;
}

/** A name that was never here matches nothing, today or tomorrow: it is a slip. */
function unknownName(bus: Bus, flag: string, name: string): Refusal {
  const { available, close } = whoIsHere(bus, bareName(name));
  const guess = close === undefined ? "" : ` - did you mean ${close}?`;
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `--${flag}: no agent "${name}" was ever here${guess}`,
    hint: available === "" ? "nobody is here" : available,
  });
}

/** Display names become base names; a name nobody has now may still stand in the log. */
function withBaseNames(bus: Bus, filters: EventFilters): EventFilters {
  const resolved: EventFilters = { ...filters };
  for (const key of nameFilters) {
    const names = filters[key];
    if (names === undefined) continue;
    resolved[key] = names.map((name) => {
      const bare = bareName(name);
      const found = findInstance(bus, bare)?.name ?? stoppedAs(bus, bare);
      if (found === undefined) throw unknownName(bus, key, name);
      return found;
    });
  }
  return resolved;
}

/** The base name of who is here no more, written as in the log or in full. */
function stoppedAs(bus: Bus, bare: string): string | undefined {
  return isInLog(bus.db, bare) ? bare : stoppedByName(bus, bare)?.name;
}
