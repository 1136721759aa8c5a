// Files as this program uses them: private directories, atomic replacement, reading what may be
// missing. Nothing here knows what is in a file.
import { fs } from "./fs.ts";

/** The text, or undefined when there is no such file. Other failures throw. */
export function readText(path: string): string | undefined {
  try {
    return fs().readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function ensurePrivateDir(path: string): void {
  fs().mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file so that every reader sees the old or the new content, never a torn one.
 * The mode of an existing file is kept; a new one gets `mode`.
 */
export function writeAtomic(path: string, content: string, mode = 0o600): void {
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = linkTarget(path);
  const temporary = `${target}.hcom-${process.pid}-${Date.now().toString(36)}`;
  const file = fs().openSync(temporary, "wx", existingMode(target) ?? mode);
  try {
    const bytes = Buffer.from(content, "utf8");
    for (let done = 0; done < bytes.length; ) done += fs().writeSync(file, bytes, done);
    fs().fsyncSync(file);
  } finally {
    fs().closeSync(file);
  }
  try {
    fs().renameSync(temporary, target);
  } catch (error) {
    fs().rmSync(temporary, { force: true });
    throw error;
  }
}

export function removeFile(path: string): void {
  fs().rmSync(path, { force: true });
}

export function fileExists(path: string): boolean {
  try {
    fs().statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

// A settings file that is a symbolic link (dotfiles in a repository) stays one: the file behind
// it is replaced.
function linkTarget(path: string): string {
  try {
    return fs().realpathSync(path);
  } catch {
    return path;
  }
}

function existingMode(path: string): number | undefined {
  try {
    return fs().statSync(path).mode & 0o777;
  } catch {
    return undefined;
  }
}
