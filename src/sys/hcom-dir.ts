// Where our state lives: `HCOM_DIR` (with `~`, relative to the working directory) or `~/.hcom`.
import type { Env } from "../core/env.ts";

/** `cwd` matters only where HCOM_DIR is relative. */
export function hcomDir(env: Env, cwd = env["PWD"] ?? "/"): string {
  const home = env["HOME"] || env["USERPROFILE"] || "/";
  const given = env["HCOM_DIR"];
  if (!given) return `${home}/.hcom`;
  if (isRelative(given)) return normalise(`${cwd}/${given}`);
  return normalise(given.startsWith("~") ? home + given.slice(1) : given);
}

/** Does it mean another directory in every working directory? */
export function isRelative(given: string | undefined): boolean {
  if (!given) return false;
  return !given.startsWith("/") && given !== "~" && !given.startsWith("~/");
}

/** As `resolve` of `node:path`, which costs a start of `acomm` almost a millisecond. */
export function absoluteIn(cwd: string, path: string): string {
  return normalise(path.startsWith("/") ? path : `${cwd}/${path}`);
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
