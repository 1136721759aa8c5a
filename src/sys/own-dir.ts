// Whether a directory may be our home: what is in it is ours, or it is not there yet. Told from
// names alone; nothing is read, made or changed here.
import { fs } from "./fs.ts";

export type DirState =
  | { kind: "missing" }
  /** Nobody's things in it: it may be used, but whoever made it chose its mode. */
  | { kind: "empty" }
  | { kind: "ours" }
  /** Somebody else's things, some of them by name. */
  | { kind: "foreign"; names: string[] }
  | { kind: "unreadable"; reason: string };

/** What hcom, also earlier programs of this name, keeps in its directory. */
const ownNames = new Set([
  ...["hcom.db", "hcom.db-wal", "hcom.db-shm", "hcom.db-journal", "config.toml", "config.env"],
  ...["env", "shell_env.json", ".tmp", "archive", "scripts", "launches", "relay.device"],
]);
/** What people and their systems put beside anything. */
const neutral = new Set([".gitignore", ".gitkeep", ".DS_Store", "README.md"]);

export function dirState(dir: string): DirState {
  let names: string[];
  try {
    names = fs().readdirSync(dir);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return { kind: "missing" };
    if (code === "ENOTDIR") return { kind: "unreadable", reason: "it is a file" };
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
  const said = names.filter((name) => !neutral.has(name));
  const foreign = said.filter((name) => !ownNames.has(name) && !/^(config|hcom\.db)\./.test(name));
  if (foreign.length > 0) return { kind: "foreign", names: foreign.sort() };
  return { kind: said.length === 0 ? "empty" : "ours" };
}
