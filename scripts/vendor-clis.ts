// Installs the vendor CLIs of the end-to-end tests with npm, outside the clone, and prints where
// they are as JSON. Running it again installs nothing that is there and works.
import { mkdirSync } from "node:fs";
import { findVendor, vendorDir } from "../tests/kit/vendor.ts";
import {
  type VendorTool,
  type VendorVersion,
  vendorPackages,
  vendorTools,
} from "../tests/kit/vendor-versions.ts";

function vendorClis(): Record<string, string> {
  const paths: Record<string, string> = {};
  for (const tool of vendorTools) {
    for (const version of ["newest", "pin"] as const) {
      const number = vendorPackages[tool].versions[version];
      if (number !== undefined) paths[`${tool}@${number}`] = ensure(tool, version);
    }
  }
  return paths;
}

function ensure(tool: VendorTool, version: VendorVersion): string {
  const present = findVendor(tool, version);
  if (present !== null && answersVersion(present, tool, version)) return present;
  install(tool, version);
  const path = findVendor(tool, version);
  if (path === null) throw new Error(`npm installed no ${tool} binary for this platform`);
  if (!answersVersion(path, tool, version)) throw new Error(`${path} --version does not work`);
  return path;
}

/** Without install scripts: they would only link the native binary, which we call directly. */
function install(tool: VendorTool, version: VendorVersion): void {
  const { name, versions } = vendorPackages[tool];
  const dir = vendorDir(tool, version);
  mkdirSync(dir, { recursive: true });
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = Bun.spawnSync(
    ["npm", "install", ...quiet, "--prefix", dir, `${name}@${versions[version]}`],
    { stdout: "inherit", stderr: "inherit" },
  );
  if (!npm.success) throw new Error(`npm install ${name}@${versions[version]} failed`);
}

function answersVersion(path: string, tool: VendorTool, version: VendorVersion): boolean {
  const { stdout } = Bun.spawnSync([path, "--version"], { stderr: "ignore", timeout: 20_000 });
  return stdout.toString().includes(vendorPackages[tool].versions[version] ?? "");
}

if (import.meta.main) console.log(JSON.stringify(vendorClis(), null, 2));
