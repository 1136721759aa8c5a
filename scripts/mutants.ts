// Plants bugs, one at a time, and asks the tests: `npm run mutants [-- --only WORD] [--sample N]
// [--seed TEXT]`. Each stands in tests/mutants/ with what it breaks and the tests nearest to it;
// where those stay green, the whole suite but for its slowest part is asked. Works on copies of the
// tree. Ends with the survivors; a bug that no longer fits into the source is an error.
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mutants } from "../tests/mutants/index.ts";
import type { Mutant } from "../tests/mutants/mutant.ts";

const root = join(import.meta.dir, "..");
/** Two cores; more would make time limits of tests decide. */
const workerCount = 2;
/** For one run of tests; a tree that is slower tells nothing. */
const limitMs = 420_000;
/** What can tell about anything, within a minute. */
const suite = ["src", "tests/scenario", "tests/channels", "tests/surface.test.ts"];

type Fate =
  | "caught near"
  | "caught by the suite"
  | "survived"
  // No verdict: the bug does not stand where it should, or the tests could not say.
  | "does not fit"
  | "no program"
  | "red before"
  | "too slow";

interface Verdict {
  mutant: Mutant;
  fate: Fate;
  seconds: number;
}

async function main(argv: readonly string[]): Promise<number> {
  const chosen = choose(argv);
  const scratch = mkdtempSync(join(tmpdir(), "hcom-mutants-"));
  // Tests run programs as another user, who must be able to read them.
  chmodSync(scratch, 0o755);
  const verdicts: Verdict[] = [];
  const waiting = [...chosen];
  try {
    const workers = Array.from({ length: Math.min(workerCount, chosen.length) }, async (_, n) => {
      const tree = copyOfTree(join(scratch, `${n}`));
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const verdict = await judge(tree, next);
        verdicts.push(verdict);
        console.log(`${verdict.fate.padEnd(19)} ${verdict.seconds.toFixed(0)} s  ${next.breaks}`);
      }
    });
    await Promise.all(workers);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return report(verdicts);
}

function choose(argv: readonly string[]): readonly Mutant[] {
  const value = (flag: string) => argv[argv.indexOf(flag) + 1] ?? "";
  const only = argv.includes("--only") ? value("--only") : undefined;
  const named = mutants.filter((one) => only === undefined || JSON.stringify(one).includes(only));
  if (!argv.includes("--sample")) return named;
  const seed = argv.includes("--seed") ? value("--seed") : headCommit();
  const order = (one: Mutant) => String(Bun.hash(`${seed} ${one.breaks}`)).padStart(20, "0");
  const shuffled = named.toSorted((a, b) => order(a).localeCompare(order(b)));
  return shuffled.slice(0, Number(value("--sample")));
}

function headCommit(): string {
  return Bun.spawnSync(["git", "rev-parse", "HEAD"], { cwd: root }).stdout.toString().trim();
}

function copyOfTree(tree: string): string {
  for (const part of ["src", "tests", "scripts", "bin", "bench", "ffi", "dist"]) {
    cpSync(join(root, part), join(tree, part), { recursive: true });
  }
  for (const file of ["package.json", "tsconfig.json", "README.md", "ARCHITECTURE.md"]) {
    cpSync(join(root, file), join(tree, file));
  }
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  return tree;
}

async function judge(tree: string, mutant: Mutant): Promise<Verdict> {
  const startedAt = performance.now();
  const path = join(tree, mutant.file);
  const text = readFileSync(path, "utf8");
  const fate = await fateOf(tree, mutant, path, text);
  return { mutant, fate, seconds: (performance.now() - startedAt) / 1000 };
}

async function fateOf(tree: string, mutant: Mutant, path: string, text: string): Promise<Fate> {
  if (text.split(mutant.from).length !== 2) return "does not fit";
  if (!(await isGreen(tree, mutant.near))) return "red before";
  let isBuilt = false;
  const asBuilt = async () => {
    if (!isBuilt) await bun(tree, build);
    isBuilt = true;
  };
  try {
    writeFileSync(
      path,
      text.replace(mutant.from, () => mutant.to),
    );
    if (!isProgram(path)) return "no program";
    if (mutant.near.some((one) => startsPrograms.test(one))) await asBuilt();
    const near = await bun(tree, ["test", ...mutant.near, ...flags]);
    if (near !== "green") return near === "red" ? "caught near" : "too slow";
    await asBuilt();
    const all = await bun(tree, ["test", ...suite, ...flags]);
    if (all === "slow") return "too slow";
    return all === "green" ? "survived" : "caught by the suite";
  } finally {
    writeFileSync(path, text);
    if (isBuilt) await bun(tree, build);
  }
}

const green = new Map<string, Promise<string>>();

/** A test that fails anyway catches nothing. */
async function isGreen(tree: string, near: readonly string[]): Promise<boolean> {
  const key = near.join(" ");
  const known = green.get(key) ?? bun(tree, ["test", ...near, ...flags]);
  green.set(key, known);
  return (await known) === "green";
}

const build = ["scripts/build.ts"];
/** Tests that start the programs as they were built. */
const startsPrograms = /^(tests\/(process|changeover|install|surface)|src\/(mcp|api))\b/;
const flags = ["--bail", "--timeout", "30000"];

/** A bug that does not even parse proves nothing. */
function isProgram(path: string): boolean {
  try {
    new Bun.Transpiler({ loader: "ts" }).scan(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}

async function bun(cwd: string, words: readonly string[]): Promise<"green" | "red" | "slow"> {
  const child = Bun.spawn([process.execPath, ...words], {
    cwd,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const code = await child.exited;
  if (child.signalCode === "SIGKILL") return "slow";
  return code === 0 ? "green" : "red";
}

function report(verdicts: readonly Verdict[]): number {
  const survivors = verdicts.filter((one) => one.fate === "survived");
  const caught = verdicts.filter((one) => one.fate.startsWith("caught")).length;
  const unclear = verdicts.filter(({ fate }) => fate !== "survived" && !fate.startsWith("caught"));
  for (const { mutant, fate } of unclear) console.log(`${fate}: ${mutant.file}: ${mutant.breaks}`);
  for (const { mutant } of survivors) {
    console.log(`survived: ${mutant.file}: ${mutant.breaks}`);
    if (mutant.lives !== undefined) console.log(`  accepted: ${mutant.lives}`);
  }
  console.log(`${caught} of ${verdicts.length} caught, ${survivors.length} survived`);
  const isAccepted = survivors.every((one) => one.mutant.lives !== undefined);
  return unclear.length === 0 && isAccepted ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
