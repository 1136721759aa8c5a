// Finds the vendor CLIs that `scripts/vendor-clis.ts` installed. Never installs anything itself.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type VendorTool, type VendorVersion, vendorPackages } from "./vendor-versions.ts";

/** The program, or null when that version is not installed. */
export function findVendor(tool: VendorTool, version: VendorVersion): string | null {
  const modules = join(vendorDir(tool, version), "node_modules");
  if (!existsSync(modules)) return null;
  const [path] = new Bun.Glob(vendorPackages[tool].binary).scanSync({ cwd: modules });
  return path === undefined ? null : join(modules, path);
}

/** One folder per package and version, outside the clone: the binaries take 250-400 MB each. */
export function vendorDir(tool: VendorTool, version: VendorVersion): string {
  const { name, versions } = vendorPackages[tool];
  return join(cacheDir(), `${name.replace("@", "").replace("/", "-")}@${versions[version]}`);
}

function cacheDir(): string {
  const { HCOM_E2E_CACHE, XDG_CACHE_HOME } = process.env;
  if (HCOM_E2E_CACHE) return HCOM_E2E_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "hcom-e2e");
}
