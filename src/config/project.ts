// Which project a directory belongs to: the repository around it, else the directory itself.
import { fs } from "../sys/fs.ts";

export function projectOf(directory: string): string {
  for (let at = directory; at.length > 1; at = at.slice(0, at.lastIndexOf("/"))) {
    if (fs().existsSync(`${at}/.git`)) return at;
  }
  return directory;
}
