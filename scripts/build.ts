// Bundles src/ into dist/, as few files as starts are fast with, each with precompiled code
// beside it (.jsc; Bun takes it when its version fits and compiles by itself otherwise):
//   main.js             what every hook call loads
//   settle.js, bootstrap.js, subagent.js, wait.js   what few hook calls need besides
//   own-mail.js         whether mail waits behind the command of an agent without hooks
//   hand-own-mail.js    handing it over
//   broken-settings.js  what is said when a settings file is not valid
//   taken-over.js       what is said when a directory of another hcom was taken over
//   prepare.js          what an open needs of a database that is not simply there: its making
//   watch.js            telling of events, where somebody asked for them
//   hcom.js             what the launcher starts: the way to each command, and no command
//   command-NAME.js     one command
//   all.js              all commands, for help and completion
//   dispatch.js, hook.js   the way to the commands for main.js, the hooks for hcom.js
//   wrapper.js          the wrapper around an agent's terminal, with its screen model
//   document.js         channels in a file, with their codec
//   blake3.js           the checksum of documents in later envelopes
//   bus-store.js        channels in the log's database, for who may need either
//   everywhere.js       events of all archives
//   search.js           looks through transcripts, on a thread of its own
//   usage.js            what a conversation took
//   make-bundle.js      the bundle that goes with a message
//   exchange.js         whole stores between files and other stores
//   rpc.js              channels for programs in other languages
//   help.js             help texts
//   script.js           what a script of `hcom run` gets before it runs
//   api.mjs, live.js    the library, for Node and Bun; what of it needs Bun
//   start-agents.js     what launch, resume and fork have in common
//   library-launch.js   starting agents, for programs that use the library
//   mod-claude.js       the module that runs inside Claude Code
//   edit.js             the editor of our own settings, with its parser
//   dashboard.js        the dashboard on a terminal, with the library that draws
//   dashboard-once.js   one frame of the dashboard
//   list-*.js, events-sub.js, make-bundle.js   what `list`, `events`, `send` seldom show or do
//   remote-order.js     which words are meant for another device
//   fetch-history.js    older posts of a shared channel from another device
//   relay-beside.js     what of a group other commands show
//   relay-status.js     how the group is, with the packages that seal
//   relay.js            what talks to the broker of a group, with the packages it needs
//   mcp.js              the MCP server, with the protocol's package
//   tool-TOOL.js        one tool, where it is not held anyway
//   settings-TOOL.js    the editor of one tool's settings files, with its parsers
//   mcp-settings-TOOL.js   the same for the file with its MCP servers
//   transcript-entries-TOOL.js   the reader of one tool's transcripts
//   types/, man/        declarations of the library, and the manual
// Prints their sizes and writes dist/meta.json, so that tests and benchmarks can watch them. With
// `--clean` dist/ holds nothing else afterwards; with `--quiet` no size is printed.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { version } from "../src/core/version.ts";
import { buildTypes, bundleLibrary, library } from "./build-library.ts";
import { drawingParts } from "./drawing-parts.ts";
import { writeManPages } from "./man-pages.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");

interface Bundle {
  name: string;
  entry: string;
  /** Bundles that are not apart from this one. */
  holds?: readonly string[];
  /** It holds the library that draws. */
  draws?: true;
}

interface Meta {
  version: string;
  /** What bundles are made of, that are loaded all the time. */
  sources: Record<string, string[]>;
  files: Record<string, number>;
}

/** Parts of tools that no hook needs. Not every folder is a whole tool. */
const toolParts = ["settings", "mcp-settings", "transcript-entries"] as const;
const ofTools: readonly Bundle[] = toolParts.flatMap((kind) => {
  const found = new Bun.Glob(`*/${kind}.ts`).scanSync({ cwd: join(root, "src/tools") });
  return [...found].sort().map((path) => ({
    name: `${kind}-${dirname(path)}.js`,
    entry: `src/tools/${path}`,
  }));
});

/** Whole tools: everybody holds them but the launcher's bundle, which only knows their names. */
const wholeTools: readonly Bundle[] = [
  ...new Bun.Glob("*/tool.ts").scanSync({ cwd: join(root, "src/tools") }),
]
  .sort()
  .map((path) => ({ name: `tool-${dirname(path)}.js`, entry: `src/tools/${path}` }));

/** What a command needs at once, where only few hooks do. */
const usual = ["bootstrap.js", "wake-alone.js", "bus-store.js"] as const;
/** Those of the command table, wherever in src/commands they stand. */
const commands: readonly Bundle[] = readFileSync(join(root, "src/commands/index.ts"), "utf8")
  .split("\n")
  .flatMap((line) => /import\("\.\/([\w/-]+\.ts)"\)/.exec(line)?.[1] ?? [])
  .map((path) => ({
    name: `command-${basename(path, ".ts")}.js`,
    entry: `src/commands/${path}`,
    holds: usual,
  }));

