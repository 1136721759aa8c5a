// The README's first page, followed to the letter: from a clone, from a package, uninstalled,
// and out again.
import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandsBelow, inlineCommand } from "./code-blocks.ts";
import { newStranger, type Said, type Stranger } from "./stranger.ts";

const page = "README.md";
const strangers: Stranger[] = [];
afterAll(() => {
  for (const one of strangers) one[Symbol.dispose]();
});

function stranger(): Stranger {
  const one = newStranger();
  strangers.push(one);
  return one;
}

async function follows(who: Stranger, commands: readonly string[]): Promise<Said> {
  let last: Said = { out: "", err: "", code: 0 };
  for (const command of commands) {
    last = await who.types(command);
    if (last.code !== 0) throw new Error(`${command}: exit ${last.code}\n${last.out}${last.err}`);
  }
  return last;
}

const inClone = stranger();

test("the demonstration runs in a fresh clone and leaves no trace", async () => {
  const [demonstration = ""] = commandsBelow(page, "Try it");
  const said = await inClone.types(demonstration, { env: { npm_config_ignore_scripts: "true" } });
  expect([said.code, said.err.replaceAll(/^npm .*\n/gm, "")]).toEqual([0, ""]);
  expect(said.out).toContain("Is it really there? (hcom why ID)");
  // The sizes of the bundles are no newcomer's business.
  expect(said.out).not.toMatch(/ KB /);
  expect(readdirSync(inClone.home)).toEqual([]);
});

test("the commands for a clone install a program that works, in the order given", async () => {
  const { out } = await follows(inClone, commandsBelow(page, "Install"));
  expect(out).toMatch(/^hcom \d/);
  expect(out).toContain("(not made yet)");
  expect(out).not.toMatch(/damaged|gone|refused/);
  expect(readdirSync(inClone.home)).toEqual([]);
});

test("the copy outlives its clone", async () => {
  await follows(inClone, ["npm pack --silent --pack-destination .."]);
  rmSync(inClone.clone, { recursive: true });
  const said = await inClone.types("hcom --version && acomm --version", { cwd: inClone.home });
  expect([said.code, said.out]).toEqual([0, expect.stringMatching(/^hcom \d/)]);
  expect(existsSync(join(inClone.prefix, "share/man/man1/hcom.1"))).toBe(true);
});

const packed = stranger();

/** The package where the README has it: in the directory one is in. */
async function withPackage(): Promise<void> {
  const at = (who: Stranger) => join(who.clone, "..");
  const [name] = readdirSync(at(inClone)).filter((one) => one.endsWith(".tgz"));
  if (name === undefined) throw new Error("no package was made");
  rmSync(packed.clone, { recursive: true });
  mkdirSync(packed.clone);
  writeFileSync(join(packed.clone, name), readFileSync(join(at(inClone), name)));
}

test("a package runs without being installed", async () => {
  await withPackage();
  const command = inlineCommand(page, "npx --package");
  // npx asks its user first.
  const said = await packed.types(`${command} --version`, { env: { npm_config_yes: "true" } });
  expect([said.code, said.out]).toEqual([0, expect.stringMatching(/^hcom \d/)]);
  expect(existsSync(join(packed.prefix, "bin/hcom"))).toBe(false);
});

test("a package installs three programs and a library", async () => {
  await follows(packed, [inlineCommand(page, "npm install --global ./")]);
  const programs = ["hcom --version", "acomm --version", "agentic-comm-mcp --version"];
  const { out } = await follows(packed, [programs.join(" && "), "hcom status"]);
  expect(out).toMatch(/^hcom \d/);
  // It serves until its input ends, which is at once.
  expect((await packed.types("agentic-comm-mcp --store ./packed.acomm")).code).toBe(0);
  const library = `import { CommStore } from "hcom";
    const store = CommStore.create();
    store.createChannel({ name: "ops", type: "Group" });
    console.log(store.listChannels().length);`;
  const said = await packed.types('node --input-type=module -e "$LIBRARY"', {
    cwd: join(packed.prefix, "lib"),
    env: { LIBRARY: library },
  });
  expect([said.code, said.out]).toEqual([0, "1\n"]);
});

test("the commands for leaving leave nothing, and give every file back as it was", async () => {
  const programs = join(packed.home, "programs");
  mkdirSync(programs);
  for (const name of ["claude", "codex"]) {
    writeFileSync(join(programs, name), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  }
  const files = {
    ".claude/settings.json": '{\n\t"model": "opus"\n}',
    ".claude.json": '{ "projects": {} }\n',
    ".codex/config.toml": 'model = "gpt" # mine\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(packed.home, path, ".."), { recursive: true });
    writeFileSync(join(packed.home, path), text);
  }
  packed.env["PATH"] = `${programs}:${packed.env["PATH"]}`;
  await follows(packed, [
    "hcom hooks add",
    "hcom mcp install claude",
    "hcom send -b -- hello || :",
  ]);
  expect(readFileSync(join(packed.home, ".claude/settings.json"), "utf8")).toContain("hcom");
  await follows(packed, commandsBelow(page, "Where things are, and how to leave"));
  for (const [path, text] of Object.entries(files)) {
    expect([path, readFileSync(join(packed.home, path), "utf8")]).toEqual([path, text]);
  }
  const left = readdirSync(packed.home, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.parentPath.endsWith("programs"))
    .map((one) => join(one.parentPath, one.name).slice(packed.home.length + 1));
  expect(left.sort()).toEqual(Object.keys(files).sort());
  const installed = readdirSync(packed.prefix, { recursive: true, withFileTypes: true });
  expect(installed.filter((one) => !one.isDirectory())).toEqual([]);
});

const linked = stranger();

test("a bare npm install -g . leaves a program whose advice helps", async () => {
  await follows(linked, ["npm install --global ."]);
  const before = await linked.types("hcom --version");
  if (before.code !== 0) {
    expect(before.code).toBe(127);
    const advice = /In it, run: +(.*)$/m.exec(before.err)?.[1] ?? "";
    expect(advice).toContain("npm ci");
    await follows(linked, [advice]);
  }
  const after = await linked.types("hcom --version", { cwd: linked.home });
  expect([after.code, after.out]).toEqual([0, expect.stringMatching(/^hcom \d/)]);
});

test("the end of a linked clone is noticed by the program, and by the next one", async () => {
  const settings = join(linked.home, ".claude/settings.json");
  mkdirSync(join(linked.home, ".claude"));
  writeFileSync(settings, '{ "model": "opus" }\n');
  await follows(linked, ["hcom hooks add claude"]);
  for (const name of ["dist", "node_modules"]) {
    rmSync(join(linked.clone, name), { recursive: true, force: true });
  }
  const cleaned = await linked.types("hcom list", { cwd: linked.home });
  expect(cleaned.code).toBe(127);
  expect(cleaned.err).toContain(linked.clone);
  // The agent program goes on as if hcom had never been there.
  const [, quoted = ""] =
    /"command": ("(?:[^"\\]|\\.)+")/.exec(readFileSync(settings, "utf8")) ?? [];
  const line: unknown = JSON.parse(quoted);
  expect(await linked.types(String(line))).toEqual({ out: "", err: "", code: 0 });
  // Another program of ours sees whose hooks are dead.
  const status = await linked.types(`${hcomOfTheCheckout} status`, { cwd: linked.home });
  expect(status.out + status.err).toMatch(/hooks.*(gone|do not run|earlier hcom program)/s);
});

const hcomOfTheCheckout = join(import.meta.dir, "../../bin/hcom");
