// Whether a launch gets our module: by version, by its owner's word, by what its program said.
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Paths, pathsOf } from "../../config/paths.ts";
import type { System } from "../../sys/system.ts";
import { tools } from "../../tools/index.ts";
import { type NativeOptions, openNative, rungsOf } from "./native.ts";

const claude = await tools.claude();
const folder = mkdtempSync(`${tmpdir()}/hn-`);
const paths: Paths = pathsOf({ HCOM_DIR: folder }, folder);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(more: Partial<NativeOptions> = {}, delivery = "native") {
  return openNative({
    system: { pid: process.pid, log() {} } as unknown as System,
    tool: claude,
    toolVersion: "2.1.332",
    argv: ["/bin/claude", "--model", "opus", "--", "hello"],
    paths,
    settings: { text: () => delivery },
    onNews() {},
    ...more,
  });
}

test("the module is passed beside the user's arguments, in a folder of its own", async () => {
  using native = await open();
  const [program, ...args] = native.argv;
  const module = args[args.indexOf("--plugin-dir") + 1] ?? "";
  expect([program, ...args]).toEqual([
    ...["/bin/claude", "--model", "opus", "--plugin-dir", module, "--", "hello"],
  ]);
  expect(module).toStartWith(`${paths.tmp}/mods/claude/2.1.332-`);
  expect(JSON.parse(readFileSync(`${module}/hooks/hooks.json`, "utf8"))).toEqual({
    modules: ["./register.js"],
  });
  expect(native.env["HCOM_MOD_SOCKET"]).toEndWith(`m${process.pid}.sock`);
  expect(native.carrier?.isServing()).toBe(false);
});

test("launches share the folder, and no draft of it is left", async () => {
  using _one = await open();
  using _two = await open();
  expect(readdirSync(`${paths.tmp}/mods/claude`)).toHaveLength(1);
});

test("older and unknown versions, other tools, and who wants hooks get none", async () => {
  using old = await open({ toolVersion: "2.1.328" });
  using unknown = await open({ toolVersion: undefined });
  using other = await open({ tool: await tools.codex() });
  using hooks = await open({}, "hooks");
  for (const { carrier, argv } of [old, unknown, other, hooks]) {
    expect(carrier).toBeUndefined();
    expect(argv).not.toContain("--plugin-dir");
  }
});

test("a program that ended over the module is started without it from then on", async () => {
  using first = await open();
  expect(first.ended("Error: no such model")).toBeUndefined();
  expect(first.ended("Error: --plugin-dir is disabled by policy")).toContain("Start it again");
  using second = await open();
  expect(second.carrier).toBeUndefined();
  using updated = await open({ toolVersion: "2.1.333" });
  expect(updated.carrier).toBeDefined();
});

test("a refusal that a plugin folder of its person may have caused is not ours", async () => {
  using native = await open({ argv: ["claude", "--plugin-dir", "/theirs"] });
  expect(native.ended("Error: --plugin-dir is disabled by policy")).toBeUndefined();
});

test("who wants typing gets no other rung", () => {
  const kinds = (delivery: string) =>
    rungsOf({ tool: claude, settings: { text: () => delivery } }).map((rung) => rung.kind);
  expect(kinds("typing")).toEqual(["typing"]);
  expect(kinds("hooks")).toEqual(["inbox", "bell", "typing"]);
});
