// Opens one agent in a terminal, and waits until its script runs there: a terminal that cannot open
// says so at once, and one that lives as long as its window is not waited for.
import type { Bus } from "../../bus/bus.ts";
import { fileExists, readText, removeFile, writeAtomic } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import { appPath, isInstalled } from "./choose.ts";
import { type Around, fill, type Places, type Preset } from "./preset.ts";
import { type ScriptOrder, writeScript } from "./script.ts";

export interface OpenOrder extends Omit<ScriptOrder, "preset" | "spent"> {
  preset: Preset;
  isAsked: boolean;
  opened: readonly string[];
  places: Places;
  /** For the terminal itself. */
  inherited: Readonly<Record<string, string>>;
}

/** The pane's name in its terminal; empty where that tells none. */
export async function openTerminal(bus: Bus, order: OpenOrder): Promise<string> {
  const { preset } = order;
  const file = fileFor(bus, order);
  const script = writeScript({ ...order, spent: file === undefined ? [] : [file] });
  const places = { ...order.places, script };
  const said = await run(bus, order, openWords(bus, order, script, places), script);
  const pane = preset.printed?.exec(said.trim())?.[1] ?? "";
  if (preset.run !== undefined) await runIn(bus, order, { ...places, pane_id: pane });
  return pane;
}

/** The pane is open and empty; it does not stay when nothing can run in it. */
async function runIn(bus: Bus, order: OpenOrder, places: Places): Promise<void> {
  const { preset } = order;
  try {
    await run(bus, order, fill(preset.run ?? [], places) ?? [], places["script"] ?? "");
  } catch (error) {
    const close = fill(preset.close ?? [], places);
    if (close !== undefined) Bun.spawnSync(close, { env: envFor(bus, order), timeout: 5000 });
    throw error;
  }
}

function openWords(bus: Bus, order: OpenOrder, script: string, places: Places): string[] {
  const { preset } = order;
  if (typeof preset.open === "function") return preset.open(script, aroundOf(bus, order));
  const words = fill(preset.open, places) ?? [];
  const { env } = bus.system;
  // A macOS application whose program is not on PATH.
  const isBare = preset.app === undefined || isInstalled({ ...preset, app: "" }, { env, ...here });
  return isBare ? words : ["open", "-na", appPath(preset.app ?? ""), "--args", ...words.slice(1)];
}

const here = { platform: "", own: [] };

function aroundOf(bus: Bus, order: OpenOrder): Around {
  const [id = ""] = order.preset.inside;
  return {
    pane: bus.system.env[id],
    opened: order.opened,
    isAsked: order.isAsked,
    ask: (words) => {
      const asked = Bun.spawnSync([...words], { env: envFor(bus, order), stdin: "ignore" });
      return asked.exitCode === 0 ? asked.stdout.toString() : "";
    },
  };
}

function fileFor(bus: Bus, { preset, places, base }: OpenOrder): string | undefined {
  if (preset.file === undefined) return undefined;
  const path = `${bus.system.home}/${fill([preset.file.path], places)?.[0] ?? ""}`;
  const [text = ""] = fill([preset.file.text], { ...places, script: `${base}.sh` }) ?? [];
  writeAtomic(path, text, 0o600);
  return path;
}

const patienceMs = 10_000;
/** For a name on its output, where it may yet come. */
const afterwardsMs = 500;

// Into a file, because a pipe would break for a terminal that outlives us.
async function run(
  bus: Bus,
  order: OpenOrder,
  words: readonly string[],
  script: string,
): Promise<string> {
  const said = `${order.base}.said`;
  const log = fs().openSync(said, "w", 0o600);
  try {
    const child = Bun.spawn([...words], {
      cwd: order.directory,
      env: envFor(bus, order),
      stdin: "ignore",
      stdout: log,
      stderr: log,
      detached: true,
    });
    child.unref();
    await untilOpen(bus, order.preset, child, script);
    const text = readText(said) ?? "";
    if (child.exitCode === null || child.exitCode === 0) return text;
    throw new Error(`${order.preset.name} failed: ${text.trim() || child.exitCode}`);
  } finally {
    fs().closeSync(log);
    removeFile(said);
  }
}

async function untilOpen(
  { system }: Bus,
  preset: Preset,
  child: Bun.Subprocess,
  script: string,
): Promise<void> {
  let until = system.monotonic() + patienceMs;
  let isRunning = false;
  while (child.exitCode === null && child.signalCode === null && system.monotonic() < until) {
    if (!isRunning && !fileExists(script)) {
      if (preset.stays) return;
      isRunning = true;
      until = Math.min(until, system.monotonic() + afterwardsMs);
    }
    await Bun.sleep(10);
  }
}

/** A server that this starts must not take a caller's identity for everybody's. */
function envFor({ system }: Bus, { preset, inherited }: OpenOrder): Record<string, string> {
  const around = preset.inside.flatMap((name) => {
    const value = system.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...inherited, ...Object.fromEntries(around) };
}