const parts: readonly Bundle[] = [
  ...ofTools,
  ...commands,
  { name: "bootstrap.js", entry: "src/bus/agents/bootstrap.ts" },
  { name: "settle.js", entry: "src/bus/life/binding/settle.ts" },
  { name: "wake-alone.js", entry: "src/bus/mail/waking/wake-alone.ts" },
  { name: "own-mail.js", entry: "src/cli/agent/own-mail.ts" },
  { name: "hand-own-mail.js", entry: "src/cli/agent/hand-own-mail.ts" },
  { name: "broken-settings.js", entry: "src/cli/person/broken-settings.ts" },
  { name: "taken-over.js", entry: "src/cli/person/taken-over.ts" },
  { name: "watch.js", entry: "src/bus/mail/waking/catch-up.ts" },
  { name: "subagent.js", entry: "src/hooks/subagent.ts" },
  { name: "safe-to-run.js", entry: "src/hooks/safe-to-run.ts" },
  { name: "wrapper.js", entry: "src/delivery/wrapper.ts" },
  { name: "mod-claude.js", entry: "src/tools/claude/mod/files.ts" },
  { name: "edit.js", entry: "src/config/edit.ts" },
  { name: "dashboard.js", entry: "src/tui/live.ts", holds: usual, draws: true },
  { name: "dashboard-once.js", entry: "src/tui/once.ts", holds: usual },
  { name: "list-orphans.js", entry: "src/commands/list/orphans.ts", holds: usual },
  { name: "list-stopped.js", entry: "src/commands/list/stopped.ts", holds: usual },
  { name: "events-sub.js", entry: "src/commands/events/sub.ts", holds: usual },
  { name: "list-usage.js", entry: "src/commands/list/usage.ts", holds: usual },
  { name: "events-remote.js", entry: "src/commands/events/remote.ts", holds: usual },
  { name: "make-bundle.js", entry: "src/bus/bundles/make.ts" },
  { name: "relay-beside.js", entry: "src/relay/beside.ts" },
  { name: "fetch-history.js", entry: "src/relay/fetch-history.ts", holds: usual },
  { name: "relay-status.js", entry: "src/relay/status.ts" },
  { name: "relay.js", entry: "src/relay/worker/worker.ts", holds: ["edit.js"] },
  { name: "mcp.js", entry: "src/mcp/serve.ts" },
  { name: "document.js", entry: "src/bus/channels/document.ts" },
  { name: "blake3.js", entry: "src/acomm/bytes/blake3-library.ts" },
  {
    name: "bus-store.js",
    entry: "src/bus/channels/open-bus-store.ts",
    holds: ["wake-alone.js"],
  },
  { name: "everywhere.js", entry: "src/commands/events/everywhere.ts" },
  { name: "search.js", entry: "src/main-search.ts" },
  { name: "exchange.js", entry: "src/bus/channels/document-exchange.ts" },
  { name: "rpc.js", entry: "src/api/rpc.ts" },
  { name: "live.js", entry: "src/api/live.ts" },
  { name: "start-agents.js", entry: "src/commands/launch/start-agents.ts" },
  { name: "library-launch.js", entry: "src/api/served/launch.ts" },
  { name: "remote-order.js", entry: "src/core/relay/remote-order.ts" },
  { name: "prepare.js", entry: "src/store/open/prepare.ts" },
  { name: "hook.js", entry: "src/hooks/run.ts" },
  {
    name: "all.js",
    entry: "src/commands/registry/all.ts",
    holds: [...usual, ...commands.map((one) => one.name)],
  },
  { name: "help.js", entry: "src/cli/help.ts" },
  { name: "dispatch.js", entry: "src/commands/registry/dispatch.ts" },
  { name: "script.js", entry: "src/main-script.ts" },
  { name: "acomm.js", entry: "src/main-acomm.ts" },
  { name: "agentic-comm-mcp.js", entry: "src/main-mcp.ts" },
  // Last: whoever starts the program meanwhile finds the others.
  { name: "hcom.js", entry: "src/main-hcom.ts", holds: ["dispatch.js"] },
  { name: "main.js", entry: "src/main.ts", holds: ["hook.js"] },
];

/** Whole tools are held by who is sure to ask for some; all others mostly need their names. */
const askTools: ReadonlySet<string> = new Set([
  ...["main.js", "hook.js", "wrapper.js", "start-agents.js", "library-launch.js"],
  "command-status.js",
]);

const bundles: readonly Bundle[] = [
  ...wholeTools,
  ...parts.map((one) => ({
    ...one,
    holds: [
      ...(one.holds ?? []),
      ...(askTools.has(one.name) ? wholeTools.map(({ name }) => name) : []),
    ],
  })),
];

