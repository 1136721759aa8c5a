// Where the text of a message comes from when it is not on the command line.
import { Refusal } from "../core/refusal.ts";
import { fs } from "../sys/fs.ts";

export function readBodyFile(path: string, hint: string): string {
  try {
    return nonEmpty(fs().readFileSync(path, "utf8"), `the file ${path}`, hint);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal({
      code: "unreadable_file",
      message: `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      hint: "give a readable text file",
    });
  }
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
