// Where the text of a message comes from when it is not on the command line.
import { maxMessageBytes } from "../core/mail/inbox.ts";
import { Refusal } from "../core/refusal.ts";
import { fs } from "../sys/fs.ts";

/**
 * `within`: an agent sends without being asked first, so what it sends stands in the directory that
 * it works in. Devices and pipes have no end.
 */
export function readBodyFile(path: string, hint: string, within?: string): string {
  try {
    const real = fs().realpathSync(path);
    const { size } = regular(real, path);
    if (size > maxMessageBytes)
      throw unreadable(path, `it has ${size} bytes, ${limit}`, "send the path instead");
    if (within !== undefined && !real.startsWith(`${fs().realpathSync(within)}/`)) {
      throw unreadable(path, `it is not below ${within}`, "say what it says after --");
    }
    return nonEmpty(fs().readFileSync(real, "utf8"), `the file ${path}`, hint);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(path, reason, "give a readable text file");
  }
}

const limit = `the limit is ${maxMessageBytes}`;

function regular(real: string, path: string): { size: number } {
  const stat = fs().statSync(real);
  if (stat.isFile()) return stat;
  throw unreadable(path, "it is no regular file", "pipe it: hcom send @name --stdin");
}

function unreadable(path: string, reason: string, hint: string): Refusal {
  return new Refusal({
    code: "unreadable_file",
    message: `cannot read ${path}: ${reason}`,
    hint,
  });
}

export function readBodyInput(hint: string): string {
  return nonEmpty(fs().readFileSync(0, "utf8"), "standard input", hint);
}

function nonEmpty(text: string, where: string, hint: string): string {
  if (text.trim() !== "") return text;
  throw new Refusal({
    code: "empty_message",
    message: `there is no message: ${where} is empty`,
    hint,
  });
}
