// Which store is meant: the one that was named, that of the project, or that of the home directory.
// Nothing is opened here.
import { mainSpace } from "../../core/channels/space.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { fs } from "../../sys/fs.ts";
import { absoluteIn } from "../../sys/hcom-dir.ts";
import type { System } from "../../sys/system.ts";
import type { StoreLocation } from "./access.ts";

const busPrefix = "bus:";

export interface StoreChoice {
  /** As the user named it: a path, or `bus:` with or without a space. */
  file?: string | undefined;
  /** The live store. */
  isBus?: boolean | undefined;
}

type Surroundings = Pick<System, "env" | "cwd">;

/**
 * The first of: what was named, `ACOMM_STORE`, `.acomm/store.acomm` when that directory is here,
 * `.store.acomm` in the home directory. An empty variable counts as none.
 */
export function locateStore(choice: StoreChoice, place: Surroundings): StoreLocation {
  if (choice.isBus === true) return liveStore(choice.file);
  if (choice.file !== undefined) return locationOf(choice.file, place.cwd);
  const named = place.env["ACOMM_STORE"];
  if (named) return locationOf(named, place.cwd);
  if (isDirectory(absoluteIn(place.cwd, ".acomm"))) {
    return locationOf(".acomm/store.acomm", place.cwd);
  }
  return locationOf(".store.acomm", place.env["HOME"] || place.cwd, "literally");
}

/** What a user's word for a store means; `bus:ops` is a space of the live store. */
export function locationOf(word: string, cwd: string, how?: "literally"): StoreLocation {
  if (how === undefined && word.startsWith(busPrefix)) {
    return { kind: "bus", space: word.slice(busPrefix.length) || mainSpace };
  }
  if (word === "") {
    throw new Refusal({
      code: "usage",
      exit: exitCode.usage,
      message: "the path of a store cannot be empty",
    });
  }
  return { kind: "document", path: absoluteIn(cwd, word) };
}

/** Back to a user's word. */
export function storeName(location: StoreLocation): string {
  return location.kind === "document" ? location.path : `${busPrefix}${location.space}`;
}

function liveStore(file: string | undefined): StoreLocation {
  if (file === undefined) return { kind: "bus", space: mainSpace };
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: "--bus and --file exclude each other: both name the store",
  });
}

function isDirectory(path: string): boolean {
  try {
    return fs().statSync(path).isDirectory();
  } catch {
    return false;
  }
}
