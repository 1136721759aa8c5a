// Everything around the program's terminal: the human's terminal in front of it, the screen model
// beside it, the title above it, and the control endpoint behind it.

import type { Instance } from "../core/instance.ts";
import { isPlaceholder } from "../core/liveness.ts";
import { fullName } from "../core/names/address.ts";
import { statusIcon } from "../core/status.ts";
import type { Child } from "../pty/child.ts";
import { openScreen, type Screen } from "../pty/screen.ts";
import { composeTitle, type TitleMode } from "../pty/title.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { type Control, openControl, refusal } from "./control.ts";
import { type ControlTarget, handleRequest } from "./control-requests.ts";
import { type Eyes, isTyping, openEyes } from "./eyes.ts";
import { openKeyboard } from "./keyboard.ts";
import type { Loop } from "./loop.ts";
import { noTerminal, openOuterTerminal } from "./outer-terminal.ts";
import { snapshot } from "./snapshot.ts";
import { openStream, type Stream } from "./stream.ts";
import { type JobControl, type JobEvents, jobControl } from "./suspend.ts";
import { type SuspendKey, suspendKeys } from "./suspend-key.ts";

export interface StageOptions {
  system: System;
  tool: Tool;
  name: string;
  isHeadless: boolean;
  titleMode: TitleMode;
  /** Folder for the control socket. */
  runDir: string;
  /** For who asks later what this was: see `orphans.ts`. */
  processId: string;
  directory: string;
  dir: string;
}

/** Who comes into being after the stage. */
export interface Actors {
  child: Child | undefined;
  loop: Loop | undefined;
  jobs: JobControl | undefined;
  isKilled: boolean;
}

export interface Stage {
  screen: Screen;
  eyes: Eyes;
  controlSocket: string | undefined;
  size(): { cols: number; rows: number };
  /** The program wrote this. */
  pass(bytes: Uint8Array<ArrayBuffer>): void;
  showRow(row: Instance | undefined): void;
  /** In front of a human only. */
  controlJobs(child: Child, events: JobEvents): JobControl | undefined;
  /** `isBroken`: the program had no chance to clean up the terminal. */
  close(isBroken: boolean): void;
}

export async function openStage(options: StageOptions, actors: Actors): Promise<Stage> {
  const { system, tool, isHeadless } = options;
  // Bound below: the model and the endpoint are ready before the terminal becomes raw.
  let eyes: Eyes | undefined;
  /** What it was when it took part last. */
  let last: Instance | undefined;
  const screen = await openScreen({
    ...noTerminal.size(),
    onChange: () => actors.loop?.wake(false),
    // In front of a human it is the real terminal that answers.
    ...(isHeadless ? { onAnswer: (text: string) => actors.child?.write(text) } : {}),
  });
  const control = await openControlOrNot(
    options,
    () => eyes && targetOf(options, screen, eyes, actors, () => last),
  );
  const outer = isHeadless
    ? noTerminal
    : openOuterTerminal(eventsOf(tool, actors, screen, () => eyes));
  const size = outer.size();
  screen.resize(size.cols, size.rows);
  const stream = openStream(outer, isHeadless ? "off" : options.titleMode);
  eyes = openEyes({
    reader: tool.screen,
    rows: screen.rows,
    version: screen.version,
    title: stream.childTitle,
    nowMs: () => system.monotonic(),
  });
  const seeing = eyes;
  const titles = titler(options, stream);
  return {
    screen,
    eyes,
    controlSocket: control?.path,
    size: outer.size,
    pass(bytes) {
      stream.pass(bytes);
      seeing.sawOutput();
      screen.feed(bytes);
      titles.refresh();
    },
    showRow(row) {
      last = row ?? last;
      titles.show(row);
    },
    controlJobs(child, events) {
      if (isHeadless) return undefined;
      const isKilled = () => actors.isKilled;
      return jobControl({ child, screen, stream, outer, isKilled, ...events });
    },
    close(isBroken) {
      control?.close();
      stream.end();
      const broken = screen.isAlternate() ? "broken-alternate" : "broken";
      outer.restore(isBroken ? broken : "clean");
    },
  };
}

