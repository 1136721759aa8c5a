// The programs that the process tests start.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** hcom as users start it. */
export const launcher = join(import.meta.dir, "../../bin/hcom");

export const senderProgram = fileURLToPath(import.meta.resolve("./sender.ts"));
