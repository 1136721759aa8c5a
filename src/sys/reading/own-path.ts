// What an agent may look at without its human being asked: its own directory. Of all else it learns
// nothing, not even whether it is there.
import { fs } from "../fs.ts";

export type OwnPath = { kind: "there"; real: string } | { kind: "missing" } | { kind: "outside" };

/** The file itself, behind all links; undefined as `directory`: all of the machine is one's own. */
export function ownPath(path: string, directory: string | undefined): OwnPath {
  const real = realPath(path);
  if (directory === undefined) return real === undefined ? missing : { kind: "there", real };
  const own = realPath(directory);
  if (own === undefined) return outside;
  if (real !== undefined) return isBelow(real, own) ? { kind: "there", real } : outside;
  return isBelow(lastReal(path), own) ? missing : outside;
}

const missing = { kind: "missing" } as const;
const outside = { kind: "outside" } as const;

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Of a path that leads nowhere: how far it leads; nowhere when a link leads on from there. */
function lastReal(path: string): string {
  for (let at = path; at.includes("/"); at = at.slice(0, at.lastIndexOf("/"))) {
    const real = realPath(at);
    if (real !== undefined) return real;
    if (isLink(at)) break;
  }
  return "";
}

function realPath(path: string): string | undefined {
  try {
    return fs().realpathSync(path);
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  try {
    return fs().lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
