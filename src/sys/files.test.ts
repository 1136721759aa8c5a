import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { lowerFlag, raiseFlag, readText, writeAtomic } from "./files.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/hcom-files-`);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test("an existing file keeps its exact mode, whatever the umask", () => {
  const path = `${dir}/settings`;
  writeFileSync(path, "old");
  chmodSync(path, 0o666);
  writeAtomic(path, "new");
  expect([mode(path), readFileSync(path, "utf8")]).toEqual(["666", "new"]);
});

test("a new file is private", () => {
  writeAtomic(`${dir}/deep/er/settings`, "x");
  expect(mode(`${dir}/deep/er/settings`)).toBe("600");
});

test("a link stays one, and what it points to is made when it is missing", () => {
  mkdirSync(`${dir}/home`);
  symlinkSync("../dotfiles/first", `${dir}/home/settings`);
  symlinkSync(`${dir}/dotfiles/second`, `${dir}/second-link`);
  mkdirSync(`${dir}/dotfiles`);
  symlinkSync("real", `${dir}/dotfiles/first`);
  for (const content of ["one", "two"]) {
    writeAtomic(`${dir}/home/settings`, content);
    writeAtomic(`${dir}/second-link`, content);
    expect(readFileSync(`${dir}/dotfiles/real`, "utf8")).toBe(content);
    expect(readFileSync(`${dir}/dotfiles/second`, "utf8")).toBe(content);
  }
  const links = [`${dir}/home/settings`, `${dir}/dotfiles/first`, `${dir}/second-link`];
  expect(links.map((path) => lstatSync(path).isSymbolicLink())).toEqual([true, true, true]);
});

test("links in a circle are an error", () => {
  symlinkSync("b", `${dir}/a`);
  symlinkSync("a", `${dir}/b`);
  writeFileSync(`${dir}/full`, "x");
  expect(() => writeAtomic(`${dir}/full/settings`, "x")).toThrow();
  expect(() => writeAtomic(`${dir}/a`, "x")).toThrow();
  expect(lstatSync(`${dir}/a`).isSymbolicLink()).toBe(true);
});

test("a failed replacement leaves nothing behind", () => {
  mkdirSync(`${dir}/taken`);
  expect(() => writeAtomic(`${dir}/taken`, "x")).toThrow();
  expect(readdirSync(dir)).toEqual(["taken"]);
});

test("a failed write leaves nothing behind", () => {
  writeFileSync(`${dir}/settings`, "old");
  // The limit of a file's size makes the write fail, as a full disk would.
  const code = `import { writeAtomic } from ${JSON.stringify(`${import.meta.dir}/files.ts`)};
    process.on("SIGXFSZ", () => {});
    try { writeAtomic(${JSON.stringify(`${dir}/settings`)}, "x".repeat(100000)); }
    catch { process.exit(7); }`;
  const script = 'ulimit -f 8; exec "$@"';
  const run = Bun.spawnSync(["sh", "-c", script, "sh", process.execPath, "-e", code]);
  expect(run.exitCode).toBe(7);
  expect(readdirSync(dir)).toEqual(["settings"]);
  expect(readFileSync(`${dir}/settings`, "utf8")).toBe("old");
});

test("what cannot exist is missing", () => {
  writeFileSync(`${dir}/file`, "");
  expect([readText(`${dir}/none`), readText(`${dir}/file/below`)]).toEqual([undefined, undefined]);
  expect(() => readText(dir)).toThrow();
});

test("a flag is raised and lowered", () => {
  const path = `${dir}/flag`;
  expect([raiseFlag(path), readText(path)]).toEqual([true, "1"]);
  lowerFlag(path);
  expect([readText(path), raiseFlag(`${dir}/none/flag`)]).toEqual(["", false]);
});

const setpriv = Bun.which("setpriv");
test.skipIf(process.getuid?.() !== 0 || setpriv === null)(
  "another user's flag stops nobody",
  () => {
    // In a directory with the sticky bit it can be neither written nor removed.
    chmodSync(dir, 0o1777);
    const paths = ["calm", "quiet"].map((name) => `${dir}/${name}`);
    for (const path of paths) writeFileSync(path, "1", { mode: 0o644 });
    const script = `
    const { lowerFlag, removeStray } = await import(${JSON.stringify(require.resolve("./files.ts"))});
    lowerFlag(${JSON.stringify(paths[0])});
    removeStray(${JSON.stringify(paths[1])});
    console.log("goes on");`;
    const drop = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"];
    const child = Bun.spawnSync([setpriv ?? "", ...drop, process.execPath, "-e", script], {
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
    });
    expect([child.stdout.toString(), child.stderr.toString()]).toEqual(["goes on\n", ""]);
    expect(paths.map((path) => readText(path))).toEqual(["1", "1"]);
  },
);
