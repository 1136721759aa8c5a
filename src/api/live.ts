// Stores that live where other programs use them, too: documents, and the store of hcom itself.
import type { StoreAccess } from "../bus/channels/access.ts";
import { locateStore, type StoreChoice } from "../bus/channels/locate.ts";
import { openStore } from "../bus/channels/open-store.ts";
import type { System } from "../sys/system.ts";

export async function openLive(choice: StoreChoice, system: System): Promise<StoreAccess> {
  return openStore(system, locateStore(choice, system));
}
