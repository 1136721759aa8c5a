// The library that draws, made fit for a bundle with precompiled code: without what nothing of ours
// asks for (parsers of programming languages), and without waiting while it is loaded, which no
// precompiled module may (Bun 1.4). What it waits for is there at once: Bun's own module for native
// code, and the path of its native part, which we name (`src/sys/drawing/`).
const absent = { contents: 'export default "";', loader: "js" } as const;

export const drawingParts: Bun.BunPlugin = {
  name: "drawing",
  setup(build) {
    const parts = /^@opentui\/core-|^@opentui\/core\/parser|^web-tree-sitter|\.(?:scm|wasm)$/;
    build.onResolve({ filter: parts }, ({ path }) => ({ path, namespace: "absent" }));
    build.onLoad({ filter: /./, namespace: "absent" }, () => absent);
    build.onLoad({ filter: /\/@opentui\/core\/[\w.-]+\.js$/ }, async ({ path }) => ({
      contents: withoutWaiting(await Bun.file(path).text()),
      loader: "js",
    }));
  },
};

/** Each stands where the library's name for it is made; another version may have other ones. */
const waits: readonly (readonly [found: RegExp, instead: string])[] = [
  [/^var (\w+) = await loadBackend2\(\);$/m, 'var $1 = createBunBackend2(require("bun:ffi"));'],
  [/^var bundledTreeSitterWorkerPath = await .*;$/m, 'var bundledTreeSitterWorkerPath = "";'],
  [
    /^ {2}targetLibPath = await resolveNativeLibraryPath\(\);$/m,
    `  const nativePart = getNativeAssetDescriptor(getCurrentNodeAssetTarget());
  targetLibPath = resolveAssetRootPath(nativePart.key) ?? "";`,
  ],
];

function withoutWaiting(text: string): string {
  const waiting = waits.filter(([found]) => found.test(text));
  if (waiting.length > 0 && waiting.length < waits.length) {
    throw new Error("@opentui/core has changed: see scripts/drawing-parts.ts");
  }
  return waiting
    .reduce((done, [found, instead]) => done.replace(found, instead), text)
    .replaceAll("import.meta.url", here)
    .replaceAll("import.meta.resolve", "String");
}

/** Where a bundle stands is nobody's business, and nothing is looked for beside it. */
const here = '"file:///"';
