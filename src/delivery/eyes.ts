// Looks at the screen through the tool's reader and remembers what a single look cannot tell: when
// there was output, a key, a submitted input, and a question that a redraw hides for a moment.
import type { Row } from "../pty/screen.ts";
import type { ScreenReader } from "../tools/tool.ts";
import type { Glance } from "./plan/seen.ts";

export interface Eyes {
  glance(): Glance;
  /** Keys would be lost, or may be in a moment. */
  isDeaf(): boolean;
  sawOutput(): void;
  /** Bytes from the human. */
  sawKeys(bytes: Uint8Array): void;
  /** Text that came through `term inject`: it may have answered a question. */
  sawInjection(): void;
  quietMs(): number;
  sinceKey(): number;
  sinceSubmit(): number;
}

export interface EyesOptions {
  reader: ScreenReader;
  /** Of the program. */
  args: readonly string[];
  rows(): readonly Row[];
  /** Changes with the rows. */
  version(): number;
  title(): string;
  nowMs(): number;
}

/** A box that stands this long is not taken away any more. */
const deafWithinMs = 2500;
/** A redraw hides a dialog briefly; without output for this long it is really gone. */
const latchQuietMs = 400;
/** A spinner never lets the output rest: then this long without the dialog is enough. */
const latchMostMs = 2000;

export function openEyes(options: EyesOptions): Eyes {
  const { reader, nowMs } = options;
  const start = nowMs();
  let outputAt = start;
  let keyAt = Number.NEGATIVE_INFINITY;
  let submitAt = Number.NEGATIVE_INFINITY;
  let lastInput: string | null = null;
  let approvalAt: number | undefined;
  let raw: Glance | undefined;
  let rawKey = "";
  const hearing = openHearing(options);

  function look(): Glance {
    const title = options.title();
    const key = `${options.version()} ${title}`;
    if (raw !== undefined && key === rawKey) return raw;
    const rows = options.rows();
    rawKey = key;
    raw = read(reader, rows, title);
    // From text to an empty or lost box: it was sent, or at least nobody's draft any more.
    if (lastInput && !raw.input) submitAt = nowMs();
    lastInput = raw.input;
    hearing.saw(rows, raw.input);
    return raw;
  }

  function isLatched(isSeen: boolean): boolean {
    const now = nowMs();
    if (isSeen) approvalAt = now;
    if (isSeen || approvalAt === undefined) return isSeen;
    const isGone = now - outputAt >= latchQuietMs || now - approvalAt >= latchMostMs;
    if (isGone) approvalAt = undefined;
    return !isGone;
  }

  return {
    glance() {
      const seen = look();
      const hasOverlay = seen.hasOverlay || hearing.isDeaf();
      return { ...seen, hasOverlay, hasApproval: isLatched(seen.hasApproval) };
    },
    isDeaf() {
      look();
      return hearing.isDeaf();
    },
    sawOutput() {
      outputAt = nowMs();
    },
    sawKeys(bytes) {
      if (!isTyping(bytes)) return;
      keyAt = nowMs();
      approvalAt = undefined;
      if (bytes.includes(0x0d) && lastInput) submitAt = keyAt;
    },
    sawInjection() {
      approvalAt = undefined;
    },
    quietMs: () => nowMs() - outputAt,
    sinceKey: () => nowMs() - keyAt,
    sinceSubmit: () => nowMs() - submitAt,
  };
}

/** Does the program hear what is typed? */
function openHearing({ reader, args, nowMs }: EyesOptions) {
  let isShownDeaf = false;
  let mayGoDeaf = reader.goesDeaf?.(args) ?? false;
  let boxAt: number | undefined;
  return {
    saw(rows: readonly Row[], input: string | null) {
      isShownDeaf = reader.deaf?.(rows) ?? false;
      if (isShownDeaf) mayGoDeaf = false;
      if (input !== null) boxAt ??= nowMs();
    },
    isDeaf() {
      if (isShownDeaf || !mayGoDeaf || boxAt === undefined) return isShownDeaf;
      // A key is faster than the picture that shows what became of the box.
      mayGoDeaf = nowMs() - boxAt < deafWithinMs;
      return mayGoDeaf;
    },
  };
}

function read(reader: ScreenReader, rows: readonly Row[], title: string): Glance {
  const input = reader.input(rows);
  return {
    isReady: isReady(reader, rows),
    hasText: rows.some((row) => row.text.trim() !== ""),
    input: input === null ? null : input.trim(),
    hasApproval: reader.approval(rows, title),
    hasOverlay: reader.overlay?.(rows) ?? false,
    isBusy: reader.busy?.(rows, title) ?? null,
    hasLaunchQuestion: reader.launchQuestion?.(rows) ?? false,
    isBypassed: reader.bypassed?.(rows) ?? false,
  };
}

/** No such text means: ready from the start. */
export function isReady(reader: ScreenReader, rows: readonly Row[]): boolean {
  const { readyText } = reader;
  return readyText === undefined || rows.some((row) => row.text.includes(readyText));
}

// What an outer terminal sends by itself: focus in and out, answers to DA, DSR, mode and colour
// questions. None of it is a human at the keyboard.
const reports =
  /\x1b\[[IO]|\x1b\[[?>=]?[\d;]*(?:[cnR]|\$y|t)|\x1b[\]P_][^\x07\x1b]*(?:\x07|\x1b\\)/g;

export function isTyping(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  if (bytes[0] !== 0x1b) return true;
  return Buffer.from(bytes).toString("latin1").replace(reports, "") !== "";
}