function eventsOf(
  tool: Tool,
  actors: Actors,
  screen: Screen,
  eyes: () => Eyes | undefined,
): Parameters<typeof openOuterTerminal>[0] {
  const keyboard = openKeyboard({
    write: (data) => actors.child?.write(data),
    giveWay: () => actors.loop?.giveWay() ?? { count: 0, isSending: false },
    isTyping,
    isBoxEmpty: () => !screen.isBehind() && eyes()?.glance().input === "",
  });
  const suspendKey = suspendKeys();
  return {
    onKeys(all) {
      const found = suspendKey(all);
      const isForUs = found !== undefined && tool.launch.suspends === "wrapper";
      if (isForUs) actors.jobs?.suspend();
      else if (found !== undefined) actors.jobs?.expectStop();
      const bytes = isForUs ? without(all, found) : all;
      if (bytes.length === 0) return;
      keyboard.press(bytes);
      eyes()?.sawKeys(bytes);
      actors.loop?.wake(false);
    },
    onResize({ cols, rows }) {
      screen.resize(cols, rows);
      actors.child?.resize(cols, rows);
    },
    onHangUp() {
      actors.isKilled = true;
      actors.child?.kill("SIGHUP");
    },
  };
}

/** What was typed before and behind the key is the program's. */
function without(bytes: Uint8Array, key: SuspendKey): Uint8Array<ArrayBuffer> {
  const rest = new Uint8Array(bytes.length - key.length);
  rest.set(bytes.subarray(0, key.at));
  rest.set(bytes.subarray(key.at + key.length), key.at);
  return rest;
}

function titler(options: StageOptions, stream: Stream) {
  let row: Instance | undefined;
  let last = "";
  const refresh = () => {
    const own = stream.childTitle();
    const icon = row === undefined || isPlaceholder(row) ? "launching" : row.status;
    const name = row === undefined ? options.name : fullName(row);
    const key = `${icon}\n${name}\n${own}`;
    if (key === last) return;
    last = key;
    const { titleMode: mode, tool } = options;
    stream.showTitle(composeTitle({ mode, icon: statusIcon(icon), name, tool: tool.name, own }));
  };
  return {
    refresh,
    show(next: Instance | undefined) {
      // While the log does not answer, the title stays.
      row = next ?? row;
      refresh();
    },
  };
}

function targetOf(
  { tool, ...options }: StageOptions,
  screen: Screen,
  eyes: Eyes,
  actors: Actors,
  row: () => Instance | undefined,
): ControlTarget {
  const typing = tool.rungs.find((rung) => rung.kind === "typing");
  return {
    enterDelayMs: typing?.kind === "typing" ? typing.enterDelayMs : 0,
    screen: () => snapshot(screen, tool.screen),
    glance: eyes.glance,
    answers: () => tool.screen.answers?.(screen.rows()),
    write(text) {
      actors.child?.write(text);
      eyes.sawInjection();
      actors.loop?.wake(false);
    },
    status: () => ({
      pid: actors.child?.pid ?? null,
      tool: tool.name,
      ...actors.loop?.status(),
      who: {
        name: row()?.name ?? options.name,
        pid_start: actors.child?.start ?? null,
        process_id: options.processId,
        session: row()?.session_id ?? null,
        directory: options.directory,
        dir: options.dir,
      },
    }),
    kill() {
      actors.isKilled = true;
      actors.child?.kill();
    },
  };
}

// Without an endpoint `term` does not work, but the agent does.
async function openControlOrNot(
  options: StageOptions,
  target: () => ControlTarget | undefined,
): Promise<Control | undefined> {
  try {
    return await openControl(options.runDir, options.system.pid, async (request) => {
      const ready = target();
      return ready === undefined ? refusal("starting", "not yet") : handleRequest(ready, request);
    });
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    options.system.log({ level: "warn", subsystem: "delivery", event: "no_control", msg });
    return undefined;
  }
}