/** An import of another bundle's entry becomes an import of that bundle. */
const apartFrom = (self: Bundle): Bun.BunPlugin => ({
  name: "apart",
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, (found) => {
      if (found.importer === "" || found.kind === "entry-point-build") return undefined;
      const bundle = otherBundle(self, found.importer, found.path);
      return bundle && { path: `./${bundle.name}`, external: true };
    });
  },
});

/**
 * Bun reads what `import()` names on other threads, which costs a process that had none of them
 * more than the file itself; `require` takes it at once.
 */
const requiringFrom = (self: Bundle): Bun.BunPlugin => ({
  name: "require",
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      const contents = text.replace(/\bimport\(("\.[^"]+\.ts")\)/g, (whole, quoted: string) =>
        otherBundle(self, path, JSON.parse(quoted)) === undefined
          ? whole
          : `Promise.resolve().then(() => require(${quoted}))`,
      );
      return { contents, loader: "ts" };
    });
  },
});

function otherBundle(self: Bundle, importer: string, path: string): Bundle | undefined {
  const entry = join(importer, "..", path);
  const bundle = bundles.find((one) => join(root, one.entry) === entry);
  return bundle === undefined || self.holds?.includes(bundle.name) ? undefined : bundle;
}

async function build(isClean: boolean): Promise<void> {
  process.chdir(root);
  mkdirSync(dist, { recursive: true });
  const files: Meta["files"] = {};
  const sources: Meta["sources"] = {};
  for (const bundle of bundles) {
    const output = await bundleOf(bundle);
    if (frequent.has(bundle.name)) sources[bundle.name] = sourcesOf(output);
    for (const one of output.outputs) {
      const name = one.kind === "bytecode" ? `${bundle.name}.jsc` : bundle.name;
      files[name] = one.size;
      await place(name, one);
    }
  }
  for (const one of (await bundleLibrary(apartFrom(library))).outputs) {
    files[library.name] = one.size;
    await place(library.name, one);
  }
  buildTypes(join(dist, "types"));
  await writeManPages(join(dist, "man"));
  const meta: Meta = { version, sources, files };
  await place("meta.json", `${JSON.stringify(meta, null, 2)}\n`);
  if (isClean) sweep(new Set(["meta.json", "types", "man", ...Object.keys(files)]));
  if (!process.argv.includes("--quiet")) report(meta);
}

const texts = [".md", ".sql", ".bash", ".zsh", ".fish", ".ps1"] as const;
const textLoader = Object.fromEntries(texts.map((ending) => [ending, "text"] as const));

function bundleOf(bundle: Bundle): Promise<Bun.BuildOutput> {
  return Bun.build({
    entrypoints: [bundle.entry],
    root,
    target: "bun",
    // Precompiled code without an executable needs CommonJS (Bun 1.4).
    format: "cjs",
    bytecode: true,
    // The bundler would write this machine's directory into what others install.
    define: { "import.meta.dir": '""' },
    // Names stay: a stack trace in a user's log must be readable without a source map.
    minify: { whitespace: true, syntax: true, identifiers: false },
    naming: bundle.name.replace(/\.js$/, ".[ext]"),
    loader: textLoader,
    plugins: [
      apartFrom(bundle),
      requiringFrom(bundle),
      ...(bundle.draws === true ? [drawingParts] : []),
    ],
    metafile: true,
  });
}

/** What agents start all the time. */
const frequent: ReadonlySet<string> = new Set([
  ...["main.js", "hcom.js", "own-mail.js", "acomm.js"],
  ...["send", "list", "events", "listen", "read"].map((name) => `command-${name}.js`),
]);

/** Those of which something is left in the bundle. */
function sourcesOf({ metafile }: Bun.BuildOutput): string[] {
  const [bundled] = Object.values(metafile?.outputs ?? {});
  const left = Object.entries(bundled?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput,
  );
  return left.map(([path]) => path).sort();
}

async function place(name: string, content: Bun.BuildArtifact | string): Promise<void> {
  const temporary = join(dist, `.${name}.${process.pid}`);
  await Bun.write(temporary, content);
  renameSync(temporary, join(dist, name));
}

function sweep(current: ReadonlySet<string>): void {
  for (const name of readdirSync(dist)) {
    if (!current.has(name)) rmSync(join(dist, name), { recursive: true, force: true });
  }
}

function report(meta: Meta): void {
  console.log(`hcom ${meta.version} in dist/`);
  for (const [name, bytes] of Object.entries(meta.files)) {
    console.log(`  ${(bytes / 1024).toFixed(1).padStart(8)} KB  ${name}`);
  }
}

await build(process.argv.includes("--clean"));
