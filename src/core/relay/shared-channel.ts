// A channel of the group, as each device says of it: what its owner made it, and who of the device
// that speaks is in it.
import { type ChannelType, channelTypes, checkChannelName } from "../channels/channel.ts";
import { asList, asNumber, asText, asTexts, isObject } from "../json.ts";
import { Refusal } from "../refusal.ts";
import { isRemoteBase } from "./device.ts";
import { isUuid } from "./token.ts";

export interface SharedChannel {
  /** Uuid of the device that made it. */
  owner: string;
  /** Its number there. */
  id: number;
  name: string;
  type: ChannelType;
  /** Participants; 0 = any number. */
  max: number;
  /** Seconds that a message lives; 0 = for ever. */
  ttl: number;
  /** RFC 3339. */
  createdAt: string;
  /** Agents of the device that says it. */
  members: string[];
}

const most = 500;

export function readSharedChannels(value: unknown): SharedChannel[] {
  return asList(value)
    .slice(0, most)
    .flatMap((one) => readShared(one) ?? []);
}

function readShared(value: unknown): SharedChannel | undefined {
  if (!isObject(value)) return undefined;
  const owner = asText(value["owner"]);
  const name = asText(value["name"]) ?? "";
  const type = channelTypes.find((one) => one === value["type"]);
  const id = asNumber(value["id"]) ?? 0;
  const createdAt = asText(value["created_at"]) ?? "";
  if (owner === undefined || !isUuid(owner) || type === undefined || !isName(name))
    return undefined;
  if (
    !Number.isSafeInteger(id) ||
    id < 1 ||
    !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(createdAt)
  )
    return undefined;
  const members = asTexts(value["members"]).slice(0, most).filter(isRemoteBase);
  return {
    ...{ owner, id, name, type, createdAt, members },
    ...{ max: countOf(value["max"]), ttl: countOf(value["ttl"]) },
  };
}

function countOf(value: unknown): number {
  const count = asNumber(value) ?? 0;
  return Number.isSafeInteger(count) && count > 0 && count < 2 ** 32 ? count : 0;
}

function isName(name: string): boolean {
  try {
    return checkChannelName(name) === name;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

export function sharedJson(one: SharedChannel): object {
  const { owner, id, name, type, max, ttl, createdAt: created_at, members } = one;
  return { owner, id, name, type, max, ttl, created_at, members };
}
