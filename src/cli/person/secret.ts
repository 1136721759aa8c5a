// Asks the person at the terminal for something that nobody may read over their shoulder or find in
// the scrollback: what is typed is not shown.
import { exitCode, Refusal } from "../../core/refusal.ts";
import { fs } from "../../sys/fs.ts";

export function askSecret(question: string): string {
  const { stdin } = process;
  // Before it is asked: what is pasted at once would be shown.
  stdin.setRawMode(true);
  try {
    fs().writeSync(2, `${question} (not shown): `);
    return typedLine();
  } finally {
    stdin.setRawMode(false);
    fs().writeSync(2, "\n");
  }
}

/** Byte by byte, so that what is typed ahead stays for the next question. */
function typedLine(): string {
  const typed: number[] = [];
  const byte = Buffer.alloc(1);
  while (fs().readSync(0, byte, 0, 1, null) === 1) {
    const code = byte[0] ?? 0;
    if (code === 0x0d || code === 0x0a || (code === 0x04 && typed.length === 0)) break;
    if (code === 0x03) throw interrupted();
    if (code === 0x7f || code === 0x08) typed.pop();
    else if (code >= 0x20) typed.push(code);
  }
  return Buffer.from(typed).toString("utf8");
}

function interrupted(): Refusal {
  return new Refusal({ code: "interrupted", message: "interrupted", exit: exitCode.interrupted });
}
