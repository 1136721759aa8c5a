// What the model asks for: commands of ours as children that run side by side, answers and text for
// an agent's terminal, an editor, the clipboard, leaving.
import { findInstance } from "../bus/agents/identity.ts";
import type { Bus } from "../bus/bus.ts";
import { markReadUpTo } from "../bus/inbox.ts";
import { launchContextOf } from "../core/instance.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { exitCode } from "../core/refusal.ts";
import { callControl } from "../delivery/control.ts";
import { focusOf } from "../launch/terminals/focus.ts";
import { ownProgram } from "../sys/program.ts";
import type { Effect, State } from "../view/state.ts";
import type { Signal } from "../view/update.ts";
import { search } from "./reader.ts";
import type { Terminal } from "./terminal.ts";

export interface Doing {
  bus: Bus;
  /** undefined until it is there. */
  terminal(): Terminal | undefined;
  signal(one: Signal): void;
  leave(code: number): void;
}

const answerMs = 5000;

export async function doEffect(doing: Doing, state: State, effect: Effect): Promise<void> {
  switch (effect.kind) {
    case "quit":
      return doing.leave(exitCode.ok);
    case "suspend":
      return suspend(doing);
    case "copy":
      return copy(doing, effect.text);
    case "edit":
      return edit(doing, effect.path, effect.line);
    case "pane":
      return bringToFront(doing, effect.agent);
    case "files":
      return doing.signal({
        kind: "files",
        begun: effect.begun,
        paths: await filesAt(doing, effect),
      });
    case "copy-token":
      return copyToken(doing);
    case "search":
      return doing.signal({ kind: "world", world: search(doing.bus, effect.text) });
    case "read":
      markReadUpTo(doing.bus, effect.upTo);
      return;
    case "start":
      return runJob(doing, state, effect.job);
    case "answer": {
      const { isYes, shown } = effect;
      const told = await askWrapper(doing.bus, effect.agent, { op: "answer", yes: isYes, shown });
      const text = told ?? (isYes ? "allowed" : "denied");
      return doing.signal({ kind: "notice", text, tone: told === undefined ? "good" : "bad" });
    }
    case "type": {
      const request = { op: "inject", text: effect.text, enter: true, force: effect.isForced };
      const told = await askWrapper(doing.bus, effect.agent, request);
      if (told !== undefined) doing.signal({ kind: "notice", text: told, tone: "bad" });
      return;
    }
    case "run":
      // The model has made a job of it.
      return;
  }
}

/** Nothing on the screen shows that it was done. */
function copy({ terminal, signal }: Doing, text: string, done = "copied"): void {
  if (terminal()?.copy(text) === true) signal({ kind: "notice", text: done, tone: "good" });
  else signal({ kind: "notice", text: "this terminal takes nothing to copy", tone: "warn" });
}

/** What the wrapper has against it; undefined when it was done. */
async function askWrapper(bus: Bus, agent: string, request: object): Promise<string | undefined> {
  const row = findInstance(bus, agent);
  const socket = row === undefined ? undefined : launchContextOf(row).control_socket;
  if (socket === undefined) return "it has no terminal of hcom";
  const answer = asObject(await callControl(socket, request, answerMs));
  return asText(asObject(answer["error"])["message"]);
}

async function runJob({ bus, signal }: Doing, state: State, id: number): Promise<void> {
  const job = state.jobs.find((one) => one.id === id);
  if (job === undefined) return;
  const { env, cwd } = bus.system;
  const child = Bun.spawn([...ownProgram(), ...job.argv], {
    cwd,
    env: { ...env, NO_COLOR: "1" },
    stdin: job.stdin === undefined ? "ignore" : new Blob([job.stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const isGood = code === exitCode.ok;
  const output = `${isGood ? "" : err}${out}${isGood ? err : ""}`.split("\n");
  signal({ kind: "job", job: id, isGood, output: output.filter((line) => line.trim() !== "") });
}

/** Of the group; it is written nowhere but to the clipboard. */
async function copyToken(doing: Doing): Promise<void> {
  const { env, cwd } = doing.bus.system;
  const argv = [...ownProgram(), "relay", "token", "--json"];
  const child = Bun.spawn(argv, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  const [out] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  const token = asText(asObject(parseJson(out))["token"]);
  if (token === undefined) {
    return doing.signal({ kind: "notice", text: "there is no token to copy", tone: "warn" });
  }
  copy(doing, token, "copied; on the other machine: hcom relay connect TOKEN");
}

const mostFiles = 500;

/** As they are typed: relative to where the dashboard was started, or from the home directory. */
async function filesAt({ bus }: Doing, { begun }: { begun: string }): Promise<string[]> {
  const folder = begun.slice(0, begun.lastIndexOf("/") + 1);
  const { home, cwd } = bus.system;
  const place = folder.startsWith("~/") ? `${home}${folder.slice(1)}` : folder;
  const { readdir } = await import("node:fs/promises");
  const path = place.startsWith("/") ? place : `${cwd}/${place}`;
  const found = await readdir(path, { withFileTypes: true }).catch(() => []);
  const named = found.map((one) => `${folder}${one.name}${one.isDirectory() ? "/" : ""}`);
  return named.filter((one) => one.startsWith(begun)).slice(0, mostFiles);
}

async function bringToFront({ bus, signal }: Doing, agent: string): Promise<void> {
  const row = findInstance(bus, agent);
  const words = row && focusOf(bus)(row);
  if (words === undefined) return;
  const { env } = bus.system;
  const child = Bun.spawn(words, { env, stdio: ["ignore", "ignore", "pipe"] });
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0)
    signal({ kind: "notice", text: said.trim() || "its terminal says no", tone: "bad" });
}

/** The terminal goes back to the shell, and is taken again when the shell says so. */
async function suspend(doing: Doing): Promise<void> {
  const terminal = doing.terminal();
  if (terminal === undefined) return;
  await terminal.suspend();
  await new Promise<void>((resolve) => {
    process.once("SIGCONT", () => resolve());
    process.kill(process.pid, "SIGSTOP");
  });
  await terminal.resume();
}

async function edit(doing: Doing, path: string, line: number): Promise<void> {
  const { bus, signal } = doing;
  const terminal = doing.terminal();
  if (terminal === undefined) return;
  const { env, cwd } = bus.system;
  const words = editorWords(env);
  const [program = ""] = words;
  if (Bun.which(program, { PATH: env["PATH"] ?? "", cwd }) === null) {
    const text = `${program} is not installed: set EDITOR`;
    return signal({ kind: "notice", text, tone: "warn" });
  }
  await terminal.suspend();
  try {
    const child = Bun.spawn([...words, ...placeIn(program, path, line)], {
      cwd,
      env,
      stdio: ["inherit", "inherit", "inherit"],
    });
    await child.exited;
  } finally {
    await terminal.resume();
  }
}

/** As Git has it: what the owner set, else `vi`. */
export function editorWords(env: Readonly<Record<string, string | undefined>>): string[] {
  const set = [env["VISUAL"], env["EDITOR"]].find((one) => one !== undefined && one.trim() !== "");
  return (set ?? "vi").trim().split(/\s+/);
}

/** Most editors take `+LINE`; those that would open a file of that name are told nothing. */
function placeIn(program: string, path: string, line: number): string[] {
  const name = program.split("/").at(-1) ?? "";
  return line > 1 && /^(?:n?vim?|vi|nano|emacs|micro|kak)/.test(name) ? [`+${line}`, path] : [path];
}
