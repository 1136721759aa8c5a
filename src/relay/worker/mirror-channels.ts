// The channels of the group as channels here: made as their owner's device says, and with the
// agents of other devices among their members.
import type { Bus } from "../../bus/bus.ts";
import { checkRoom } from "../../bus/channels/live/good-names.ts";
import { defaultConfig } from "../../core/channels/channel.ts";
import { Refusal } from "../../core/refusal.ts";
import { remotePrincipal } from "../../core/relay/import-plan.ts";
import type { DeviceState } from "../../core/relay/payload.ts";
import type { SharedChannel } from "../../core/relay/shared-channel.ts";
import { channelNames, insertChannel, setConfig } from "../../store/channels/channels.ts";
import { deleteMember, insertMember } from "../../store/channels/members.ts";
import { ensureSpace, takeIds } from "../../store/channels/spaces.ts";
import {
  insertShared,
  listShared,
  membersFrom,
  type SharedRow,
  sharedOf,
} from "../../store/relay/channels.ts";
import type { Self } from "../device.ts";

const spaceKey = "main";

export function mirrorChannels(
  bus: Bus,
  self: Self,
  { device, state }: { device: string; state: DeviceState },
): void {
  const said = new Map<string, SharedChannel>();
  for (const channel of state.channels) {
    const owner = channel.owner === self.uuid ? "" : channel.owner;
    said.set(`${owner} ${channel.id}`, channel);
    if (owner === device) follow(bus, state.short, channel);
  }
  for (const row of listShared(bus.db)) {
    const known = said.get(`${row.owner} ${row.remoteId}`);
    if (known === undefined && state.leftOut.channels > 0) continue;
    const members = known?.members ?? [];
    seat(bus, row, { device, short: state.short, members });
  }
}

/** As its owner's device has it; made here when it is new. */
function follow(bus: Bus, short: string, channel: SharedChannel): void {
  const { db } = bus;
  const { owner, id: remoteId, max, ttl } = channel;
  const config = { ...defaultConfig, max_participants: max, ttl_seconds: ttl };
  const known = sharedOf(db, owner, remoteId);
  if (known !== undefined) {
    if (known.max === max && known.ttl === ttl) return;
    setConfig(db, { space: known.space, id: known.channel }, config, ttl);
    return;
  }
  const space = ensureSpace(db, spaceKey);
  const made = {
    id: takeIds(db, space, "channel", 1),
    name: freeName(bus, space, channel, short),
    channel_type: channel.type,
    created_at: channel.createdAt,
    config,
  };
  insertChannel(db, space, made, { endsAfter: ttl });
  insertShared(db, { space, channel: made.id, owner, remoteId });
}

/** Channels here are called by their names: a second one of a name has its device behind it. */
function freeName(bus: Bus, space: number, { name, id }: SharedChannel, short: string): string {
  const taken = new Set(channelNames(bus.db, space));
  const wishes = [name, `${name}-${short}`, `channel-${short}-${id}`];
  return wishes.find((one) => !taken.has(one) && isGood(bus, space, one)) ?? `${short}-${id}`;
}

function isGood(bus: Bus, space: number, name: string): boolean {
  try {
    checkRoom(bus, space, name);
    return Buffer.byteLength(name) <= 128;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** Those of that device who are in it, and no others. */
function seat(
  bus: Bus,
  row: SharedRow,
  from: { device: string; short: string; members: readonly string[] },
): void {
  const wanted = new Set(from.members.map((base) => `${base}:${from.short}`));
  const place = { space: row.space, channel: row.channel };
  for (const participant of membersFrom(bus.db, row, from.device)) {
    if (!wanted.delete(participant)) deleteMember(bus.db, { ...place, participant });
  }
  for (const participant of wanted) {
    const base = participant.slice(0, participant.lastIndexOf(":"));
    insertMember(bus.db, { ...place, participant }, remotePrincipal(from.device, base));
  }
}
