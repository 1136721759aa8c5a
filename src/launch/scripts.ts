// The scripts that `hcom run` knows: those that come with the program, and the owner's own, which
// stand in front of them. A file says in its first comment what it does.
import { readdirSync, statSync } from "node:fs";
import { ownDirProblem } from "../config/own-dir.ts";
import type { Paths } from "../config/paths.ts";
import { didYouMean } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { readText } from "../sys/files.ts";
import { ownWorkflows } from "../sys/program.ts";

export const endings = ["ts", "js", "py", "sh"] as const;
export type Ending = (typeof endings)[number];

export interface Script {
  name: string;
  path: string;
  ending: Ending;
  /** The owner's, or of this package. */
  origin: "own" | "bundled";
  /** One line. */
  about: string;
  /** Not where it is a link to nothing, or somebody else's. */
  isReadable: boolean;
}

/** By name; of one name the owner's. A directory that is refused as ours has none. */
export function scriptsOf(paths: Paths): Script[] {
  const own = ownDirProblem(paths) === undefined ? scriptsIn(paths.scripts, "own") : [];
  const taken = new Set(own.map(({ name }) => name));
  const bundled = scriptsIn(ownWorkflows(), "bundled").filter(({ name }) => !taken.has(name));
  return [...own, ...bundled].sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function findScript(paths: Paths, name: string): Script {
  const all = scriptsOf(paths);
  const found = all.find((one) => one.name === name) ?? all.find((one) => fileOf(one) === name);
  if (found?.isReadable === false) throw unreadable(found);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  throw new Refusal({
    code: "unknown_script",
    exit: exitCode.notFound,
    message: `there is no script "${name}"${didYouMean(name, names)}`,
    hint: `there are: ${names.join(", ")}; your own go into ${paths.scripts}`,
  });
}

/** As a shell completes it. */
function fileOf({ name, ending }: Script): string {
  return `${name}.${ending}`;
}

function unreadable({ name, path }: Script): Refusal {
  return new Refusal({
    code: "unreadable_script",
    exit: exitCode.notFound,
    message: `the script "${name}" cannot be read: ${path} is no file, or not yours to read`,
    hint: `ls -l ${path}`,
  });
}

function scriptsIn(folder: string, origin: Script["origin"]): Script[] {
  return filesIn(folder).flatMap((file) => {
    const [, name, ending] = /^([^._][^.]*)\.(\w+)$/.exec(file) ?? [];
    const known = endings.find((one) => one === ending);
    if (name === undefined || known === undefined) return [];
    const path = `${folder}/${file}`;
    const text = textOf(path);
    const about = text === undefined ? "cannot be read" : aboutOf(text);
    return [{ name, path, ending: known, origin, about, isReadable: text !== undefined }];
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** A pipe would never come to an end. */
function textOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readText(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The first comment or docstring: as far as its first sentence goes, without the script's name. */
function aboutOf(text: string): string {
  const lines = text.replace(/^\uFEFF?(#!.*\n)?\s*/, "").split("\n");
  const docstring = /^(?:"""|''')\s*([\s\S]*?)(?:\n\s*\n|"""|''')/.exec(lines.join("\n"))?.[1];
  const end = lines.findIndex((line) => !/^(?:\/\/|#|\/?\*)/.test(line.trim()));
  const comment = lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.trim().replace(/^(?:\/\/|#+|\/?\*+)\s?|\*\/$/g, ""));
  const words = (docstring ?? comment.join("\n")).split(/\n\s*\n/)[0] ?? "";
  const plain = words.replace(/\s+/g, " ").trim();
  return (/^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain).replace(/\.$/, "").slice(0, 200);
}
