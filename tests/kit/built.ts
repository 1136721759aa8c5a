// The programs as they are shipped, for tests that start one many times: from the bundle, which
// starts five times as fast as the source; from the source where nothing was built.
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

/** Arguments of Bun that start one of the programs. */
export function program(bundle: string, source: string): readonly string[] {
  const built = join(root, "dist", bundle);
  const flags = ["--no-env-file", "--config=/dev/null", "--no-install"];
  return [...flags, existsSync(built) ? built : join(root, "src", source)];
}
