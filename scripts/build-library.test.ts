// The published library: its bundle under Node and Bun, and its types in a strict user's program.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTypes, bundleLibrary } from "./build-library.ts";

const root = mkdtempSync(join(tmpdir(), "hcom-library-"));
const live = join(import.meta.dir, "../src/api/live.ts");
const installed = join(root, "node_modules/hcom");
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** As it lies in a project that uses it; what needs Bun is taken from the source. */
beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  const apart: Bun.BunPlugin = {
    name: "apart",
    setup(build) {
      build.onResolve({ filter: /\/live\.ts$/ }, () => ({ path: live, external: true }));
    },
  };
  for (const output of (await bundleLibrary(apart)).outputs) {
    await Bun.write(join(installed, "dist/api.mjs"), output);
  }
  buildTypes(join(installed, "dist/types"));
  const entry = { types: "./dist/types/api/library.d.ts", default: "./dist/api.mjs" };
  const manifest = { name: "hcom", version: "0.0.0", type: "module", exports: { ".": entry } };
  writeFileSync(join(installed, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module" }));
});

const program = `
import { CommStore, Refusal } from "hcom";
const store = CommStore.create();
store.createChannel({ name: "ops", type: "Group" });
store.sendMessage({ channelId: 1, sender: "ana", content: "h\\u00e9 \\u{1f600}" });
const path = process.argv[2];
store.save(path);
const [message] = CommStore.load(path).queryHistory(1);
const codes = [];
const attempt = async (work) => {
  try {
    await work();
    codes.push("done");
  } catch (error) {
    codes.push(error instanceof Refusal ? error.code : String(error));
  }
};
await attempt(() => store.joinChannel(9, "ana"));
await attempt(() => CommStore.load(path + "-missing"));
await attempt(() => store.save(path + "-head", { form: "head" }));
await attempt(() => CommStore.load(path + "-head"));
await attempt(() => CommStore.load(process.argv[3]));
await attempt(() => CommStore.open(path));
console.log(JSON.stringify({ content: message.content, signature: message.signature, codes }));
`;

const signature = new Bun.CryptoHasher("sha256").update("hé 😀").digest("hex");

/** The first eight bytes of the newest layout are enough to know that zstd is needed. */
function run(engine: string): unknown {
  writeFileSync(join(root, "program.mjs"), program);
  writeFileSync(join(root, "newest"), Buffer.from("41434f4d03000100", "hex"));
  const words = [engine, "program.mjs", `${engine.replaceAll("/", "-")}.acomm`, "newest"];
  const child = Bun.spawnSync(words, { cwd: root });
  expect(child.stderr.toString()).toBe("");
  return JSON.parse(child.stdout.toString());
}

test("it works under Bun", () => {
  const codes = ["channel_not_found", "io_error", "done", "done", "invalid_file", "done"];
  expect(run(process.execPath)).toEqual({ content: "hé 😀", signature, codes });
});

const node = Bun.which("node");

test.skipIf(node === null)("it works under Node, which may lack zstd", () => {
  const words = [node ?? "", "-p", "typeof require('zlib').zstdCompressSync === 'function'"];
  const hasZstd = Bun.spawnSync(words).stdout.toString().trim() === "true";
  const newest = hasZstd ? ["done", "done", "invalid_file"] : ["needs_zstd", "io_error"];
  if (!hasZstd) newest.push("needs_zstd");
  const codes = ["channel_not_found", "io_error", ...newest, "needs_bun"];
  expect(run("node")).toEqual({ content: "hé 😀", signature, codes });
});

const user = `
import { type Channel, type ChannelMessage, CommStore, Refusal, type StoreAccess } from "hcom";
const store: CommStore = CommStore.create();
const channel: Channel = store.createChannel({ name: "ops", type: "Group" });
const sent: ChannelMessage = store.sendMessage({ channelId: channel.id, sender: "a", content: "" });
const access: StoreAccess = await CommStore.open("bus:");
const count: number = await access.write((open) => open.publish({ topic: "t", ...sent }).length);
try {
  store.save("x", { form: "head" });
} catch (error) {
  if (error instanceof Refusal) error.code satisfies string;
}
// @ts-expect-error there is no such form
store.save("x", { form: "tail" });
// @ts-expect-error nor such a type
store.createChannel({ name: String(count), type: "Ring" });
`;

for (const module of ["nodenext", "preserve"]) {
  test(`its types hold in a strict program with module ${module}`, () => {
    writeFileSync(join(root, "user.ts"), user);
    const tsc = join(import.meta.dir, "../node_modules/typescript/bin/tsc");
    const options = ["--ignoreConfig", "--noEmit", "--strict", "--exactOptionalPropertyTypes"];
    const target = ["--target", "es2022", "--module", module, "--types", ""];
    const words = [process.execPath, tsc, ...options, ...target, "user.ts"];
    const child = Bun.spawnSync(words, { cwd: root });
    expect(child.stdout.toString()).toBe("");
    expect(child.exitCode).toBe(0);
  });
}
