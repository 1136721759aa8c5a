// Where the text of a message comes from when it is not on the command line.
import { maxMessageBytes } from "../core/mail/inbox.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { fs } from "../sys/fs.ts";
import { ownPath } from "../sys/reading/own-path.ts";
import { notUtf8, textOf } from "./utf8.ts";

/**
 * `within`: an agent sends without being asked first, so what it sends stands in the directory that
 * it works in. Devices and pipes have no end.
 */
export function readBodyFile(path: string, hint: string, within?: string): string {
  const full = path.startsWith("/") || within === undefined ? path : `${within}/${path}`;
  const found = ownPath(full, within);
  if (found.kind === "outside") {
    throw unreadable(path, `it is not below ${within}`, "say what it says after --");
  }
  try {
    const real = found.kind === "there" ? found.real : fs().realpathSync(path);
    const { size } = regular(real, path);
    if (size > maxMessageBytes)
      throw unreadable(path, `it has ${size} bytes, ${limit}`, "send the path instead");
    return bodyOf(fs().readFileSync(real), `the file ${path}`, hint);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw unreadable(path, "there is no such file", readable);
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(path, reason, readable);
  }
}

const readable = "give a readable text file";
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
  return bodyOf(fs().readFileSync(0), "standard input", hint);
}

function bodyOf(bytes: Uint8Array, where: string, hint: string): string {
  const text = textOf(bytes);
  if (text === undefined) throw notUtf8(where);
  if (text.trim() !== "") return text;
  throw new Refusal({
    code: "empty_message",
    exit: exitCode.usage,
    message: `there is no message: ${where} is empty`,
    hint,
  });
}
