// The wrapper: an agent program on a terminal of ours, inside the human's. Bytes pass in both
// directions whatever else happens; beside them run the screen model, the delivery loop and the
// control endpoint. Its exit status is the program's.
import { type Paths, pathsOf } from "../config/paths.ts";
import { lazySettings, type Settings } from "../config/settings.ts";
import { type Child, spawnChild } from "../pty/child.ts";
import type { TitleMode } from "../pty/title.ts";
import { become } from "../sys/become.ts";
import { isInForeground, processStart } from "../sys/process.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { type Book, type OpenBus, openBook } from "./book.ts";
import { startTrace } from "./chores/debug-trace.ts";
import { type Control, openControl, refusal } from "./control.ts";
import { type ControlTarget, handleRequest } from "./control-requests.ts";
import { farewell, spawnFailed } from "./farewell.ts";
import { openTypist } from "./first-prompt.ts";
import { liveFile } from "./live-file.ts";
import { Loop, type LoopOptions } from "./loop.ts";
import { type Courier, openCourier } from "./native/courier.ts";
import { type Native, openNative, rungsOf } from "./native/native.ts";
import { catchSignals } from "./signals.ts";
import { screenTail, snapshot } from "./snapshot.ts";
import { openStage, type Stage, type StageHost } from "./stage.ts";
import type { JobControl } from "./suspend.ts";
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
  const status = await new Wrapper(options).run();
  // Bun sets the terminal's modes at its end, and in the background that would stop us for good.
  if (!isInForeground()) {
    const argv = ["sh", "-c", `exit ${status}`];
    become({ path: "/bin/sh", argv, env: options.env, directory: "/" });
  }
  return status;
}

/** Its parts come one after the other, and tell each other what happens through here. */
class Wrapper implements StageHost {
  readonly #options: WrapperOptions;
  readonly #paths: Paths;
  readonly #settings: Settings;
  #control: Control | undefined;
  #stage: Stage | undefined;
  #child: Child | undefined;
  #loop: Loop | undefined;
  #courier: Courier | undefined;
  #jobs: JobControl | undefined;
  #isKilled = false;

  constructor(options: WrapperOptions) {
    const { env, cwd } = options.system;
    this.#options = options;
    this.#paths = pathsOf(env, cwd);
    this.#settings = lazySettings(this.#paths, env);
  }

  async run(): Promise<number> {
    const options = this.#options;
    using _signals = catchSignals({
      forward: (name) => this.#child?.signal(name),
      end: (name) => this.#kill(name),
      onFault: (error) => this.#report("fault", error),
    });
    // The model and the endpoint are ready before the terminal becomes raw.
    this.#control = await this.#openControl();
    const stage = await openStage({ ...options, titleMode: this.#titleMode() }, this);
    this.#stage = stage;
    using native = await openNative({
      ...options,
      ...{ paths: this.#paths, settings: this.#settings },
      onNews: (news) => {
        this.#courier?.hear(news);
        this.#loop?.wake(true);
      },
    });
    let child: Child;
    try {
      child = this.#spawn(native, stage);
    } catch (error) {
      return await this.#failToStart(stage, error);
    }
    this.#child = child;
    // A signal that came before there was anybody to end.
    if (this.#isKilled) child.kill();
    using book = this.#openBook(() => this.#loop?.wake(true));
    const { carrier } = native;
    this.#courier = carrier && openCourier({ carrier, book, system: options.system });
    using loop = new Loop(this.#loopOptions(stage, child, book));
    this.#loop = loop;
    this.#jobs = stage.controlJobs(child, {
      isKilled: () => this.#isKilled,
      onSuspend: () => loop.suspend(),
      onResume: () => loop.resume(),
    });
    using _trace = this.#trace(stage, loop);
    // Awaited here: what is in use must stay open until the end.
    return await this.#end(native, { stage, child, loop, book });
  }

  write(data: Uint8Array<ArrayBuffer> | string): void {
    this.#child?.write(data);
  }

  wake(): void {
    this.#loop?.wake(false);
  }

  giveWay(): { count: number; isSending: boolean } {
    return this.#loop?.giveWay() ?? { count: 0, isSending: false };
  }

  resize(cols: number, rows: number): void {
    this.#child?.resize(cols, rows);
  }

  suspend(): void {
    this.#jobs?.suspend();
  }

  expectStop(): void {
    this.#jobs?.expectStop();
  }

  hangUp(): void {
    this.#kill("SIGHUP");
  }

  #kill(signal?: NodeJS.Signals): void {
    this.#isKilled = true;
    this.#child?.kill(signal);
  }

  #spawn({ argv, env }: Native, stage: Stage): Child {
    return spawnChild({
      argv,
      // The hooks ask for these: a wrapper delivers, so the end of a turn need not wait for mail.
      env: { ...this.#options.env, ...env, HCOM_LAUNCHED: "1", HCOM_PTY_MODE: "1" },
      directory: this.#options.directory,
      ...stage.size(),
      onData: stage.pass,
    });
  }

  async #end(
    native: Native,
    { stage, child, loop, book }: { stage: Stage; child: Child; loop: Loop; book: Book },
  ): Promise<number> {
    const { system } = this.#options;
    const startedAt = system.monotonic();
    const exitCode = await child.exited;
    loop[Symbol.dispose]();
    this.#jobs?.[Symbol.dispose]();
    await caughtUp(stage.screen);
    const tail = screenTail(stage.screen, 8, 1000);
    this.#close(stage, this.#isKilled || exitCode > 128);
    const isLaunched = loop.isLaunched();
    const word = isLaunched || exitCode === 0 ? undefined : native.ended(tail);
    if (word !== undefined) process.stderr.write(`${word}\n`);
    const seconds = Math.round((system.monotonic() - startedAt) / 1000);
    await farewell(system, book, {
      reason: reasonOf(this.#isKilled, isLaunched),
      exitCode,
      screenTail: isLaunched ? tail : `exited ${seconds}s after spawn, before binding\n${tail}`,
    });
    return exitCode;
  }

  async #failToStart(stage: Stage, error: unknown): Promise<number> {
    const { system, argv, tool } = this.#options;
    this.#close(stage, false);
    const reason = error instanceof Error ? error.message : String(error);
    this.#report("spawn_failed", error);
    process.stderr.write(`${argv[0] ?? tool.name} could not be started: ${reason}\n`);
    using book = this.#openBook(() => {});
    await spawnFailed(system, book, reason);
    return notFoundStatus;
  }

  #close(stage: Stage, isBroken: boolean): void {
    this.#control?.close();
    stage.close(isBroken);
  }

