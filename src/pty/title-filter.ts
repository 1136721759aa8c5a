// Stands in the stream from a program to the outer terminal: catches the titles that the program
// sets, keeps them from the outer terminal when ours stand there, and knows when a title of ours
// may be written. Every other byte passes unchanged.
import { cleanTitle } from "./title.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface TitleFilter {
  /** The bytes to pass on. A sequence that may become a title is held until its end is known. */
  push(bytes: Bytes): Bytes;
  /** Is the passed-on stream between complete characters and sequences? */
  isBetween(): boolean;
  /** The last complete title that the program set, cleaned. */
  title(): string;
  /** What is still held, at the end of the stream. */
  flush(): Bytes;
}

const esc = 0x1b;
const bel = 0x07;
/** A title that does not end within this many bytes is passed on as it came. */
const holdBytes = 256;

type State = "ground" | "escape" | "csi" | "nf" | "single" | "osc" | "title" | "string";

interface Stream {
  drops: boolean;
  state: State;
  /** Inside a string: the byte before was ESC, so `\` ends it. */
  isEscaped: boolean;
  /** Bytes of a sequence that may be a title. */
  held: number[];
  payload: number[];
  selector: string;
  title: string;
  /** Continuation bytes that the last character still needs. */
  missing: number;
  /** What the current push passes on. */
  out: Bytes[];
}

/** `drops` false: everything passes, titles are only watched. */
export function titleFilter(options: { drops: boolean }): TitleFilter {
  const stream: Stream = {
    drops: options.drops,
    state: "ground",
    isEscaped: false,
    held: [],
    payload: [],
    selector: "",
    title: "",
    missing: 0,
    out: [],
  };
  return {
    push: (bytes) => push(stream, bytes),
    isBetween: () => stream.state === "ground" && stream.missing === 0,
    title: () => stream.title,
    flush() {
      release(stream);
      return takeOut(stream);
    },
  };
}

function push(stream: Stream, bytes: Bytes): Bytes {
  let at = 0;
  while (at < bytes.length) {
    const end = endOfPlain(stream, bytes, at);
    if (end > at) {
      // Nothing is held here: plain runs exist only outside of what may be a title.
      stream.out.push(bytes.subarray(at, end));
      at = end;
      continue;
    }
    step(stream, bytes[at] ?? 0);
    at++;
  }
  stream.missing = stream.state === "ground" ? missingBytes(bytes, stream.missing) : 0;
  return takeOut(stream);
}

/** The next byte that can mean something, in states where most bytes mean nothing. */
function endOfPlain(stream: Stream, bytes: Bytes, from: number): number {
  if (stream.isEscaped || (stream.state !== "ground" && stream.state !== "string")) return from;
  const nextEscape = bytes.indexOf(esc, from);
  const end = nextEscape < 0 ? bytes.length : nextEscape;
  if (stream.state === "ground") return end;
  for (let at = from; at < end; at++) {
    if (bytes[at] === bel || isAbort(bytes[at])) return at;
  }
  return end;
}

function step(stream: Stream, byte: number): void {
  if (stream.state === "osc" || stream.state === "title" || stream.state === "string") {
    stepInString(stream, byte);
  } else if (byte === esc) {
    // An unfinished sequence before it is no title.
    release(stream);
    stream.held.push(byte);
    stream.state = "escape";
  } else {
    stream.held.push(byte);
    stream.state = isAbort(byte) ? "ground" : afterEscape(stream.state, byte);
    stream.isEscaped = false;
    stream.selector = "";
    stream.payload = [];
    if (stream.state !== "osc") release(stream);
  }
}

function stepInString(stream: Stream, byte: number): void {
  if (stream.isEscaped && byte !== 0x5c && !isAbort(byte)) {
    // Any other sequence cuts the string short.
    stream.isEscaped = false;
    stream.state = "escape";
    step(stream, byte);
    return;
  }
  stream.held.push(byte);
  if (isAbort(byte)) leave(stream, "ground");
  else if (stream.isEscaped || byte === bel) endString(stream);
  else if (byte === esc) stream.isEscaped = true;
  else if (stream.state === "osc") readSelector(stream, byte);
  else if (stream.state === "string") release(stream);
  else {
    stream.payload.push(byte);
    if (stream.held.length > holdBytes) leave(stream, "string");
  }
}

/** OSC 0, 1 and 2 are titles; the other numbers are somebody else's. */
function readSelector(stream: Stream, byte: number): void {
  if (byte === 0x3b && /^[012]$/.test(stream.selector)) stream.state = "title";
  else if (byte >= 0x30 && byte <= 0x39 && stream.selector.length < 2) {
    stream.selector += String.fromCharCode(byte);
  } else leave(stream, "string");
}

function endString(stream: Stream): void {
  if (stream.state === "title") {
    if (stream.selector !== "1") {
      stream.title = cleanTitle(Buffer.from(stream.payload).toString("utf8"));
    }
    if (stream.drops) stream.held = [];
  }
  leave(stream, "ground");
}

function leave(stream: Stream, next: State): void {
  release(stream);
  stream.isEscaped = false;
  stream.state = next;
}

function release(stream: Stream): void {
  if (stream.held.length > 0) stream.out.push(new Uint8Array(stream.held));
  stream.held = [];
}

function takeOut(stream: Stream): Bytes {
  const [only, ...more] = stream.out;
  const joined =
    only !== undefined && more.length === 0 ? only : new Uint8Array(Buffer.concat(stream.out));
  stream.out = [];
  return joined;
}

/** CAN and SUB end any sequence. */
function isAbort(byte: number | undefined): boolean {
  return byte === 0x18 || byte === 0x1a;
}

/** ECMA-48: what the byte after ESC (or within the sequence it opened) leads to. */
function afterEscape(state: State, byte: number): State {
  switch (state) {
    case "escape":
      if (byte === 0x5b) return "csi";
      if (byte === 0x5d) return "osc";
      // DCS, SOS, PM, APC.
      if (byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return "string";
      // SS2, SS3: one more byte.
      if (byte === 0x4e || byte === 0x4f) return "single";
      return byte >= 0x20 && byte <= 0x2f ? "nf" : "ground";
    case "csi":
      return byte >= 0x40 && byte <= 0x7e ? "ground" : "csi";
    case "nf":
      return byte >= 0x30 && byte <= 0x7e ? "ground" : "nf";
    default:
      return "ground";
  }
}

/** How many continuation bytes of UTF-8 the end of these bytes still waits for. */
function missingBytes(bytes: Bytes, before: number): number {
  let continuations = 0;
  for (let at = bytes.length - 1; at >= 0 && continuations < 4; at--) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) === 0x80) {
      continuations++;
      continue;
    }
    return Math.max(0, continuationsOf(byte) - continuations);
  }
  return Math.max(0, before - continuations);
}

function continuationsOf(lead: number): number {
  if (lead >= 0xf0) return 3;
  if (lead >= 0xe0) return 2;
  return lead >= 0xc0 ? 1 : 0;
}
