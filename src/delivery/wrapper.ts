// The wrapper: an agent program on a terminal of ours, inside the human's. Bytes pass in both
// directions whatever else happens; beside them run the screen model, the delivery loop and the
// control endpoint. Its exit status is the program's.
import { pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { type Child, spawnChild } from "../pty/child.ts";
import { type Screen, openScreen } from "../pty/screen.ts";
import { readTail } from "../sys/file-tail.ts";
import { processStart } from "../sys/process.ts";
import type { System } from "../sys/system.ts";
import type { Tool } from "../tools/tool.ts";
import { type Book, type OpenBus, openBook } from "./book.ts";
import { type Control, openControl } from "./control.ts";
import { handleRequest } from "./control-requests.ts";
import { type Eyes, openEyes } from "./eyes.ts";
import { farewell, spawnFailed } from "./farewell.ts";
import { liveFile } from "./live-file.ts";
import { Loop } from "./loop.ts";
import { noTerminal, openOuterTerminal, type OuterTerminal } from "./outer-terminal.ts";
import { screenTail, snapshot } from "./snapshot.ts";
import { openStream, type Stream } from "./stream.ts";
import { tailReader } from "./transcript-tail.ts";

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
}
