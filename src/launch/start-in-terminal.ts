// Starts an agent in a terminal of its own, or writes down what starts it anywhere.
import { addToLaunchContext } from "../bus/agents/launch-context.ts";
import type { Bus } from "../bus/bus.ts";
import { fullName } from "../core/names/address.ts";
import { notInherited } from "./environment/not-inherited.ts";
import type { LaunchPlan } from "./plan.ts";
import { type Ready, wrapperWords } from "./ready.ts";
import { openTerminal } from "./terminals/open.ts";
import type { Preset } from "./terminals/preset.ts";
import { removeScript, scriptText } from "./terminals/script.ts";

interface InTerminal {
  /** For the terminal itself. */
  inherited: Readonly<Record<string, string>>;
  preset: Preset;
  isAsked: boolean;
  opened: readonly string[];
}

/** The pane's name in its terminal. */
export async function startInTerminal(
  bus: Bus,
  plan: LaunchPlan,
  ready: Ready,
  { inherited, preset, isAsked, opened }: InTerminal,
): Promise<string> {
  const order = scriptOrder(bus, plan, ready);
  const places = {
    process_id: ready.processId,
    cwd: plan.directory,
    instance_name: ready.name,
    tool: plan.tool.name,
    pane_title: fullName({ name: ready.name, tag: plan.tag === "" ? null : plan.tag }),
  };
  try {
    const pane = await openTerminal(bus, { ...order, preset, isAsked, opened, places, inherited });
    addToLaunchContext(bus, ready.name, {
      terminal_preset_effective: preset.name,
      ...(pane === "" ? {} : { terminal_id: pane }),
      ...(preset.close === undefined ? {} : { close_pane: [...preset.close] }),
    });
    return pane;
  } catch (error) {
    removeScript(order.base);
    throw error;
  }
}

export function printedScript(bus: Bus, plan: LaunchPlan, ready: Ready): string {
  return scriptText({ ...scriptOrder(bus, plan, ready), preset: undefined, spent: [] });
}

function scriptOrder(bus: Bus, plan: LaunchPlan, ready: Ready) {
  return {
    base: `${bus.paths.launchScripts}/${ready.processId}`,
    directory: plan.directory,
    env: ready.env,
    // The terminal's server may have been started inside an agent or another terminal.
    foreign: notInherited(plan.tool, false),
    words: wrapperWords(plan, ready),
  };
}
