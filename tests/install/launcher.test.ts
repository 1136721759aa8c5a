// `bin/hcom` where it cannot start the program: it says what is missing, where, and which commands
// mend exactly this kind of installation. Nothing else is started, least of all a network.
import { afterAll, expect, test } from "bun:test";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const root = realpathSync(mkdtempSync("/tmp/hl-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const source = join(import.meta.dir, "../../bin/hcom");

/** Only what a POSIX launcher may rely on, so that no Bun of this machine is found. */
const system = join(root, "system");
mkdirSync(system);
for (const name of ["sh", "readlink"]) symlinkSync(Bun.which(name) ?? "", join(system, name));

let count = 0;

/** A folder with `bin/hcom` and these files, and a Bun on PATH that says it is this version. */
function installation(files: readonly string[], bunVersion?: string) {
  const place = join(root, `place${count++}`);
  mkdirSync(join(place, "bin"), { recursive: true });
  cpSync(source, join(place, "bin/hcom"));
  for (const file of files) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), "");
  }
  const path = [system];
  if (bunVersion !== undefined) path.push(bunOf(place, bunVersion));
  return { place, path: path.join(":") };
}

function bunOf(place: string, version: string): string {
  const dir = join(place, "some-bun");
  mkdirSync(dir);
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || echo "ran $*"\n`;
  writeFileSync(join(dir, "bun"), script, { mode: 0o755 });
  return dir;
}

function run(program: string, path: string, ...words: string[]) {
  const env = { PATH: path, HOME: root };
  const child = Bun.spawnSync([program, ...words], { env, cwd: root, stdin: "ignore" });
  return { code: child.exitCode, out: child.stdout.toString(), err: child.stderr.toString() };
}

const checkout = ["src/main.ts", "src/main-acomm.ts", "package.json"];
const programs = ["hcom", "acomm", "agentic-comm-mcp"];
const built = [...programs.map((name) => `dist/${name}.js`), "package.json"];
const ofCheckout = ["npm ci && npm run build", "npm install --global --install-links ."];

const cases: readonly [
  what: string,
  files: readonly string[],
  bun: string | undefined,
  says: string[],
][] = [
  ["a checkout without anything", checkout, undefined, ["no Bun", ...ofCheckout]],
  ["a cleaned checkout with a Bun on PATH", checkout, "1.4.5", ["node_modules/", ...ofCheckout]],
  ["a checkout with an old Bun", [...checkout, ...built], "1.1.38", ["1.1.38", ...ofCheckout]],
  ["a package that was not built", ["package.json"], "1.4.5", ["without being built", "npm pack"]],
  ["a package without its Bun", built, undefined, ["no Bun", "--include=optional"]],
  ["a package with an old Bun on PATH", built, "1.3.9", ["is Bun 1.3.9", "--include=optional"]],
  ["a package with a broken Bun on PATH", built, "", ["of no version", "--include=optional"]],
];

for (const [what, files, bunVersion, says] of cases) {
  test(`${what}: the launcher says what is missing there, and what to run`, () => {
    const { place, path } = installation(files, bunVersion);
    const { code, out, err } = run(join(place, "bin/hcom"), path, "list");
    expect([code, out]).toEqual([127, ""]);
    expect(err).toContain(place);
    for (const part of says) expect(err).toContain(part);
    const isCheckout = files.includes("src/main.ts");
    expect(err.includes("--include=optional")).toBe(!isCheckout && files.includes("dist/hcom.js"));
    expect(err.includes("This is a checkout")).toBe(isCheckout);
  });
}

test("a link that npm made to a checkout names the checkout, not the link", () => {
  const { place, path } = installation(checkout);
  const prefix = join(root, "prefix");
  mkdirSync(join(prefix, "bin"), { recursive: true });
  mkdirSync(join(prefix, "lib/node_modules"), { recursive: true });
  symlinkSync(place, join(prefix, "lib/node_modules/hcom"));
  symlinkSync("../lib/node_modules/hcom/bin/hcom", join(prefix, "bin/hcom"));
  const { code, err } = run(join(prefix, "bin/hcom"), path);
  expect(code).toBe(127);
  expect(err).toContain(`(${place})`);
});

for (const version of ["1.4.5", "1.10.0", "2.0.0"]) {
  test(`Bun ${version} on PATH runs a package that has none beside it`, () => {
    const { place, path } = installation(built, version);
    const { code, out } = run(join(place, "bin/hcom"), path, "list", "a b");
    expect(code).toBe(0);
    expect(out).toContain(`${place}/bin/../dist/hcom.js list a b`);
  });
}

test("a checkout with its packages runs from source until it is built", () => {
  const { place, path } = installation([...checkout, "node_modules/x"], "1.4.5");
  expect(run(join(place, "bin/hcom"), path, "list").out).toContain("bin/../src/main.ts list");
});

/** A Bun beside the program, as npm puts it there, that shows what it was told about compiling. */
function installationWithOwnBun() {
  const own = "node_modules/@oven/bun-linux-x64/bin/bun";
  const { place, path } = installation([...built, own]);
  const names = ["BUN_JSC_useJIT", "HCOM_CALLER_BUN_JSC_useJIT", "BUN_JSC_useFTLJIT"];
  const values = names.map((name) => `$${name}`).join(",");
  writeFileSync(join(place, own), `#!/bin/sh\necho "${values}"\n`);
  chmodSync(join(place, own), 0o755);
  const program = join(place, "bin/hcom");
  return (words: string[], env = {}) =>
    Bun.spawnSync([program, ...words], { env: { PATH: path, ...env } })
      .stdout.toString()
      .trim();
}

