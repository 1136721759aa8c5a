// `CommStore` of the library: a store in memory with every operation on channels, which comes out
// of `.acomm` files and goes into them; and live stores that other programs use at the same time.
// It runs on Node, too: what needs Bun is loaded when asked for.
import { readDocument } from "../acomm/read-document.ts";
import { writeDocument } from "../acomm/write-document.ts";
import type { StoreAccess } from "../bus/channels/access.ts";
import type { CommStore as Operations } from "../core/channels/comm-store.ts";
import { createMemoryStore } from "../core/channels/memory-store.ts";
import { invalidFile } from "../core/channels/refusals.ts";
import { emptySnapshot, headForm, type Snapshot, seedForm } from "../core/channels/snapshot.ts";
import { Refusal } from "../core/refusal.ts";
import { realSystem } from "../sys/system.ts";
import { bytesOf, replaceBytes } from "./file.ts";
import { checkReadable, isBun, sha256 } from "./on-node.ts";

/**
 * `seed` is the layout that every AgenticComm program reads, `head` the newest one, which is
 * smaller and needs zstd. Without it a file keeps its layout, and a new one gets the first.
 */
export type FileForm = "seed" | "head";

/** In memory. What is refused throws a `Refusal`, whose `code` says what. */
export interface CommStore extends Operations {
  /**
   * Writes all of it. A file that is there is replaced at once, whatever it holds: to share a file
   * with other programs, `CommStore.open` it.
   */
  save(path: string, options?: { form?: FileForm | undefined }): void;
}

export const CommStore = {
  /** An empty one. */
  create(): CommStore {
    return storeOf(emptySnapshot());
  },

  /** Refuses with `invalid_file` what is no `.acomm` file, with `io_error` what is not there. */
  load(path: string): CommStore {
    const bytes = bytesOf(path);
    checkReadable(bytes);
    const found = readDocument(bytes);
    if (found.kind === "refused") throw invalidFile(found.reason);
    return storeOf(found.snapshot);
  },

  /**
   * A store that others change, too: a path is a document, `bus:` the live store of hcom. Every
   * `write` is all or nothing and kept before it resolves. Bun only.
   */
  async open(place: string): Promise<StoreAccess> {
    if (!isBun) {
      throw new Refusal({
        code: "needs_bun",
        message: "CommStore.open needs Bun",
        hint: "start the program with Bun, or talk to `acomm rpc`",
      });
    }
    const { openLive } = await import("./live.ts");
    return openLive({ file: place }, realSystem());
  },
};

function storeOf(from: Snapshot): CommStore {
  const { snapshot, isChanged, settle, ...operations } = createMemoryStore(
    { now: realSystem().now, sha256 },
    from,
  );
  return {
    ...operations,
    save(path, options = {}) {
      replaceBytes(path, writeDocument(snapshot(), formOf(options.form)));
    },
  };
}

function formOf(form: FileForm | undefined) {
  if (form === undefined) return undefined;
  return form === "head" ? headForm : seedForm;
}
