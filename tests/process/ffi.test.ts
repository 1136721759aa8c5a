// The C library as its users have it: compiled by the C compiler of this machine, over the program
// itself. `ffi/acomm-check.c` is the program that links it; here are those that load it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../../src/core/json.ts";
import { version } from "../../src/core/version.ts";
import { processStart } from "../../src/sys/process.ts";
import { until } from "../kit/until.ts";
import { launcher } from "./programs.ts";

const compiler = Bun.which("cc") ?? Bun.which("gcc") ?? Bun.which("clang");
if (compiler === null) console.warn("no C compiler here: the C library is not tested");

const root = mkdtempSync("/tmp/hp-ffi-");
const source = join(import.meta.dir, "../../ffi");
const library = join(root, "libacomm.so");
const pidFile = join(root, "pid");
const env = {
  HOME: root,
  HCOM_DIR: join(root, "hcom"),
  PATH: process.env["PATH"] ?? "",
  ACOMM_PROGRAM: join(root, "acomm"),
  ACOMM_PID: pidFile,
};
afterAll(() => rmSync(root, { recursive: true, force: true }));

const warnings = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-pthread"];

function compile(...words: string[]): { success: boolean; said: string } {
  const child = Bun.spawnSync([compiler ?? "cc", ...warnings, ...words], { cwd: source });
  return { success: child.success, said: child.stderr.toString() };
}

beforeAll(() => {
  // The process says who it is, for those who want to kill it.
  const script = `#!/bin/sh\necho $$ >"$ACOMM_PID"\nexec sh ${launcher} --program=acomm "$@"\n`;
  writeFileSync(env.ACOMM_PROGRAM, script);
  chmodSync(env.ACOMM_PROGRAM, 0o755);
  if (compiler === null) return;
  const built = compile("-shared", "-fPIC", "-O2", "-o", library, "acomm.c");
  expect(built).toEqual({ success: true, said: "" });
});

/** `sanitizers` may be missing from a machine whose compiler works. */
function check(name: string, sanitizers: readonly string[] = []): void {
  const program = join(root, name);
  const built = compile("-g", ...sanitizers, "-o", program, "acomm-check.c", "acomm.c");
  if (!built.success && sanitizers.length > 0 && /cannot find|unsupported/.test(built.said)) {
    console.warn(`not checked with ${sanitizers}: ${built.said}`);
    return;
  }
  expect(built.said).toBe("");
  const folder = join(root, `${name}-files`);
  mkdirSync(folder);
  const ran = Bun.spawnSync([program, folder], { env, cwd: root, timeout: 60_000 });
  expect(ran.stderr.toString()).toBe("");
  expect(ran.stdout.toString()).toBe("everything holds\n");
  expect(ran.exitCode).toBe(0);
}

describe.skipIf(compiler === null)("a C program", () => {
  test("finds every function as declared", () => check("plain"));

  test("finds no fault of memory", () => check("memory", ["-fsanitize=address,undefined"]));

  test("finds no race of threads", () => check("threads", ["-fsanitize=thread"]));

  test("gets the version of the package", async () => {
    expect(await Bun.file(join(source, "acomm.c")).text()).toContain(`return "${version}";`);
  });
});

test.skipIf(compiler === null)("the library has the ten symbols, one of ours, and no other", () => {
  const words = ["nm", "-D", "--defined-only", "--format=posix", library];
  const found = Bun.spawnSync(words).stdout.toString().trim().split("\n");
  expect(found.map((line) => line.split(" ")[0] ?? "").sort()).toEqual([...names].sort());
});

const names = [
  ...["version", "store_create", "store_free", "create_channel", "send_message"],
  ...["receive_messages", "list_channels", "save", "load", "string_free", "send_many"],
].map((name) => `acomm_${name}`);

/** Starts what loads the library in a language of its own; its output, if nothing was wrong. */
function run(...words: string[]): string {
  const child = Bun.spawnSync(words, { env, cwd: root, timeout: 30_000 });
  expect(child.stderr.toString()).toBe("");
  expect(child.exitCode).toBe(0);
  return child.stdout.toString().trim();
}

/** Its own process, because what Bun puts into `process.env` is not seen by C. */
const caller = `
import { CString, dlopen } from "bun:ffi";
const { symbols: acomm } = dlopen(process.argv[2], {
  acomm_version: { returns: "cstring" },
  acomm_store_create: { returns: "ptr" },
  acomm_store_free: { args: ["ptr"] },
  acomm_create_channel: { args: ["ptr", "ptr", "u32"], returns: "u64" },
  acomm_send_message: { args: ["ptr", "u64", "ptr", "ptr"], returns: "u64" },
  acomm_receive_messages: { args: ["ptr", "u64"], returns: "ptr" },
  acomm_save: { args: ["ptr", "ptr"], returns: "bool" },
  acomm_load: { args: ["ptr"], returns: "ptr" },
  acomm_string_free: { args: ["ptr"] },
});
const text = (value) => Buffer.from(value + "\\0");
const store = acomm.acomm_store_create();
const ids = [
  acomm.acomm_create_channel(store, text("ops"), 1),
  acomm.acomm_send_message(store, 1n, text("ana"), text("h\u00e9 \u{1f600}")),
];
const received = acomm.acomm_receive_messages(store, 1n);
const messages = JSON.parse(new CString(received).toString());
acomm.acomm_string_free(received);
const isSaved = acomm.acomm_save(store, text("bun.acomm"));
acomm.acomm_store_free(store);
const isLoaded = acomm.acomm_load(text("bun.acomm")) !== null;
const version = String(acomm.acomm_version());
console.log(JSON.stringify({ version, ids: ids.map(Number), messages, isSaved, isLoaded }));
`;

test.skipIf(compiler === null)("bun:ffi calls it, and acomm reads what it has saved", () => {
  const script = join(root, "caller.mjs");
  writeFileSync(script, caller);
  const message = { id: 1, sender: "ana", content: "hé 😀", message_type: "Text" };
  expect(parseJson(run(process.execPath, script, library))).toMatchObject({
    ...{ version, ids: [1, 1], messages: [message], isSaved: true, isLoaded: true },
  });
  const received = run("sh", launcher, "--program=acomm", "receive", "1", "--file", "bun.acomm");
  expect(parseJson(received)).toMatchObject([message]);
});

const python = Bun.which("python3");

test.skipIf(compiler === null || python === null)(
  "ctypes calls it, and it ends with us",
  async () => {
    const script = `
import ctypes, json, sys
acomm = ctypes.CDLL(sys.argv[1])
acomm.acomm_store_create.restype = ctypes.c_void_p
acomm.acomm_create_channel.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
acomm.acomm_create_channel.restype = ctypes.c_uint64
acomm.acomm_list_channels.argtypes = [ctypes.c_void_p]
acomm.acomm_list_channels.restype = ctypes.c_void_p
acomm.acomm_string_free.argtypes = [ctypes.c_void_p]
store = acomm.acomm_store_create()
assert acomm.acomm_create_channel(store, "größe".encode(), 3) == 1
listed = acomm.acomm_list_channels(store)
print(json.loads(ctypes.string_at(listed))[0]["name"])
acomm.acomm_string_free(listed)
`;
    // It neither saves nor frees: what it has started must end all the same.
    expect(run(python ?? "", "-X", "utf8", "-c", script, library)).toBe("größe");
    const pid = Number(await Bun.file(pidFile).text());
    const limit = { timeoutMs: 5000, what: `process ${pid} to end` };
    await until(() => processStart(pid) === undefined, limit);
  },
);
