// The reader stays with what was chosen when rows come and go: known by what it is, and where that
// has gone, with its neighbour.
import { chosenAt, chosenRow, type Row, readsFromBelow, rowsOf } from "./rows.ts";
import type { State } from "./state.ts";
import type { ViewName } from "./view-name.ts";

/** After a key that changed which rows are shown. */
export function stayed(before: State, next: State): State {
  const { view } = next;
  // While a filter is typed nothing is chosen by it.
  if (before.view !== view || next.mode.kind === "filter") return next;
  if (before.pane !== next.pane || before.at[view] !== next.at[view]) return next;
  const wasTyped = before.mode.kind === "filter";
  if (wasTyped && rowsOf(next).some((row) => row.id === next.at[view])) return next;
  const isFiltered = before.filter[view] !== next.filter[view] || wasTyped;
  const isOther = isFiltered || before.showsStopped !== next.showsStopped;
  return isOther ? standing(next, view, chosenRow(before)?.id) : next;
}

/** What is acted upon is chosen, although it was only where one begins. */
export function pinned(state: State): State {
  if (state.view !== "agents" || state.at.agents !== undefined) return state;
  return standing(state, "agents", chosenRow(state)?.id);
}

/** After the world has changed. */
export function settledAt(before: State, next: State, view: ViewName): State {
  const wanted = next.at[view];
  if (wanted === undefined || next.mode.kind === "filter") return next;
  const rows = rowsOf(next, view);
  const { lost } = next;
  // It was between two lists, that of the living and that of the stopped.
  const found = lost?.heir === wanted ? sameAs(rows, lost.id) : undefined;
  if (found !== undefined) return { ...standing(next, view, found), lost: undefined };
  if (rows.some((row) => row.id === wanted)) return next;
  const heir = sameAs(rows, wanted) ?? neighbour(rowsOf(before, view), rows, wanted);
  const stands = standing(next, view, heir);
  return heir === undefined || view !== "agents"
    ? stands
    : { ...stands, lost: { id: wanted, heir } };
}

function sameAs(rows: readonly Row[], id: string): string | undefined {
  const name = nameIn(id);
  return rows.find((row) => row.id === id || nameIn(row.id) === name)?.id;
}

/** Of an agent, whether it is here or stopped. */
function nameIn(id: string): string {
  return id.replace(/^stopped /, "");
}

/** The next row below that is still there, else the next above. */
function neighbour(old: readonly Row[], rows: readonly Row[], id: string): string | undefined {
  const at = old.findIndex((row) => row.id === id);
  if (at < 0) return undefined;
  const there = new Set(rows.map((row) => row.id));
  const near = [...old.slice(at + 1), ...old.slice(0, at).reverse()];
  return near.find((row) => there.has(row.id))?.id;
}

function standing(state: State, view: ViewName, id: string | undefined): State {
  const { [view]: _before, ...others } = state.at;
  if (id === undefined) return { ...state, at: others };
  const next = { ...state, at: { ...others, [view]: id } };
  const rows = rowsOf(next, view);
  const isNewest = readsFromBelow(state, view) && chosenAt(next, rows, view) === rows.length - 1;
  return isNewest ? { ...state, at: others } : next;
}
