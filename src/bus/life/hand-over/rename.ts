// Gives a running agent another name. It stays who it is: principal, session, process, mail and
// memberships go along, and it is told.
import type { MessageData } from "../../../core/events/message.ts";
import { type Instance, reservedNames } from "../../../core/instance.ts";
import { checkNameArgument } from "../../../core/names/address.ts";
import { isBaseName, whyNoName } from "../../../core/names/name.ts";
import { exitCode, Refusal } from "../../../core/refusal.ts";
import { renameRows } from "../../../store/agents/rename.ts";
import { storeDeliveries } from "../../../store/deliveries.ts";
import { latestStopped } from "../../../store/events.ts";
import { getInstance } from "../../../store/instances.ts";
import { fs } from "../../../sys/fs.ts";
import { append } from "../../append.ts";
import type { Bus } from "../../bus.ts";

export function rename(bus: Bus, row: Instance, to: string, by: string): void {
  checkRenamed(row);
  bus.db.write(() => {
    checkFree(bus, to);
    const from = row.name;
    const now = bus.system.now() / 1000;
    renameRows(bus.db, { from, to, principal: row.principal, now });
    append(bus, {
      type: "life",
      instance: to,
      data: { action: "renamed", by, from, to, principal: row.principal },
    });
    tell(bus, { ...row, name: to }, from);
    bus.db.afterCommit("bell", () => moveBell(bus, from, to));
  });
}

function tell(bus: Bus, { name, principal }: Instance, from: string): void {
  const data: MessageData = {
    from: "hcom",
    sender_kind: "system",
    scope: "mentions",
    text: `Your name is ${name} from now on, no longer ${from}. Others write to @${name}.`,
    delivered_to: [name],
    mentions: [name],
    intent: "inform",
  };
  const id = append(bus, { type: "message", instance: "sys_hcom", data });
  storeDeliveries(bus.db, id, [{ name, principal }], bus.system.now() / 1000);
}

/** Its session watches the bell that it was told of at its start. */
function moveBell({ paths }: Bus, from: string, to: string): void {
  const old = `${paths.bells}/${from}`;
  try {
    const bell = fs().lstatSync(old, { throwIfNoEntry: false })?.isSymbolicLink()
      ? fs().readlinkSync(old)
      : old;
    fs().mkdirSync(paths.bells, { recursive: true, mode: 0o700 });
    fs().rmSync(`${paths.bells}/${to}`, { force: true });
    if (bell !== `${paths.bells}/${to}`) fs().symlinkSync(bell, `${paths.bells}/${to}`);
  } catch {
    // The other ways to reach it are left.
  }
}

function checkRenamed({ name, parent_name, origin_device_id }: Instance): void {
  if (parent_name === null && origin_device_id === "") return;
  const isSubagent = parent_name !== null;
  throw new Refusal({
    code: isSubagent ? "is_subagent" : "remote_agent",
    message: isSubagent
      ? `${name} is a subagent: its name is made from that of ${parent_name}`
      : `${name} lives on another device`,
    hint: isSubagent ? `rename that one: hcom rename ${parent_name} NEW` : "rename it there",
  });
}

function checkFree(bus: Bus, wanted: string): void {
  checkNameArgument(wanted);
  if (!isBaseName(wanted) || reservedNames.includes(wanted)) {
    throw new Refusal({
      code: "bad_name",
      exit: exitCode.usage,
      message: `"${wanted}" cannot be an agent's name: ${whyNoName(wanted)}`,
      hint: "choose another one; a tag goes in front of it with: hcom config -i NAME tag TAG",
    });
  }
  const isTaken = getInstance(bus.db, wanted) !== undefined;
  if (!isTaken && latestStopped(bus.db, wanted) === undefined) return;
  throw new Refusal({
    code: "name_taken",
    message: `the name "${wanted}" ${isTaken ? "is in use" : "is of one that has stopped"}`,
    hint: isTaken ? "choose another one" : `its successor gets both: hcom TOOL --as ${wanted}`,
  });
}
