// A `.acomm` file as a store: loaded to be read; locked, loaded, changed and replaced to be
// written. What cannot be read is refused and left as it is. The codec is loaded with this module.
import { release } from "../../acomm/bytes/sink.ts";
import { defaultMaxBytes, readDocument, readPiledDocument } from "../../acomm/read-document.ts";
import { writeDocument } from "../../acomm/write-document.ts";
import type { CommStore } from "../../core/channels/comm-store.ts";
import { createMemoryStore, type MemoryStore } from "../../core/channels/memory-store.ts";
import { invalidFile } from "../../core/channels/refusals.ts";
import {
  emptySnapshot,
  type Form,
  type PiledSnapshot,
  type Snapshot,
  unpiled,
} from "../../core/channels/snapshot.ts";
import { Refusal } from "../../core/refusal.ts";
import type { System } from "../../sys/system.ts";
import type { StoreAccess } from "./access.ts";
import {
  identityOfFile,
  type OpenedFile,
  openFile,
  realTarget,
  replaceFile,
  type WriteStep,
} from "./document-file.ts";
import { lockDocument } from "./document-lock.ts";

export interface DocumentOptions {
  /** How long a write waits for the writes of others. */
  waitMs?: number;
  /** One operation, and then nothing more: a write keeps nothing of what it has read. */
  isOnce?: boolean;
  /** Called between the steps of a write, for tests that end the process there. */
  onStep?: (step: WriteStep) => void;
}

export interface DocumentAccess extends StoreAccess {
  /** All there is; empty when there is no file. */
  snapshot(): Promise<Snapshot>;
  /** Writes what `change` makes of it, in that form or that of the new snapshot. */
  replace<T extends { snapshot: Snapshot; form?: Form }>(change: (own: Snapshot) => T): Promise<T>;
}

/** A missing file is an empty store, created by the first write that changes something. */
export function openDocument(
  system: System,
  path: string,
  options: DocumentOptions = {},
): DocumentAccess {
  const held = holder(system, path, options.isOnce === true);
  const onStep = options.onStep ?? (() => {});
  // One after the other in this process, in the order of calling.
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(body: (target: string) => T): Promise<T> => {
    const turn = last.then(async () => {
      const target = realTarget(path);
      using _lock = await lockDocument(target, options.waitMs ?? 30_000, system);
      onStep("locked");
      const result = body(target);
      onStep("done");
      return result;
    });
    last = turn.catch(() => {});
    return turn;
  };
  return {
    location: { kind: "document", path },
    read: async (body) => held.read(body),
    write: (body) =>
      alone((target) => {
        const how = { isLast: options.isOnce };
        try {
          return held.change(body, (next) => {
            replaceFile(target, writeDocument(next, next.form, how), { onStep });
          });
        } finally {
          // Also where nothing came of it: what was read may be given back.
          if (options.isOnce === true) held.forget();
        }
      }),
    snapshot: async () => held.snapshot(),
    replace: (change) =>
      alone((target) => {
        const result = change(held.snapshot());
        replaceFile(target, writeDocument(result.snapshot, result.form), { onStep });
        held.forget();
        return result;
      }),
    [Symbol.dispose]: () => held.forget(),
  };
}

interface Holder {
  snapshot(): Snapshot;
  read<T>(body: (store: CommStore) => T): T;
  /** With the lock; `write` puts what there is then into the file, when it is something else. */
  change<T>(body: (store: CommStore) => T, write: (next: Snapshot | PiledSnapshot) => void): T;
  forget(): void;
}

/** What was read last, and used again while the file is the same: long-lived doors ask often. */
function holder(system: System, path: string, isOnce: boolean): Holder {
  let file: OpenedFile | undefined;
  let snapshot: Snapshot | PiledSnapshot | undefined;
  let store: MemoryStore | undefined;
  const forget = () => {
    file?.[Symbol.dispose]();
    file = undefined;
    snapshot = undefined;
    store = undefined;
  };
  const current = (isAdding = false): Snapshot | PiledSnapshot => {
    if (snapshot !== undefined && file?.identity === identityOfFile(path)) return snapshot;
    forget();
    file = openFile(path);
    snapshot = file === undefined ? emptySnapshot() : decoded(file, path, { system, isAdding });
    return snapshot;
  };
  const memory = (isAdding = false): MemoryStore => {
    const own = current(isAdding);
    store ??= memoryOf(system, own);
    return store;
  };
  return {
    snapshot: () => unpiled(current()),
    read(body) {
      const own = memory();
      try {
        return body(own);
      } finally {
        // It was none of reading's business to change something; the next one shall not see it.
        if (own.isChanged()) store = undefined;
      }
    },
    change(body, write) {
      // One operation mostly looks at no message; a long-lived door's next one may.
      const own = memory(isOnce);
      let next: Snapshot | PiledSnapshot | undefined;
      try {
        const result = body(own);
        if (!own.isChanged()) return result;
        next = own.piled();
        write(next);
        own.settle();
        return result;
      } finally {
        // Half of a change, or one that is not in the file, was none.
        const isKept = next !== undefined && !own.isChanged() && !isOnce;
        if (own.isChanged()) store = undefined;
        if (isKept) {
          file?.[Symbol.dispose]();
          file = openFile(path);
          snapshot = next;
        }
      }
    },
    forget,
  };
}

function memoryOf(system: System, snapshot: Snapshot | PiledSnapshot): MemoryStore {
  return createMemoryStore({ now: system.now, sha256 }, snapshot);
}

function sha256(text: string): string {
  return Bun.CryptoHasher.hash("sha256", text, "hex");
}

function decoded(
  file: OpenedFile,
  path: string,
  { system, isAdding }: { system: System; isAdding: boolean },
): Snapshot | PiledSnapshot {
  const maxBytes = ceilingOf(system.env);
  const bytes = file.read(maxBytes);
  if (bytes.length === 0) throw invalidFile("the file is empty");
  const found = isAdding
    ? readPiledDocument(bytes, { maxBytes })
    : readDocument(bytes, { maxBytes, isLazy: true });
  release(bytes);
  if (found.kind === "refused") throw invalidFile(found.reason);
  for (const msg of found.warnings) {
    system.log({ level: "warn", subsystem: "channels", event: "document_warning", path, msg });
  }
  return found.snapshot;
}

/** The most bytes that a document may unpack to. */
function ceilingOf(env: System["env"]): number {
  const text = env["HCOM_ACOMM_MAX_BYTES"];
  if (text === undefined || text === "") return defaultMaxBytes;
  const maxBytes = Number(text);
  if (Number.isSafeInteger(maxBytes) && maxBytes > 0) return maxBytes;
  throw new Refusal({
    code: "invalid_setting",
    message: `HCOM_ACOMM_MAX_BYTES must be a number of bytes, not "${text}"`,
  });
}
