// Tells a client when a resource that it subscribed to reads differently than before. Something
// outside says that there may be a change; what really changed is found by reading.
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { asObject, asTexts } from "../core/json.ts";

export interface Watch extends Disposable {
  /** False when one of them cannot be read, and then none is watched. */
  add(owner: string, uris: readonly string[]): Promise<boolean>;
  remove(owner: string, uri?: string): void;
}

export interface Watched {
  /** The resource as it reads now; undefined when there is none. */
  read(uri: string): Promise<string | undefined>;
  /** Calls back when something may have changed, until disposed. */
  listen(onChange: () => void): Disposable;
  tell(uri: string): Promise<void>;
}

export function watchResources(watched: Watched): Watch {
  const owners = new Map<string, Set<string>>();
  const known = new Map<string, string | undefined>();
  let listening: Disposable | undefined;
  let isLooking = false;
  let isDueAgain = false;
  const forget = () => {
    const wanted = new Set([...owners.values()].flatMap((uris) => [...uris]));
    for (const uri of known.keys()) if (!wanted.has(uri)) known.delete(uri);
    if (known.size > 0) return;
    listening?.[Symbol.dispose]();
    listening = undefined;
  };
  const look = async () => {
    for (const [uri, before] of known) {
      const now = await watched.read(uri);
      if (now === before || !known.has(uri)) continue;
      known.set(uri, now);
      await watched.tell(uri);
    }
  };
  // One look at a time; what happens during it asks for another one.
  const lookWhileDue = async () => {
    if (isLooking) return;
    isLooking = true;
    while (isDueAgain) {
      isDueAgain = false;
      // A store that cannot be read now is looked at with the next change.
      await look().catch(() => {});
    }
    isLooking = false;
  };
  const onChange = () => {
    isDueAgain = true;
    void lookWhileDue();
  };
  return {
    async add(owner, uris) {
      // Before the first look, or a change between the two would be missed.
      listening ??= watched.listen(onChange);
      const read = await Promise.all(
        uris.map(async (uri) => [uri, await watched.read(uri)] as const),
      );
      const isWhole = read.every(([, text]) => text !== undefined);
      if (isWhole) {
        owners.set(owner, new Set([...(owners.get(owner) ?? []), ...uris]));
        for (const [uri, text] of read) known.set(uri, text);
      }
      forget();
      return isWhole;
    },
    remove(owner, uri) {
      if (uri === undefined) owners.delete(owner);
      else owners.get(owner)?.delete(uri);
      forget();
    },
    [Symbol.dispose]: () => {
      owners.clear();
      forget();
    },
  };
}

/**
 * The newest version subscribes with a request that stays open, which the protocol package serves
 * by itself; from here it only learns what to look at.
 */
export async function noteSubscriptions(watch: Watch, message: JSONRPCMessage): Promise<void> {
  if (!("method" in message)) return;
  const params = asObject(message.params);
  if (message.method === "notifications/cancelled") {
    watch.remove(String(params["requestId"]));
  }
  if (message.method === "subscriptions/listen" && "id" in message) {
    const uris = asTexts(asObject(params["notifications"])["resourceSubscriptions"]);
    for (const uri of uris) await watch.add(String(message.id), [uri]);
  }
}
