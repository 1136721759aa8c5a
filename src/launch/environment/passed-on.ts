// The owner's file `HCOM_DIR/env`: variables that launched agents get, whatever is around them.
import { pairsIn, parseEnvFile } from "../../config/env-file.ts";
import type { Paths } from "../../config/paths.ts";
import { readText } from "../../sys/files.ts";

/** None of ours. */
export function passedOn(paths: Paths): Record<string, string> {
  const text = readText(paths.env);
  const pairs = text === undefined ? pairsIn(paths.configEnv) : parseEnvFile(text);
  return Object.fromEntries(pairs.filter(([name]) => !name.startsWith("HCOM_")));
}
