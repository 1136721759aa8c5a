// The terminal, and the only file that knows the library which draws on it. It shows frames, hands
// out keys, and gives the terminal back as it was.
import { writeSync } from "node:fs";
import {
  type CliRenderer,
  createCliRenderer,
  type OptimizedBuffer,
  RGBA,
  type ScrollbackRenderContext,
  StyledText,
  TextRenderable,
} from "@opentui/core";
import { textOf } from "../cli/style.ts";
import type { Frame, Line } from "../view/line.ts";
import { asciiOf, chosenGround, type Ink, inkOf, type Look } from "../view/paint.ts";
import { toClipboard } from "./clipboard.ts";
import { type Key, keyOf } from "./key-names.ts";

export interface Terminal {
  size(): { width: number; height: number };
  draw(frame: Frame, look: Look): void;
  /** Above the frame, into the terminal's own scrollback; only where it is drawn inline. */
  print(lines: readonly Line[], look: Look): void;
  /** Undefined until the terminal has told. */
  isLight(): boolean | undefined;
  copy(text: string): boolean;
  /** A notice of the desktop; false where the terminal has none. */
  notify(text: string): boolean;
  ring(): void;
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when the terminal is as it was. */
  close(): Promise<void>;
}

export interface Listeners {
  onKey(key: Key): void;
  onPaste(text: string): void;
  onSize(width: number, height: number): void;
  onTheme(): void;
  onClick(x: number, y: number): void;
  onWheel(by: 1 | -1): void;
}

export async function openTerminal(
  listeners: Listeners,
  options: { hasMouse: boolean; inlineRows: number | undefined },
): Promise<Terminal> {
  const renderer = await createCliRenderer({
    exitOnCtrlC: false,
    // Ours ends in order and says with which code.
    exitSignals: [],
    useMouse: options.hasMouse,
    enableMouseMovement: false,
    autoFocus: false,
    ...screenOf(options.inlineRows),
    consoleMode: "disabled",
    openConsoleOnError: false,
    useKittyKeyboard: { disambiguate: true, alternateKeys: false },
    debounceDelay: 40,
  });
  let shown: { frame: Frame; look: Look } | undefined;
  renderer.addPostProcessFn((buffer) => {
    if (shown !== undefined) paint(buffer, shown.frame, shown.look);
  });
  listen(renderer, listeners);
  if (options.hasMouse) listenToMouse(renderer, listeners);
  return {
    size: () => ({ width: renderer.width, height: renderer.height }),
    draw(frame, look) {
      shown = { frame, look };
      showCursor(renderer, frame);
      renderer.requestRender();
    },
    print(lines, look) {
      for (const line of lines) renderer.writeToScrollback((context) => rowOf(context, line, look));
    },
    isLight: () => (renderer.themeMode === null ? undefined : renderer.themeMode === "light"),
    copy(text) {
      const isTaken = renderer.copyToClipboardOSC52(text);
      // The library wraps it for what lies behind tmux, which drops that as it comes.
      if (isTaken) writeSync(1, toClipboard(text));
      return isTaken;
    },
    notify: (text) => renderer.triggerNotification(text, "hcom"),
    ring: () => void process.stdout.write("\x07"),
    suspend: () => renderer.suspend(),
    resume: () => renderer.resume(),
    async close() {
      // What was printed last moves the frame, and only what is the frame is to be wiped out.
      if (options.inlineRows !== undefined) await Promise.race([renderer.idle(), Bun.sleep(500)]);
      renderer.destroy();
      await renderer.closed;
    },
  };
}

function screenOf(rows: number | undefined) {
  if (rows === undefined) return { screenMode: "alternate-screen" } as const;
  const externalOutputMode = "capture-stdout" as const;
  return { screenMode: "split-footer", footerHeight: rows, externalOutputMode } as const;
}

function rowOf({ width, renderContext }: ScrollbackRenderContext, line: Line, look: Look) {
  const chunks = line.parts.map((part) => {
    const own = textOf(part);
    const ink = typeof part === "string" ? {} : inkOf(part.tone, look);
    return {
      __isChunk: true as const,
      text: look.isAscii ? asciiOf(own) : own,
      fg: ink.color === undefined ? foreground : indexed(ink.color),
      attributes: attributesOf(ink, false),
    };
  });
  const content = new StyledText(chunks);
  const root = new TextRenderable(renderContext, { content, width, height: 1, wrapMode: "none" });
  return { root, width, height: 1, startOnNewLine: true, trailingNewline: true };
}

function listen(renderer: CliRenderer, listeners: Listeners): void {
  renderer.keyInput.on("keypress", (event) => {
    const key = keyOf(event);
    if (key !== undefined) listeners.onKey(key);
  });
  renderer.keyInput.on("paste", (event) =>
    listeners.onPaste(new TextDecoder().decode(event.bytes)),
  );
  renderer.on("resize", (width: number, height: number) => listeners.onSize(width, height));
  renderer.on("theme_mode", () => listeners.onTheme());
}

/** Something has to lie where the mouse is: an empty text over all of the frame. */
function listenToMouse(renderer: CliRenderer, listeners: Listeners): void {
  const all = { width: "100%", height: "100%", selectable: false } as const;
  const place = new TextRenderable(renderer, { content: "", ...all });
  place.onMouseDown = ({ x, y, button }) => {
    if (button === leftButton) listeners.onClick(x, y);
  };
  place.onMouseScroll = ({ scroll }) => {
    if (scroll?.direction === "up") listeners.onWheel(-1);
    if (scroll?.direction === "down") listeners.onWheel(1);
  };
  renderer.root.add(place);
  // What lies where is known to the library from the second frame on.
  renderer.once("frame", () => setTimeout(() => renderer.requestRender(), 20));
}

const leftButton = 0;

function showCursor(renderer: CliRenderer, { cursor }: Frame): void {
  if (cursor === undefined) renderer.setCursorPosition(1, 1, false);
  else renderer.setCursorPosition(cursor.x + 1, cursor.y + 1, true);
}

const ground = RGBA.defaultBackground();
const foreground = RGBA.defaultForeground();

function paint(buffer: OptimizedBuffer, frame: Frame, look: Look): void {
  buffer.clear(ground);
  for (const [y, line] of frame.lines.entries()) paintLine(buffer, line, y, look);
}

function paintLine(buffer: OptimizedBuffer, line: Line, y: number, look: Look): void {
  let x = 0;
  const chosen = line.isChosen === true ? chosenGround(look) : undefined;
  const behind = chosen === undefined ? ground : indexed(chosen);
  const isReversed = line.isChosen === true && chosen === undefined && look.palette !== "none";
  for (const part of line.parts) {
    const own = textOf(part);
    const text = look.isAscii ? asciiOf(own) : own;
    const ink = typeof part === "string" ? {} : inkOf(part.tone, look);
    const color = ink.color === undefined ? foreground : indexed(ink.color);
    buffer.drawText(text, x, y, color, behind, attributesOf(ink, isReversed));
    x += Bun.stringWidth(text);
  }
}

/** Bits of the library: bold, dim, inverse. */
const bits = { bold: 1, dim: 2, inverse: 32 } as const;

function attributesOf({ isBold, isDim }: Ink, isReversed: boolean): number {
  return (
    (isBold === true ? bits.bold : 0) |
    (isDim === true ? bits.dim : 0) |
    (isReversed ? bits.inverse : 0)
  );
}

const colors = new Map<number, RGBA>();

/** Of the terminal's own palette, so that its owner's colours stay. */
function indexed(index: number): RGBA {
  const known = colors.get(index) ?? RGBA.fromIndex(index);
  colors.set(index, known);
  return known;
}
