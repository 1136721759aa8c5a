// A lexer just good enough for the checks: it tells code, comments, text literals and regular
// expressions apart. It does not parse; blanked text keeps its length and line breaks.

export interface Literal {
  text: string;
  line: number;
}

export interface Lexed {
  /** Comments blanked. */
  code: string;
  /** Comments and the inside of literals blanked. */
  bare: string;
  /** Everything but comments blanked. */
  comments: string;
  literals: Literal[];
}

type Kind = "code" | "comment" | "literal" | "pattern";

const cache = new Map<string, Lexed>();

export function lex(text: string): Lexed {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const kinds = classify(text);
  const literals = collect(text, kinds);
  const lexed = {
    code: blank(text, (at) => kinds[at] === "comment"),
    bare: blank(text, (at) => kinds[at] !== "code"),
    comments: blank(text, (at) => kinds[at] !== "comment"),
    literals,
  };
  cache.set(text, lexed);
  return lexed;
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

/** The kind of every character. Quotes themselves are code, what is between them is literal. */
function classify(text: string): Kind[] {
  const kinds = new Array<Kind>(text.length).fill("code");
  // One entry per template that is open around us: the depth of braces inside its `${`.
  const templates: number[] = [];
  let at = 0;
  const mark = (from: number, to: number, kind: Kind): void => {
    kinds.fill(kind, from, Math.min(to, text.length));
    at = to;
  };
  const template = (from: number): void => {
    const end = templateStop(text, from);
    mark(from, end, "literal");
    if (text[end] === "$") {
      templates.push(0);
      at = end + 2;
    } else at = end + 1;
  };
  while (at < text.length) {
    const here = text[at];
    const pair = text.slice(at, at + 2);
    const depth = templates.at(-1);
    if (pair === "//") mark(at, endOf(text, "\n", at), "comment");
    else if (pair === "/*") mark(at, endOf(text, "*/", at + 2) + 2, "comment");
    else if (here === "`") template(at + 1);
    else if (here === '"' || here === "'") {
      mark(at + 1, quoteStop(text, at + 1, here), "literal");
      at += 1;
    } else if (here === "/" && startsPattern(text, at)) {
      mark(at + 1, patternStop(text, at + 1), "pattern");
      at += 1;
    } else if (here === "}" && depth === 0) {
      templates.pop();
      template(at + 1);
    } else {
      if (depth !== undefined && here === "{") templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && here === "}") templates[templates.length - 1] = depth - 1;
      at += 1;
    }
  }
  return kinds;
}

function endOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
}

function quoteStop(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== "\n") {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

/** Where the template's text ends: at its backtick or at a `${`. */
function templateStop(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "`" && !(text[at] === "$" && text[at + 1] === "{")) {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

function patternStop(text: string, from: number): number {
  let at = from;
  let isInClass = false;
  while (at < text.length && text[at] !== "\n" && (isInClass || text[at] !== "/")) {
    if (text[at] === "[") isInClass = true;
    if (text[at] === "]") isInClass = false;
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

/** A slash divides after a value and starts a regular expression anywhere else. */
function startsPattern(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  if (before === "") return true;
  if (/(?:^|[^\w.])(?:return|typeof|case|in|of|await|yield|void)$/.test(before)) return true;
  return /[(,=:[!&|?{};~+\-*%^<>]$/.test(before);
}

function collect(text: string, kinds: readonly Kind[]): Literal[] {
  const literals: Literal[] = [];
  let from = -1;
  let line = 1;
  let started = 1;
  for (let at = 0; at <= text.length; at += 1) {
    const isLiteral = kinds[at] === "literal";
    if (isLiteral && from === -1) {
      from = at;
      started = line;
    }
    if (!isLiteral && from !== -1) {
      literals.push({ text: text.slice(from, at), line: started });
      from = -1;
    }
    if (text[at] === "\n") line += 1;
  }
  return literals;
}

function blank(text: string, isBlanked: (at: number) => boolean): string {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    out += text[at] !== "\n" && isBlanked(at) ? " " : text[at];
  }
  return out;
}
