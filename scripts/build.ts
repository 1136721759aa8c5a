// Bundles src/main.ts into dist/. The bundle is split: what main.ts imports statically is the entry
// closure that every hook call loads, everything behind `await import()` is a chunk of its own.
// Prints the closure and writes it to dist/meta.json, so that tests and benchmarks can watch it.
// With `--clean` dist/ holds nothing else afterwards; without, chunks of builds of the last hour
// stay, because a program that was started from them may still load them.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { version } from "../src/core/version.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");
const keepMs = 60 * 60 * 1000;

interface Meta {
  version: string;
  /** Static import graph of main.js: what every hook call parses. */
  entry: { bytes: number; files: { name: string; bytes: number }[]; sources: string[] };
  total: { bytes: number; files: number };
}

async function build(isClean: boolean): Promise<void> {
  process.chdir(root);
  const output = await Bun.build({
    entrypoints: ["src/main.ts"],
    root,
    target: "bun",
    format: "esm",
    splitting: true,
    // Names stay: a stack trace in a user's log must be readable without a source map.
    minify: { whitespace: true, syntax: true, identifiers: false },
    naming: { entry: "[name].[ext]", chunk: "[name]-[hash].[ext]", asset: "[name]-[hash].[ext]" },
    loader: { ".md": "text", ".sql": "text" },
    metafile: true,
  });
  if (output.metafile === undefined) throw new Error("the bundler gave no metafile");
  const meta = { ...measure(output.metafile), version };
  await write(output.outputs, meta);
  sweep(new Set(["meta.json", ...Object.keys(output.metafile.outputs).map(nameOf)]), isClean);
  report(meta);
}

function measure(metafile: Bun.BuildMetafile): Omit<Meta, "version"> {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, o]) => [nameOf(path), o]));
  const closure = new Set<string>();
  const visit = (name: string): void => {
    const output = outputs.get(name);
    if (output === undefined || closure.has(name)) return;
    closure.add(name);
    for (const one of output.imports) {
      if (one.kind === "import-statement") visit(nameOf(one.path));
    }
  };
  visit("main.js");
  const files = [...closure].map((name) => ({ name, bytes: outputs.get(name)?.bytes ?? 0 }));
  const sources = [...closure].flatMap((name) => Object.keys(outputs.get(name)?.inputs ?? {}));
  return {
    entry: { bytes: sum(files), files, sources: sources.sort() },
    total: { bytes: sum([...outputs.values()]), files: outputs.size },
  };
}

/** The entry last and by rename: whoever starts the program meanwhile finds all of its chunks. */
async function write(outputs: readonly Bun.BuildArtifact[], meta: Meta): Promise<void> {
  mkdirSync(dist, { recursive: true });
  const isEntry = (one: Bun.BuildArtifact): boolean => one.kind === "entry-point";
  for (const one of outputs.filter((one) => !isEntry(one))) await place(nameOf(one.path), one);
  for (const one of outputs.filter(isEntry)) await place(nameOf(one.path), one);
  await place("meta.json", `${JSON.stringify(meta, null, 2)}\n`);
}

async function place(name: string, content: Bun.BuildArtifact | string): Promise<void> {
  const temporary = join(dist, `.${name}.${process.pid}`);
  await Bun.write(temporary, content);
  renameSync(temporary, join(dist, name));
}

function sweep(current: ReadonlySet<string>, isClean: boolean): void {
  for (const name of readdirSync(dist)) {
    if (current.has(name)) continue;
    const path = join(dist, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (isClean || age > keepMs) rmSync(path, { recursive: true, force: true });
  }
}

function report(meta: Meta): void {
  console.log(
    `hcom ${meta.version}: ${meta.total.files} files, ${kilo(meta.total.bytes)} in dist/`,
  );
  console.log(`entry closure ${kilo(meta.entry.bytes)}, loaded by every hook call:`);
  for (const file of meta.entry.files)
    console.log(`  ${kilo(file.bytes).padStart(9)}  ${file.name}`);
}

function sum(files: readonly { bytes: number }[]): number {
  return files.reduce((total, file) => total + file.bytes, 0);
}

function kilo(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

await build(process.argv.includes("--clean"));
