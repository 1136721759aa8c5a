// Where an agent program finds our module: a folder for each version of the two, because the
// program writes into it, and a change of a file would reload the module of running sessions.
import { ensurePrivateDir, fileExists, folderOf, writeAtomic } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import type { ModPlug } from "../../tools/tool.ts";

export async function modFolder(base: string, plug: ModPlug, version: string): Promise<string> {
  const files = await plug.files();
  const sum = new Bun.CryptoHasher("sha256").update(JSON.stringify(files)).digest("hex");
  const folder = `${base}/${version.replace(/[^\w.-]/g, "")}-${sum.slice(0, 12)}`;
  if (isWhole(folder, files)) return folder;
  // Two launches may do it at once: each makes its own, and the first is taken.
  const draft = `${folder}.${process.pid}`;
  for (const [path, text] of Object.entries(files)) {
    ensurePrivateDir(folderOf(`${draft}/${path}`));
    writeAtomic(`${draft}/${path}`, text);
  }
  try {
    fs().renameSync(draft, folder);
  } catch (error) {
    fs().rmSync(draft, { recursive: true, force: true });
    if (!isWhole(folder, files)) throw error;
  }
  return folder;
}

function isWhole(folder: string, files: Readonly<Record<string, string>>): boolean {
  return Object.keys(files).every((path) => fileExists(`${folder}/${path}`));
}
