// What every hook call has to load, in files and bytes, and how long loading takes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hookCommand } from "../src/tools/hook-command.ts";
import type { Lab } from "./lab.ts";
import { type Measurement, measurementOf } from "./measure.ts";
import { timeProcesses } from "./processes.ts";

interface Meta {
  sources: Record<string, string[]>;
  files: Record<string, number>;
}

export function imports(lab: Lab): Measurement[] {
  const meta: Meta = JSON.parse(readFileSync(join(lab.dist, "meta.json"), "utf8"));
  const code = meta.files["main.js.jsc"] ?? 0;
  return [
    measurementOf({ name: "hook path: sources", unit: "files" }, [
      meta.sources["main.js"]?.length ?? 0,
    ]),
    measurementOf({ name: "hook path: bundle", unit: "KB" }, [(meta.files["main.js"] ?? 0) / 1024]),
    measurementOf({ name: "hook path: precompiled", unit: "KB" }, [code / 1024]),
    ...loading(lab),
  ];
}

/** A notification that means nothing to us: everything is loaded, the log is not even opened. */
function loading(lab: Lab): Measurement[] {
  const { env } = lab.room("imports");
  const stdin = join(lab.folder, "notification.json");
  writeFileSync(stdin, JSON.stringify({ session_id: "x", message: "nothing" }));
  const argv = ["/bin/sh", "-c", hookCommand(lab.program, "notify")];
  return timeProcesses(
    [
      { name: "Bun, empty program", unit: "ms", argv: lab.emptyProgram, env },
      {
        name: "sh, then Bun with an empty program",
        unit: "ms",
        argv: ["/bin/sh", "-c", `exec ${lab.emptyProgram.join(" ")}`],
        env,
      },
      { name: "hook that only loads", unit: "ms", argv, env, stdin },
    ],
    lab.isSmoke ? 10 : 100,
  );
}