  #openBook(onWake: () => void): Book {
    const { system, openBus, tool, processId, toolVersion, configDir } = this.#options;
    return openBook({
      ...{ openBus, tool, processId, toolVersion, configDir, onWake },
      pid: this.#child?.pid,
      pidStart: this.#child?.start,
      wrapperPid: system.pid,
      wrapperStart: processStart(system.pid),
      controlSocket: this.#control?.path,
      readTail: transcriptTail(),
    });
  }

  #loopOptions(stage: Stage, child: Child, book: Book): LoopOptions {
    const { system, tool, argv, configDir, env, directory, toolVersion } = this.#options;
    const { pid, start: pidStart } = child;
    const rungs = rungsOf({ tool, settings: this.#settings });
    return {
      ...{ system, book, eyes: stage.eyes, bells: this.#paths.bells, courier: this.#courier },
      rules: {
        ...{ gates: tool.gates, rungs, startTimeoutMs: tool.screen.startTimeoutMs },
        settleMs: tool.screen.settleMs,
      },
      live: liveFile({ registry: tool.live, configDir, pid, pidStart }),
      target: { tool, program: argv[0] ?? "", env, directory, pid, toolVersion, configDir },
      write: child.write,
      typist: openTypist({
        text: this.#options.firstPrompt,
        rungs: tool.rungs,
        system,
        write: child.write,
        isScreenBehind: stage.screen.isBehind,
        onFailed: book.mailFirstPrompt,
      }),
      isScreenBehind: stage.screen.isBehind,
      evidence: () => screenTail(stage.screen, 12, 1000),
      onRow: (row) => stage.showRow(row),
      // In front of a human it is the human who ends it.
      onOrphaned: () => this.#options.isHeadless && this.#kill(),
    };
  }

  #trace(stage: Stage, loop: Loop): Disposable {
    const { system, tool } = this.#options;
    return startTrace({
      flag: `${this.#paths.tmp}/pty_debug_on`,
      logs: this.#paths.logs,
      name: () => loop.row()?.name,
      seen: () => ({ ...snapshot(stage.screen, tool.screen), ...loop.status() }),
      now: system.now,
    });
  }

  // Without an endpoint `term` does not work, but the agent does.
  async #openControl(): Promise<Control | undefined> {
    const { system } = this.#options;
    try {
      return await openControl(this.#paths.run, system.pid, async (request) => {
        if (this.#stage === undefined) return refusal("starting", "not yet");
        return handleRequest(this.#controlled(this.#stage), request);
      });
    } catch (error) {
      const msg = error instanceof Error ? error.message : String(error);
      system.log({ level: "warn", subsystem: "delivery", event: "no_control", msg });
      return undefined;
    }
  }

  #controlled({ screen, eyes }: Stage): ControlTarget {
    const { tool } = this.#options;
    const typing = tool.rungs.find((rung) => rung.kind === "typing");
    return {
      enterDelayMs: typing?.kind === "typing" ? typing.enterDelayMs : 0,
      screen: () => snapshot(screen, tool.screen),
      glance: eyes.glance,
      answers: () => tool.screen.answers?.(screen.rows()),
      write: (text) => {
        this.write(text);
        eyes.sawInjection();
        this.wake();
      },
      status: () => this.#status(),
      kill: () => this.#kill(),
    };
  }

  #status(): object {
    const { tool, name, processId, directory } = this.#options;
    const row = this.#stage?.row();
    return {
      pid: this.#child?.pid ?? null,
      tool: tool.name,
      ...this.#loop?.status(),
      who: {
        name: row?.name ?? name,
        pid_start: this.#child?.start ?? null,
        process_id: processId,
        session: row?.session_id ?? null,
        directory,
        dir: this.#paths.dir,
      },
    };
  }

  #titleMode(): TitleMode {
    const mode = this.#settings.text("title_mode");
    return mode === "label" || mode === "off" ? mode : "combined";
  }

  #report(event: string, error: unknown): void {
    const msg = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.system.log({ level: "error", subsystem: "delivery", event, msg });
  }
}

function reasonOf(isKilled: boolean, isLaunched: boolean): "closed" | "killed" | "launch_failed" {
  if (isKilled) return "killed";
  return isLaunched ? "closed" : "launch_failed";
}

/** As a shell says it. */
const notFoundStatus = 127;

const behindAtMostMs = 1000;

/** The last words of a program are often why it ended. */
async function caughtUp(screen: Stage["screen"]): Promise<void> {
  const deadline = performance.now() + behindAtMostMs;
  while (screen.isBehind() && performance.now() < deadline) await Bun.sleep(5);
}
