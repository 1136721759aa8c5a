// The library that `import "hcom"` means: one module that runs on Node and on Bun, and its type
// declarations, a tree like that of src/ with what the library's own declaration leads to.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dir, "..");
const entry = "api/library.d.ts";

export const library = { name: "api.mjs", entry: "src/api/library.ts" } as const;

/** `apart` leaves what needs Bun to the other bundles. */
export function bundleLibrary(apart: Bun.BunPlugin): Promise<Bun.BuildOutput> {
  return Bun.build({
    entrypoints: [join(root, library.entry)],
    root,
    target: "node",
    format: "esm",
    minify: { whitespace: true, syntax: true, identifiers: false },
    naming: library.name.replace(/\.mjs$/, ".[ext]"),
    plugins: [apart, onNode],
  });
}

/**
 * Node has no `Bun`: to the codec it becomes an import of what does the same. And only from 20.16
 * on it hands out its modules when asked.
 */
const onNode: Bun.BunPlugin = {
  name: "on-node",
  setup(build) {
    // Here one module holds all.
    build.onLoad({ filter: /\/src\/acomm\/bytes\/blake3\.ts$/ }, () => ({
      contents: 'export { blake3 } from "@noble/hashes/blake3.js";\n',
      loader: "ts",
    }));
    build.onLoad({ filter: /\/src\/acomm\/.*\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      const from = JSON.stringify(join(root, "src/api/on-node.ts"));
      const isUsed = /\bBun\./.test(text);
      return { contents: isUsed ? `import { Bun } from ${from};\n${text}` : text, loader: "ts" };
    });
    for (const name of ["fs", "zlib"]) {
      build.onLoad({ filter: new RegExp(`/src/(?:sys|acomm/bytes)/${name}\\.ts$`) }, () => ({
        contents: `import * as all from "node:${name}";\nexport const ${name} = () => all;\n`,
        loader: "ts",
      }));
    }
  },
};

/** Returns the path of the library's own declaration in `folder`. */
export function buildTypes(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const all = mkdtempSync(join(folder, ".all-"));
  try {
    emit(all);
    for (const path of leadTo(join(all, "src", entry))) {
      const target = join(folder, relative(join(all, "src"), path));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, declarationOf(path));
    }
  } finally {
    rmSync(all, { recursive: true, force: true });
  }
  return join(folder, entry);
}

/** Types are checked elsewhere. */
function emit(folder: string): void {
  const tsc = [process.execPath, "node_modules/typescript/bin/tsc", "--ignoreConfig", "--noCheck"];
  const language = ["--target", "esnext", "--module", "preserve", "--strict"];
  const imports = ["--moduleResolution", "bundler", "--allowImportingTsExtensions"];
  const output = ["--declaration", "--emitDeclarationOnly", "--rootDir", ".", "--outDir", folder];
  const words = [...tsc, ...language, ...imports, "--types", "bun", ...output];
  const run = Bun.spawnSync([...words, "src/api/library.ts"], { cwd: root });
  if (!run.success) throw new Error(`tsc failed:\n${run.stdout}${run.stderr}`);
}

function leadTo(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, target = ""] of readFileSync(path, "utf8").matchAll(/ from "(\.[^"]+)\.ts"/g)) {
    leadTo(join(dirname(path), `${target}.d.ts`), found);
  }
  return found;
}

/** Not every user's compiler knows `Disposable` by itself. */
function declarationOf(path: string): string {
  const text = readFileSync(path, "utf8").replaceAll(/ from "(\.[^"]+)\.ts"/g, ' from "$1.js"');
  return `/// <reference lib="esnext.disposable" />\n${text}`;
}
