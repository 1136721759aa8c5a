// Codex's sandbox is its owner's business: mode, network, roots and permission profile stay as they
// are. Where that mode writes at all, our directory is added, because an agent's `hcom` must write
// its database whether it stands alone, in a pipe or behind `cd`.
import { asObject, asText, asTexts, isObject, type JsonObject } from "../../../core/json.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { RunOptions } from "../../tool.ts";
import { isSince } from "../../version.ts";
import { tomlString } from "../toml-string.ts";
import { parseToml } from "../toml-text.ts";
import { configIn } from "./answers.ts";
import { flagValue, hasFlag } from "./config-flags.ts";

export interface SandboxFlags {
  flags: string[];
  notes: string[];
}

const noSandbox = ["--dangerously-bypass-approvals-and-sandbox", "--yolo"];
const workspaceFlags = ["--full-auto", "--approve-for-me"];

export function sandboxFlags(run: RunOptions): SandboxFlags {
  const chosen = chosenMode(run);
  const config = settingsInEffect(run);
  const { mode } = chosen;
  if (mode === "danger-full-access") return { flags: chosen.flags, notes: [] };
  if (mode === undefined && config.profile !== undefined) {
    const widened = profileFlags(config.profile, config.permissions, run.hcomDir);
    if (widened === undefined) return readOnly(`permission profile "${config.profile}"`);
    return { flags: widened, notes: [] };
  }
  const effective = mode ?? config.mode;
  if (effective === "read-only") return readOnly("sandbox_mode");
  if (effective === "danger-full-access") return { flags: [], notes: [] };
  const roots = [...new Set([...config.roots, run.hcomDir])].map(tomlString).join(", ");
  const flags = ["-c", `sandbox_workspace_write.writable_roots=[${roots}]`];
  return { flags: [...chosen.flags, ...flags], notes: [] };
}

function readOnly(reason: string): SandboxFlags {
  const where = `Codex's sandbox is read-only here (${reason})`;
  const note = `${where}: this agent gets mail, but sends only what you approve`;
  return { flags: [], notes: [note] };
}

/** The mode that the arguments or hcom's own setting ask for, and the flags for the latter. */
function chosenMode({ args, sandboxMode, version }: RunOptions): {
  mode?: string;
  flags: string[];
} {
  if (hasFlag(args, noSandbox)) return { mode: "danger-full-access", flags: [] };
  const given = flagValue(args, ["--sandbox", "-s"]);
  if (given !== undefined) return { mode: given, flags: [] };
  if (hasFlag(args, workspaceFlags)) return { mode: "workspace-write", flags: [] };
  const workspace = ["--sandbox", "workspace-write"];
  const network = ["-c", "sandbox_workspace_write.network_access=true"];
  switch (sandboxMode) {
    case "danger-full-access":
      return { mode: sandboxMode, flags: ["--dangerously-bypass-approvals-and-sandbox"] };
    case "workspace":
      return { mode: "workspace-write", flags: [...workspace, ...network] };
    case "untrusted": {
      // Codex 0.145.0 knows `untrusted`, 0.169.0 refuses to start with it.
      const policy = isSince(version, "0.169.0", true) ? "on-request" : "untrusted";
      return { mode: "workspace-write", flags: [...workspace, ...network, "-a", policy] };
    }
    default:
      return { flags: [] };
  }
}

interface InEffect {
  mode: string | undefined;
  profile: string | undefined;
  permissions: JsonObject;
  roots: string[];
}

/** From Codex itself; `-p` alone is unknown to its server, so that file is read beside. */
function settingsInEffect(run: RunOptions): InEffect {
  const said = configIn(run.answers) ?? fromFile(run, "config.toml");
  const name = flagValue(run.args, ["--profile", "-p"]);
  const profile = name === undefined ? {} : fromFile(run, `${name}.config.toml`);
  const config = { ...said, ...profile };
  const workspace = asObject(config["sandbox_workspace_write"]);
  return {
    mode: asText(config["sandbox_mode"]),
    profile: asText(config["default_permissions"]),
    permissions: asObject(config["permissions"]),
    roots: asTexts(workspace["writable_roots"]),
  };
}

/** The few settings that count here, out of a file as it stands. */
function fromFile(run: RunOptions, file: string): JsonObject {
  const path = `${run.configDir}/${file}`;
  const found: JsonObject = {};
  try {
    for (const { path: key, value } of parseToml(path, run.readFile(path) ?? "").keys) {
      const [first = "", second = "", ...more] = key;
      if (more.length > 0) continue;
      if (second === "") found[first] = value;
      else found[first] = { ...asObject(found[first]), [second]: value };
    }
  } catch (error) {
    // Codex refuses it as well, and says so.
    if (!(error instanceof Refusal)) throw error;
  }
  return found;
}

/** Undefined for a profile that writes nothing. */
function profileFlags(
  name: string,
  permissions: JsonObject,
  directory: string,
): string[] | undefined {
  const files = `filesystem={${tomlString(directory)}="write"}`;
  if (name === ":danger-full-access") return [];
  if (name === ":workspace") {
    // A built-in one cannot be added to (Codex 0.171.0).
    const ours = `permissions={hcom={extends=":workspace",${files}}}`;
    return ["-c", ours, "-c", 'default_permissions="hcom"'];
  }
  if (!writesSomething(name, permissions)) return undefined;
  return ["-c", `permissions={${tomlString(name)}={${files}}}`];
}

function writesSomething(name: string, permissions: JsonObject, depth = 0): boolean {
  if (name === ":workspace") return true;
  const profile = asObject(permissions[name]);
  const parent = asText(profile["extends"]);
  if (hasWrite(profile["filesystem"])) return true;
  return parent !== undefined && depth < 10 && writesSomething(parent, permissions, depth + 1);
}

function hasWrite(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).some(hasWrite);
  return value === "write";
}
