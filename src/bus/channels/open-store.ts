// Opens the store that is meant, whichever kind it is; each kind is loaded only when it is meant:
// the codec of documents is of no use to the live store, and the database none to a document.
import { unreachable } from "../../core/refusal.ts";
import type { System } from "../../sys/system.ts";
import type { StoreAccess, StoreLocation } from "./access.ts";

export async function openStore(
  system: System,
  location: StoreLocation,
  options: { isOnce?: boolean } = {},
): Promise<StoreAccess> {
  switch (location.kind) {
    case "document": {
      const { openDocument } = await import("./document.ts");
      return openDocument(system, location.path, options);
    }
    case "bus": {
      const { openBusStore } = await import("./open-bus-store.ts");
      return openBusStore(system, location.space);
    }
    default:
      return unreachable(location);
  }
}
