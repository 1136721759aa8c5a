// What every hook call has to load: the bundle's entry closure and the plug of the agent program
// whose hook it is, in files and bytes, and how long loading takes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hookCommand } from "../src/tools/hook-command.ts";
import type { Lab } from "./lab.ts";
import { type Measurement, measurementOf } from "./measure.ts";
import { timeProcesses } from "./processes.ts";

interface Meta {
  entry: { files: { name: string; bytes: number }[] };
}

export function imports(lab: Lab): Measurement[] {
  const meta: Meta = JSON.parse(readFileSync(join(lab.dist, "meta.json"), "utf8"));
  const entry = meta.entry.files.map((file) => file.name);
  const plug = plugOf(lab, entry);
  const more = plug === undefined ? [] : closureOf(lab, plug).filter((one) => !entry.includes(one));
  return [
    ...sizes(lab, "entry closure", entry),
    ...sizes(lab, "with the plug of claude", [...entry, ...more]),
    ...loading(lab),
  ];
}

function sizes(lab: Lab, name: string, files: readonly string[]): Measurement[] {
  const bytes = files.reduce((sum, file) => sum + textOf(lab, file).length, 0);
  return [
    measurementOf({ name: `hook path: ${name}`, unit: "files" }, [files.length]),
    measurementOf({ name: `hook path: ${name}`, unit: "KB" }, [bytes / 1024]),
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

/** meta.json does not name it: the file that the registry imports for this program. */
function plugOf(lab: Lab, entry: readonly string[]): string | undefined {
  const pattern = /import\("\.\/([^"]+)"\)\)\.claude\b/;
  return entry.flatMap((file) => pattern.exec(textOf(lab, file))?.[1] ?? [])[0];
}

function closureOf(lab: Lab, start: string): string[] {
  const closure = [start];
  const transpiler = new Bun.Transpiler({ loader: "js" });
  for (const file of closure) {
    for (const { kind, path } of transpiler.scanImports(textOf(lab, file))) {
      const name = path.replace(/^\.\//, "");
      const isOurs = kind === "import-statement" && path.startsWith("./");
      if (isOurs && !closure.includes(name)) closure.push(name);
    }
  }
  return closure;
}

function textOf(lab: Lab, file: string): string {
  return readFileSync(join(lab.dist, file), "latin1");
}