const isUsualSystem = existsSync("/lib64/ld-linux-x86-64.so.2");

test.if(isUsualSystem)("a short command is interpreted, and the caller's value is kept", () => {
  const told = installationWithOwnBun();
  expect(told(["send"])).toBe("0,,");
  expect(told(["send"], { BUN_JSC_useJIT: "1" })).toBe("0,1,");
  for (const word of ["launch", "claude", "rpc", "tui"]) expect(told([word])).toBe(",,");
});

test.if(isUsualSystem)(
  "what works on a document is compiled little, what serves others as usual",
  () => {
    const told = installationWithOwnBun();
    const acomm = (...words: string[]) => told(["--program=acomm", ...words]);
    expect(acomm("--file", "a b.acomm", "send", "1", "it's *")).toBe(",,0");
    expect(acomm("--bus", "send", "1", "hi")).toBe("0,,");
    expect(acomm("--file", "a.acomm", "search", "word")).toBe(",,0");
    expect(acomm("rpc")).toBe(",,");
    expect(acomm("--file", "a.acomm", "rpc")).toBe(",,");
    for (const word of ["events", "mcp"]) expect(told([word])).toBe(",,0");
    expect(told(["--program=agentic-comm-mcp"])).toBe(",,0");
  },
);

test("a Bun that is not ours is given none of that", () => {
  const { place, path } = installation(built, "1.4.5");
  const says = '#!/bin/sh\n[ "$1" = --version ] && echo 1.4.5 || echo "<$BUN_JSC_useJIT>"\n';
  writeFileSync(join(place, "some-bun/bun"), says, { mode: 0o755 });
  expect(run(join(place, "bin/hcom"), path, "send").out).toBe("<>\n");
});

for (const shell of [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"], ["zsh"]]) {
  const [program = ""] = shell;
  test.skipIf(Bun.which(program) === null)(
    `${shell.join(" ")} takes the runtime's variables`,
    () => {
      const { place } = installation(["dist/hcom.js"], "1.4.5");
      const script = '#!/bin/sh\n[ "$1" = --version ] && echo 1.4.5 || exec /usr/bin/env -0\n';
      writeFileSync(join(place, "some-bun", "bun"), script, { mode: 0o755 });
      const steering = {
        BUN_JSC_logGC: "1",
        mimalloc_verbose: `one\nBUN_INSTALL=two * $(touch ${place}/PWNED)`,
      };
      const env = {
        PATH: `${place}/some-bun:/usr/bin:/bin`,
        HOME: root,
        BASH_VERSION: "5",
        name: "x",
      };
      const child = Bun.spawnSync([...shell, join(place, "bin/hcom"), "list", "* $(id)"], {
        env: { ...env, ...steering },
        cwd: root,
      });
      expect([child.exitCode, child.stderr.toString()]).toEqual([0, ""]);
      const lines = child.stdout.toString().split("\0");
      for (const [name, value] of Object.entries(steering)) {
        expect(lines).toContain(`HCOM_CALLER_${name}=${value}`);
        expect(lines).not.toContain(`${name}=${value}`);
      }
      expect(lines).toContain("name=x");
      expect(existsSync(join(place, "PWNED"))).toBe(false);
    },
  );
}
