// Everything in front of the program: the human's terminal, the screen model beside it, and the
// title above it. What happens there is told to the host.

import type { Instance } from "../core/instance.ts";
import { isPlaceholder } from "../core/liveness.ts";
import { fullName } from "../core/names/address.ts";
import { statusIcon } from "../core/status.ts";
import type { Child } from "../pty/child.ts";
import { openScreen, type Screen } from "../pty/screen.ts";
import { composeTitle, type TitleMode } from "../pty/title.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { type Eyes, isTyping, openEyes } from "./eyes.ts";
import { type Keyboard, type KeyboardOptions, openKeyboard } from "./keyboard.ts";
import { noTerminal, type OuterTerminal, openOuterTerminal } from "./outer-terminal.ts";
import { openStream, type Stream } from "./stream.ts";
import { type JobControl, type JobEvents, jobControl } from "./suspend.ts";
import { type SuspendKey, suspendKeys } from "./suspend-key.ts";

export interface StageOptions {
  system: System;
  tool: Tool;
  argv: readonly string[];
  name: string;
  isHeadless: boolean;
  titleMode: TitleMode;
}

/** The wrapper, as its terminal tells it what happens. */
export interface StageHost extends Pick<KeyboardOptions, "giveWay"> {
  /** Into the program. */
  write(data: Uint8Array<ArrayBuffer> | string): void;
  /** The screen or the keyboard may have changed. */
  wake(): void;
  resize(cols: number, rows: number): void;
  /** The human wants the program to stand still. */
  suspend(): void;
  /** The program itself got the key for that. */
  expectStop(): void;
  /** The terminal is gone. */
  hangUp(): void;
}

export async function openStage(options: StageOptions, host: StageHost): Promise<Stage> {
  const screen = await openScreen({
    ...noTerminal.size(),
    onChange: () => host.wake(),
    // In front of a human it is the real terminal that answers.
    ...(options.isHeadless ? { onAnswer: (text: string) => host.write(text) } : {}),
  });
  return new Stage(options, host, screen);
}

export class Stage {
  readonly screen: Screen;
  readonly eyes: Eyes;
  readonly #options: StageOptions;
  readonly #host: StageHost;
  readonly #outer: OuterTerminal;
  readonly #stream: Stream;
  readonly #keyboard: Keyboard;
  readonly #suspendKey = suspendKeys();
  /** The newest that the log has said. */
  #row: Instance | undefined;
  #title = "";

  constructor(options: StageOptions, host: StageHost, screen: Screen) {
    const { tool, system, isHeadless } = options;
    this.#options = options;
    this.#host = host;
    this.screen = screen;
    this.#outer = isHeadless ? noTerminal : this.#openTerminal();
    const { cols, rows } = this.#outer.size();
    screen.resize(cols, rows);
    this.#stream = openStream(this.#outer, isHeadless ? "off" : options.titleMode);
    this.eyes = openEyes({
      reader: tool.screen,
      args: options.argv.slice(1),
      rows: screen.rows,
      version: screen.version,
      title: this.#stream.childTitle,
      nowMs: () => system.monotonic(),
    });
    this.#keyboard = openKeyboard({
      write: (data) => host.write(data),
      giveWay: () => host.giveWay(),
      isTyping,
      isDeaf: () => this.eyes.isDeaf(),
      isBoxEmpty: () => !screen.isBehind() && this.eyes.glance().input === "",
    });
  }

  size(): { cols: number; rows: number } {
    return this.#outer.size();
  }

  row(): Instance | undefined {
    return this.#row;
  }

  /** The program wrote this. */
  readonly pass = (bytes: Uint8Array<ArrayBuffer>): void => {
    this.#stream.pass(bytes);
    this.eyes.sawOutput();
    this.screen.feed(bytes);
    this.#showTitle();
  };

  /** While the log does not answer, the title stays. */
  showRow(row: Instance | undefined): void {
    this.#row = row ?? this.#row;
    this.#showTitle();
  }

  /** In front of a human only. */
  controlJobs(child: Child, events: JobEvents & { isKilled(): boolean }): JobControl | undefined {
    if (this.#options.isHeadless) return undefined;
    return jobControl({
      ...{ child, screen: this.screen, stream: this.#stream, outer: this.#outer },
      ...events,
    });
  }

  /** `isBroken`: the program had no chance to clean up the terminal. */
  close(isBroken: boolean): void {
    this.#stream.end();
    const broken = this.screen.isAlternate() ? "broken-alternate" : "broken";
    this.#outer.restore(isBroken ? broken : "clean");
  }

  #openTerminal(): OuterTerminal {
    return openOuterTerminal({
      onKeys: (bytes) => this.#keys(bytes),
      onResize: ({ cols, rows }) => {
        this.screen.resize(cols, rows);
        this.#host.resize(cols, rows);
      },
      onHangUp: () => this.#host.hangUp(),
    });
  }

  #keys(all: Uint8Array<ArrayBuffer>): void {
    const found = this.#suspendKey(all);
    const isForUs = found !== undefined && this.#options.tool.launch.suspends === "wrapper";
    if (isForUs) this.#host.suspend();
    else if (found !== undefined) this.#host.expectStop();
    const bytes = isForUs ? without(all, found) : all;
    if (bytes.length === 0) return;
    this.#keyboard.press(bytes);
    this.eyes.sawKeys(bytes);
    this.#host.wake();
  }

  #showTitle(): void {
    const row = this.#row;
    const own = this.#stream.childTitle();
    const icon = row === undefined || isPlaceholder(row) ? "launching" : row.status;
    const name = row === undefined ? this.#options.name : fullName(row);
    const key = `${icon}\n${name}\n${own}`;
    if (key === this.#title) return;
    this.#title = key;
    const { titleMode: mode, tool } = this.#options;
    const title = composeTitle({ mode, icon: statusIcon(icon), name, tool: tool.name, own });
    this.#stream.showTitle(title);
  }
}

/** What was typed before and behind the key is the program's. */
function without(bytes: Uint8Array, key: SuspendKey): Uint8Array<ArrayBuffer> {
  const rest = new Uint8Array(bytes.length - key.length);
  rest.set(bytes.subarray(0, key.at));
  rest.set(bytes.subarray(key.at + key.length), key.at);
  return rest;
}
