// The wrapper: an agent program on a terminal of ours, inside the human's. Bytes pass in both
// directions whatever else happens; beside them run the screen model, the delivery loop and the
// control endpoint. Its exit status is the program's.
import { type Paths, pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { type Child, spawnChild } from "../pty/child.ts";
import type { TitleMode } from "../pty/title.ts";
import { become } from "../sys/become.ts";
import { isInForeground, processStart } from "../sys/process.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { type Book, type OpenBus, openBook } from "./book.ts";
import { startTrace } from "./chores/debug-trace.ts";
import { farewell, spawnFailed } from "./farewell.ts";
import { openTypist } from "./first-prompt.ts";
import { liveFile } from "./live-file.ts";
import { Loop } from "./loop.ts";
import { type Courier, openCourier } from "./native/courier.ts";
import { type Native, openNative, rungsOf } from "./native/native.ts";
import { catchSignals } from "./signals.ts";
import { screenTail, snapshot } from "./snapshot.ts";
import { type Actors, openStage, type Stage } from "./stage.ts";
import { transcriptTail } from "./transcript-tail.ts";

export interface WrapperOptions {
  system: System;
  tool: Tool;
  /** Program and arguments. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  name: string;
  processId: string;
  directory: string;
  isHeadless: boolean;
  openBus: OpenBus;
  toolVersion: string | undefined;
  /** The tool's own configuration directory. */
  configDir: string;
  /** To be typed once the session is ready. */
  firstPrompt: string | undefined;
}

export async function runWrapper(options: WrapperOptions): Promise<number> {
  const status = await wrap(options);
  // Bun sets the terminal's modes at its end, and in the background that would stop us for good.
  if (!isInForeground()) {
    const argv = ["sh", "-c", `exit ${status}`];
    become({ path: "/bin/sh", argv, env: options.env, directory: "/" });
  }
  return status;
}

async function wrap(options: WrapperOptions): Promise<number> {
  const { system } = options;
  const paths = pathsOf(system.env, system.cwd);
  const actors: Actors = { child: undefined, loop: undefined, jobs: undefined, isKilled: false };
  using _signals = catchSignals({
    forward: (name) => actors.child?.signal(name),
    end(name) {
      actors.isKilled = true;
      actors.child?.kill(name);
    },
    onFault: (error) => report(system, "fault", error),
  });
  const titleMode = titleModeOf(options, paths);
  const stage = await openStage(
    { ...options, titleMode, runDir: paths.run, dir: paths.dir },
    actors,
  );
  const settings = lazySettings(paths, system.env);
  let courier: Courier | undefined;
  using native = await openNative({
    ...options,
    ...{ paths, settings },
    onNews(news) {
      courier?.hear(news);
      actors.loop?.wake(true);
    },
  });
  let child: Child;
  try {
    child = start(options, native, stage);
  } catch (error) {
    stage.close(false);
    return failToStart(options, stage, error);
  }
  actors.child = child;
  // A signal that came before there was anybody to end.
  if (actors.isKilled) child.kill();
  using book = bookOf(options, stage, child, () => actors.loop?.wake(true));
  const { carrier } = native;
  courier = carrier && openCourier({ carrier, book, system });
  const rungs = rungsOf({ tool: options.tool, settings });
  using loop = new Loop({
    ...loopOptions(options, paths, stage, actors, child, book, rungs),
    courier,
  });
  actors.loop = loop;
  actors.jobs = stage.controlJobs(child, {
    onSuspend: () => loop.suspend(),
    onResume: () => loop.resume(),
  });
  using _trace = startTrace({
    flag: `${paths.tmp}/pty_debug_on`,
    logs: paths.logs,
    name: () => loop.row()?.name,
    seen: () => ({ ...snapshot(stage.screen, options.tool.screen), ...loop.status() }),
    now: system.now,
  });
  // Awaited here: what is in use must stay open until the end.
  return await end(options, actors, native, { stage, child, book });
}

function start(options: WrapperOptions, { argv, env }: Native, stage: Stage): Child {
  return spawnChild({
    argv,
    // The hooks ask for these: a wrapper delivers, so the end of a turn need not wait for mail.
    env: { ...options.env, ...env, HCOM_LAUNCHED: "1", HCOM_PTY_MODE: "1" },
    directory: options.directory,
    ...stage.size(),
    onData: stage.pass,
  });
}

async function end(
  options: WrapperOptions,
  actors: Actors,
  native: Native,
  { stage, child, book }: { stage: Stage; child: Child; book: Book },
): Promise<number> {
  const { system } = options;
  const startedAt = system.monotonic();
  const exitCode = await child.exited;
  actors.loop?.[Symbol.dispose]();
  actors.jobs?.[Symbol.dispose]();
  await caughtUp(stage.screen);
  const tail = screenTail(stage.screen, 8, 1000);
  stage.close(actors.isKilled || exitCode > 128);
  const isLaunched = actors.loop?.isLaunched() ?? false;
  const word = isLaunched || exitCode === 0 ? undefined : native.ended(tail);
  if (word !== undefined) process.stderr.write(`${word}\n`);
  const seconds = Math.round((system.monotonic() - startedAt) / 1000);
  await farewell(system, book, {
    reason: reasonOf(actors.isKilled, isLaunched),
    exitCode,
    screenTail: isLaunched ? tail : `exited ${seconds}s after spawn, before binding\n${tail}`,
  });
  return exitCode;
}

const behindAtMostMs = 1000;

/** The last words of a program are often why it ended. */
async function caughtUp(screen: Stage["screen"]): Promise<void> {
  const deadline = performance.now() + behindAtMostMs;
  while (screen.isBehind() && performance.now() < deadline) await Bun.sleep(5);
}

function reasonOf(isKilled: boolean, isLaunched: boolean): "closed" | "killed" | "launch_failed" {
  if (isKilled) return "killed";
  return isLaunched ? "closed" : "launch_failed";
}

/** As a shell says it. */
const notFoundStatus = 127;

async function failToStart(options: WrapperOptions, stage: Stage, error: unknown): Promise<number> {
  const reason = error instanceof Error ? error.message : String(error);
  report(options.system, "spawn_failed", error);
  process.stderr.write(`${options.argv[0] ?? options.tool.name} could not be started: ${reason}\n`);
  using book = bookOf(options, stage, undefined, () => {});
  await spawnFailed(options.system, book, reason);
  return notFoundStatus;
}

function bookOf(
  options: WrapperOptions,
  stage: Stage,
  child: Child | undefined,
  onWake: () => void,
): Book {
  const { pid } = options.system;
  return openBook({
    openBus: options.openBus,
    tool: options.tool,
    processId: options.processId,
    pid: child?.pid,
    pidStart: child?.start,
    wrapperPid: pid,
    wrapperStart: processStart(pid),
    controlSocket: stage.controlSocket,
    toolVersion: options.toolVersion,
    configDir: options.configDir,
    readTail: transcriptTail(),
    onWake,
  });
}

function loopOptions(
  options: WrapperOptions,
  paths: Paths,
  stage: Stage,
  actors: Actors,
  child: Child,
  book: Book,
  rungs: Tool["rungs"],
): ConstructorParameters<typeof Loop>[0] {
  const { system, tool, configDir, env, directory, toolVersion } = options;
  const { pid, start: pidStart } = child;
  return {
    system,
    book,
    eyes: stage.eyes,
    rules: {
      ...{ gates: tool.gates, rungs, startTimeoutMs: tool.screen.startTimeoutMs },
      settleMs: tool.screen.settleMs,
    },
    live: liveFile({ registry: tool.live, configDir, pid, pidStart }),
    target: { tool, program: options.argv[0] ?? "", env, directory, pid, toolVersion, configDir },
    bells: paths.bells,
    write: child.write,
    typist: openTypist({
      text: options.firstPrompt,
      rungs: tool.rungs,
      system,
      write: child.write,
      isScreenBehind: stage.screen.isBehind,
      onFailed: book.mailFirstPrompt,
    }),
    isScreenBehind: stage.screen.isBehind,
    evidence: () => screenTail(stage.screen, 12, 1000),
    onRow: stage.showRow,
    onOrphaned() {
      // In front of a human it is the human who ends it.
      if (!options.isHeadless) return;
      actors.isKilled = true;
      child.kill();
    },
  };
}

function titleModeOf(options: WrapperOptions, paths: Paths): TitleMode {
  const mode = lazySettings(paths, options.system.env).text("title_mode");
  return mode === "label" || mode === "off" ? mode : "combined";
}

function report(system: System, event: string, error: unknown): void {
  const msg = error instanceof Error ? (error.stack ?? error.message) : String(error);
  system.log({ level: "error", subsystem: "delivery", event, msg });
}
