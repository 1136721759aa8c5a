// What was said in a shared channel before a device was there: handed out to those who ask, and
// taken in as history, which nobody has to read.
import type { Bus } from "../bus/bus.ts";
import { signatureOf } from "../bus/channels/live/posting.ts";
import { maxContentBytes, messageTypes } from "../core/channels/channel-message.ts";
import { nanosOf } from "../core/channels/timestamp.ts";
import { asList, asNumber, asObject, asText } from "../core/json.ts";
import { printable } from "../core/printable.ts";
import { bytesOf } from "../core/relay/batch.ts";
import { abroad, atHome, isoForm } from "../core/relay/import-plan.ts";
import { insertBody } from "../store/channels/bodies.ts";
import { insertCopies, nowKey, oldestAlive, sortKey } from "../store/channels/messages.ts";
import { takeIds } from "../store/channels/spaces.ts";
import {
  broughtAs,
  knownPosts,
  oldestBrought,
  type PostRow,
  postKey,
  postsOf,
} from "../store/relay/channel-history.ts";
import { type SharedRow, sharedOf } from "../store/relay/channels.ts";
import { deviceByUuid } from "../store/relay/devices.ts";
import { localEvent } from "../store/relay/origins.ts";
import type { Self } from "./device.ts";

/** So much comes by itself with the first member here, and at once on demand. */
export const historyPage = 200;

type Params = Readonly<Record<string, unknown>>;

/** Undefined: no channel of the group that is known here. */
export function historyFor(bus: Bus, self: Self, params: Params, budget: number) {
  const owner = asText(params["owner"]) ?? "";
  const row = sharedOf(bus.db, owner === self.uuid ? "" : owner, asNumber(params["id"]) ?? 0);
  if (row === undefined) return undefined;
  const before = asText(params["before"]);
  const now = bus.system.now();
  const rows = postsOf(bus.db, row, {
    since: oldestAlive(row.ttl, now),
    before: before === undefined ? nowKey(now + hourMs) : sortKey(before),
    limit: historyPage + 1,
  });
  const posts: object[] = [];
  let left = budget;
  let last = "";
  for (const post of rows.slice(0, historyPage)) {
    // Of several copies one is enough.
    if (postKey(post) === last) continue;
    const json = {
      ...{ ...post, text: fitting(post.text, budget) },
      ...{ from: abroad(post.from, self.short), device: post.device ?? self.uuid },
    };
    left -= bytesOf(JSON.stringify(json)) + 1;
    if (left < 0 && posts.length > 0) return { posts, isAll: false };
    posts.push(json);
    last = postKey(post);
  }
  return { posts, isAll: rows.length <= historyPage };
}

const hourMs = 3_600_000;

/** A character may take six bytes of JSON. */
function fitting(text: string, budget: number): string {
  if (bytesOf(JSON.stringify(text)) < budget - 500) return text;
  const start = text.slice(0, Math.floor((budget - 500) / 6)).toWellFormed();
  return `${start} [cut: it was too long for the history]`;
}

/** Undefined when no answer came, or a refusal. */
export type Ask = (action: string, params: object) => Promise<Params | undefined>;

export interface Brought {
  count: number;
  /** There is nothing older. */
  isAll: boolean;
}

const mostBytes = 60_000;
const leastBytes = 2000;

/**
 * The newest that are not here, or what is older than what was brought already. Undefined: nobody
 * answered.
 */
export async function bringHistory(
  bus: Bus,
  self: Self,
  row: SharedRow,
  { ask, wanted }: { ask: Ask; wanted: number },
): Promise<Brought | undefined> {
  const owner = row.owner === "" ? self.uuid : row.owner;
  let before = oldestBrought(bus.db, row);
  let size = mostBytes;
  for (let count = 0; ; ) {
    const found = await ask("channel_history", {
      ...{ owner, id: row.remoteId, max_bytes: size },
      ...(before === undefined ? {} : { before }),
    });
    if (found === undefined) return undefined;
    if (!Array.isArray(found["posts"])) {
      if (size === leastBytes) return undefined;
      size = Math.max(leastBytes, size / 2);
      continue;
    }
    const posts = asList(found["posts"]).flatMap((one) => readPost(one) ?? []);
    count += takePosts(bus, self, row, posts, wanted - count);
    const isAll = found["isAll"] === true;
    const oldest = posts.at(-1)?.ts;
    if (isAll || count >= wanted || oldest === undefined || oldest === before)
      return { count, isAll };
    before = oldest;
  }
}

function readPost(value: unknown): PostRow | undefined {
  const found = asObject(value);
  const [from, text, ts] = [asText(found["from"]), asText(found["text"]), asText(found["ts"])];
  if (from === undefined || from === "" || from.length > 200 || ts === undefined) return undefined;
  if (text === undefined || text === "" || bytesOf(text) > maxContentBytes) return undefined;
  if (nanosOf(ts) === undefined) return undefined;
  const at = asText(found["at"]) ?? "";
  return {
    ...{ from: printable(from), text, ts },
    type: messageTypes.find((one) => one === found["type"]) ?? "Text",
    at: isoForm.test(at) || nanosOf(at) !== undefined ? at : ts,
    device: asText(found["device"]) ?? "",
    id: asNumber(found["id"]) ?? 0,
  };
}

/** The newest first; what is still to come the usual way, as a message, is left to that. */
function takePosts(
  bus: Bus,
  self: Self,
  row: SharedRow,
  posts: readonly PostRow[],
  most: number,
): number {
  return bus.db.write(() => {
    const known = knownPosts(bus.db, row);
    const taken: PostRow[] = [];
    for (const post of posts) {
      const here = { ...post, from: atHome(post.from, self.short) };
      const key = postKey(here);
      if (taken.length >= most) break;
      if (known.has(key) || isHereOrComes(bus, self, post)) continue;
      known.add(key);
      taken.push(here);
    }
    for (const post of taken.toReversed()) insert(bus, row, post);
    return taken.length;
  });
}

function isHereOrComes(bus: Bus, self: Self, { device, id }: PostRow): boolean {
  if (device === null || device === self.uuid || id === 0) return false;
  if (localEvent(bus.db, device, id) !== undefined) return true;
  const from = deviceByUuid(bus.db, device);
  return from !== undefined && id > (from.cursor ?? 0);
}

function insert({ db }: Bus, { space, channel }: SharedRow, post: PostRow): void {
  const message = {
    ...{ space, channel_id: channel, sender: post.from },
    id: takeIds(db, space, "message", 1),
    body: insertBody(db, post.text),
    message_type: messageTypes.find((one) => one === post.type) ?? "Text",
    metadata: {
      [broughtAs.origin]: `${post.device}/${post.id}`,
      [broughtAs.at]: post.at,
    },
    signature: signatureOf(post.text),
  } as const;
  insertCopies(db, message, [{ recipient: null, timestamp: post.ts }]);
}
