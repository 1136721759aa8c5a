// Names that come into the live store at the doors of people and agents: the one rule for outside
// names. What an imported document holds keeps its names, and what they act as is refused here.
import { human } from "../../../core/instance.ts";
import {
  checkOutsideName,
  invalid,
  isSwappedFor,
  looksLike,
  reservedLook,
} from "../../../core/names/outside.ts";
import { channelNames } from "../../../store/channels/channels.ts";
import { aliveNames } from "../../../store/instances.ts";
import { findInstance } from "../../agents/identity.ts";
import type { Bus } from "../../bus.ts";

/** For most names that is all there is to ask. */
const plain = /^[a-z0-9_.*#-]+$/;

/** A new channel or topic of that space, or a topic that is subscribed to. */
export function checkRoom(bus: Bus, space: number, name: string): void {
  checkForm(name, "channel");
  const other = channelNames(bus.db, space).find((one) => isSwappedFor(name, one));
  if (other === undefined) return;
  throw invalid(`channel "${name}" would look like "${other}"`, "choose another name");
}

/** Whoever speaks, joins, subscribes or acknowledges. */
export function checkMember(bus: Bus, name: string): void {
  if (name === human || (plain.test(name) && reservedLook(name) === undefined)) return;
  if (findInstance(bus, name) !== undefined) return;
  checkForm(name, "name");
  const other = aliveNames(bus.db).find((one) => looksLike(name, one));
  if (other === undefined) return;
  throw invalid(`name "${name}" would look like ${other}, an agent here`, "choose another name");
}

function checkForm(name: string, what: string): void {
  const good = checkOutsideName(name, what);
  if (good !== name) throw invalid(`${what} "${name}" is written "${good}"`);
  const look = reservedLook(name);
  if (look !== undefined) throw invalid(`${what} "${name}" would look like ${look}`);
}
