// Which version of an agent program stands at a path. Asking it costs a start of a large program,
// so the answer is kept for as long as the file does not change.

import type { Bus } from "../bus/bus.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { getKv, setKv } from "../store/kv.ts";
import { fs } from "../sys/fs.ts";

export function rememberedVersion(
  bus: Bus,
  binary: string,
  ask: () => string | undefined,
): string | undefined {
  const key = `tool_version:${binary}`;
  const stamp = stampOf(binary);
  const known = asObject(parseJson(getKv(bus.db, key) ?? ""));
  if (known["stamp"] === stamp) return asText(known["version"]);
  const version = ask();
  if (version !== undefined) setKv(bus.db, key, JSON.stringify({ stamp, version }));
  return version;
}

function stampOf(path: string): string {
  const { size, mtimeMs, ino } = fs().statSync(path);
  return `${size}:${mtimeMs}:${ino}`;
}
