// Some programs run a hook only after its user trusted that very text. `hooks add` is that consent
// for ours: we ask the program itself for the hashes and store them where it looks.
import { findBinary, versionOf } from "../sys/binary.ts";
import { readText } from "../sys/files.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { compareVersions } from "../tools/version.ts";
import { puttingIn, writeSettings } from "./settings-edit.ts";
import { knownFrom, recordOf } from "./settings-record.ts";
import { askServer } from "./tool-server.ts";
import type { Where } from "./where.ts";

/** Says which files were written. */
export async function storeTrust(
  system: System,
  tool: Tool,
  { configDir, paths }: Where,
): Promise<{ written: string[] }> {
  const { trust, files } = await tool.settings();
  const binary = trust === undefined ? undefined : findBinary(tool.binary, system.env);
  const version = binary === undefined ? undefined : versionOf(binary);
  if (trust === undefined || binary === undefined || version === undefined) return { written: [] };
  if (compareVersions(version, trust.since) < 0) return { written: [] };
  const question = { trust, binary, configDir, directory: system.cwd, args: [] };
  const answers = await askServer(system, tool, question);
  if (answers === undefined) return { written: [] };
  const { trustFile, hooksFile } = trust.files({ configDir });
  const text = readText(trustFile);
  const entries = trust.ours(answers, hooksFile);
  const known = knownFrom(recordOf(paths, trustFile));
  const next = trust.store(text ?? null, entries, hooksFile, known);
  const trusted = Object.fromEntries(entries.map(({ key, hash }) => [key, hash]));
  if (next === (text ?? "")) return { written: [] };
  const file = files({ configDir }).find((one) => one.path === trustFile);
  const bare = text === undefined ? null : (file?.remove(text, known) ?? null);
  writeSettings(paths, [puttingIn(paths, trustFile, text, { bare, next }, trusted)]);
  return { written: [trustFile] };
}
