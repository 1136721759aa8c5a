// What a frame shows, as data: for tests, scripts and other views of the same model.
import { textOf } from "../cli/style.ts";
import { keyRows } from "./around.ts";
import { needsHuman } from "./marks.ts";
import { chosenAt, type Row, rowsOf } from "./rows.ts";
import type { State } from "./state.ts";

export function describe(state: State) {
  const rows = rowsOf(state);
  return {
    view: state.view,
    chosen: rows[chosenAt(state, rows)]?.id ?? null,
    rows: rows.map((row) => rowFields(state, row)),
    counts: {
      agents: state.world.agents.length,
      need_you: state.world.agents.filter(needsHuman).length,
      unread: state.world.unread,
    },
    filter: state.filter[state.view] ?? "",
    problem: state.world.problem === "" ? null : state.world.problem,
    keys: keyRows(),
  };
}

function rowFields({ world }: State, row: Row): Record<string, unknown> {
  switch (row.kind) {
    case "agent":
      return { id: row.id, ...row.agent, needs_you: needsHuman(row.agent) };
    case "stopped":
      return { id: row.id, ...row.stopped };
    case "message":
      return { ...row.message, id: row.id, fates: world.fates.get(row.message.id) ?? [] };
    case "event": {
      const { words: _words, who, what, ...event } = row.event;
      const text = (parts: typeof who) => parts.map(textOf).join("");
      return { ...event, id: row.id, who: text(who), what: text(what) };
    }
    case "channel":
      return { ...row.channel, id: row.id };
    case "setting":
      return { ...world.settings.find((one) => one.key === row.id), id: row.id };
    case "device":
      return { ...row.device, id: row.id };
    case "field":
      return { id: row.id };
  }
}
