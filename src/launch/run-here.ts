// Runs a launched agent that needs no terminal of its own as a plain child of this process.
import type { Ready } from "./carry-out.ts";
import type { LaunchPlan } from "./plan.ts";

export async function runPrintMode(plan: LaunchPlan, ready: Ready): Promise<number> {
  const child = Bun.spawn([plan.binary, ...ready.argv], {
    cwd: plan.directory,
    env: ready.env,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return child.exited;
}
