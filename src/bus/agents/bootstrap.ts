// The text that tells a new agent who it is and how to talk here, filled in from the log.

import type { Instance } from "../../core/instance.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { fullName } from "../../core/names/address.ts";
import { hasProcessBinding } from "../../store/bindings.ts";
import { listInstances } from "../../store/instances.ts";
import { principalForkedFrom } from "../../store/principals.ts";
import { bootstrapText, subagentBootstrapText } from "../../tools/bootstrap.ts";
import type { Bus } from "../bus.ts";
import { instructionsOf } from "./instructions.ts";

const snapshotSize = 8;
const recentSeconds = 60;

/** `path`: where hcom is, for an agent whose commands do not find it by its name. */
export function bootstrapOf(bus: Bus, row: Instance, path = ""): string {
  if (row.parent_name !== null) {
    return subagentBootstrapText({ name: row.name, parent: row.parent_name, commandWord: "hcom" });
  }
  // A tool whose hooks run beside a server of its own gives them another environment.
  const isLaunched = bus.system.env["HCOM_LAUNCHED"] === "1" || hasProcessBinding(bus.db, row.name);
  const text = bootstrapText({
    name: row.name,
    tag: row.tag ?? "",
    isHeadless: row.background === 1,
    delivery: isAdHoc(row) ? "adhoc" : "auto",
    isLaunched,
    snapshot: activeAgents(bus, row.name),
    forkOf: principalForkedFrom(bus.db, row.principal) ?? "",
    notes: bus.settings.text("notes"),
    leftOut: bus.settings.text("bootstrap_exclude").split(","),
    commandWord: "hcom",
    path,
  });
  const own = instructionsOf(bus, row);
  return own === "" ? text : `${text}\n---\n${own}`;
}

function activeAgents(bus: Bus, self: string): { tool: string; names: string[] }[] {
  const now = bus.system.now() / 1000;
  const rows = listInstances(bus.db)
    .filter((row) => row.name !== self)
    .filter(
      (row) =>
        row.status === "active" ||
        row.status === "listening" ||
        now - row.status_time < recentSeconds,
    )
    .slice(0, snapshotSize);
  const groups = new Map<string, string[]>();
  for (const row of rows) groups.set(row.tool, [...(groups.get(row.tool) ?? []), fullName(row)]);
  return [...groups].map(([tool, names]) => ({ tool, names }));
}
