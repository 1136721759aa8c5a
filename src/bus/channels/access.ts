// Where channels are kept, seen from the doors: the live store in the log's database, or a document
// (a `.acomm` file). Both are opened, read and changed in the same way.
import type { CommStore } from "../../core/channels/comm-store.ts";

export type StoreLocation =
  | { kind: "bus"; space: string }
  /** An absolute path; the file need not exist yet. */
  | { kind: "document"; path: string };

export interface StoreAccess extends Disposable {
  location: StoreLocation;
  /** On a state that is not torn; what `body` changes would be lost. */
  read<T>(body: (store: CommStore) => T): Promise<T>;
  /**
   * All of `body` or nothing, committed before this resolves: one transaction, or a document that
   * was locked, loaded, and replaced atomically.
   */
  write<T>(body: (store: CommStore) => T): Promise<T>;
}
