// Makes words of others inert: whatever a tool or we give meaning to (tags, the head of a delivery,
// the marker of a session) loses its force, and reads as before. A tag's angle becomes a quoting
// one, a line that begins like our head becomes a quoted line.

import { latinOf, spelledOut } from "../names/outside.ts";

/** Without one of these there is nothing to do. Most messages end here. */
const suspicious = /[<[&\\\u02c2\u226e\u2329\u3008\ufe47\ufe64\uff1c\uff3b]/;

export function inert(text: string): string {
  if (!suspicious.test(text)) return text;
  return withoutMarkers(withoutHeadsAndTags(text));
}

/** A name or another word that stands in a line of ours. */
export function inertName(name: string): string {
  return inert(spelledOut(name).replace(/[<>[\]|\u2192\p{C}\p{Zl}\p{Zp}]/gu, "_"));
}

/** Tags that agent programs, models and we give meaning to. `=` is a divider, `~` one or none. */
const tagNames = [
  "hcom[a-z0-9_-]*",
  "system(?:~(?:reminder|message|prompt|notification|instructions?|warning))?",
  "session~metadata|user~prompt~submit~hook|user=(?:instructions|query|info|shell=command)",
  "command=(?:name|message|args|contents|stdout|stderr)|local~command=[a-z]+",
  "bash=(?:input|stdout|stderr)|task=(?:notification|id|status)|teammate~message|channel",
  "environment~(?:context|details)|permissions|instructions|collaboration~mode|turn~aborted",
  "subagent~notification|persisted~output|new~diagnostics|ide_[a-z_]+|skills?_?[a-z]*",
  "function~(?:calls?|results?)|invoke|parameter|thinking",
  "tool=(?:use|call|result|response)s?|assistant|human|user|developer|im=(?:start|end)",
  "\\|[a-z_]+\\|?",
].join("|");
/** `</hcom>`, `<!hcom>`, `<x:hcom>`: what may stand before the name. */
const beforeName = "\\s?(?:[/!?]\\s?)*(?:[a-z][a-z0-9_.-]{0,30}\\s?:\\s?)?";
/** `[request #42]`, `[2 new messages]`, `[channel digest]`, `[hcom-events]`, what tools write. */
const heads = "[^\\]\\n]*(?:#\\s?\\p{Nd}|new~messages)|channel~digest|hcom|request~interrupted";

let forms: RegExp | undefined;
const quotingAngle = "\u2039";

function allForms(): RegExp {
  const tag = `<(?=${beforeName}(?:${tagNames})(?![a-z0-9_]))`;
  const head = `(?<=(?:^|[\\n\\r|])\\s?)\\[(?=\\s?(?:${heads}))`;
  const source = `${tag}|${head}`.replace(/(?<!\?<)=(?=[(a-z[])/g, "[-_\\s]");
  return new RegExp(source.replaceAll("~", "[-_\\s]?"), "gu");
}

/** Sought where nothing hides and nothing looks like something else; put into the text as it is. */
function withoutHeadsAndTags(text: string): string {
  const { seen, from, to } = fold(text);
  forms ??= allForms();
  let out = "";
  let done = 0;
  for (const { 0: sign, index } of seen.matchAll(forms)) {
    const start = from[index] ?? 0;
    out += text.slice(done, start) + (sign === "<" ? quotingAngle : "> ");
    done = sign === "<" ? (to[index] ?? text.length) : start;
  }
  return out + text.slice(done);
}

/** `<` as XML, HTML and JSON write it: tools and models read it back. */
const written = /&(?:lt|#0*60|#x0*3c);?|\\(?:u003c|x3c|u\{3c\})/iy;
const unseen = /[\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/gu;

/** As a reader sees it: small plain letters, one sign for a gap, nothing for what hides. */
function fold(text: string): { seen: string; from: number[]; to: number[] } {
  let seen = "";
  let gap = "";
  const from: number[] = [];
  const to: number[] = [];
  const known = new Map<string, string>();
  const add = (letters: string, start: number, end: number) => {
    for (let half = 0; half < letters.length; half++) {
      from.push(start);
      to.push(end);
    }
    seen += letters;
  };
  for (let at = 0; at < text.length; ) {
    const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const escaped = letter === "&" || letter === "\\" ? writtenAngle(text, at) : undefined;
    const end = at + (escaped ?? letter).length;
    const plain = escaped === undefined ? (known.get(letter) ?? plainly(letter)) : "<";
    if (letter > "\x7f") known.set(letter, plain);
    if (plain !== "" && plain <= " ") {
      // Line ends win over blanks: `\n` over `\r` over ` `.
      if (gap === "" || plain < gap) gap = plain;
    } else if (plain !== "") {
      if (gap !== "") add(gap, at, at);
      gap = "";
      add(plain, at, end);
    }
    at = end;
  }
  return { seen, from, to };
}

function writtenAngle(text: string, at: number): string | undefined {
  written.lastIndex = at;
  return written.exec(text)?.[0];
}

function plainly(letter: string): string {
  if (letter > " " && letter < "\x7f") return letter.toLowerCase();
  if (letter === " " || letter === "\n" || letter === "\t") return letter === "\n" ? letter : " ";
  if (/[\r\v\f\x85\u2028\u2029]/.test(letter)) return "\r";
  if (/[\u02c2\u2329\u3008]/.test(letter)) return "<";
  if (/[\u2010-\u2015\u2212]/.test(letter)) return "-";
  if (letter === "\ufe47") return "[";
  if (letter === "\u266f") return "#";
  if (/[\p{Z}\u2800]/u.test(letter)) return " ";
  let plain = "";
  for (const part of letter.normalize("NFKD").toLowerCase().replace(unseen, "")) {
    plain += /\p{L}/u.test(part) ? latinOf(part) : part;
  }
  return plain;
}

/** The marker of a session: one in a message must tie nobody. */
function withoutMarkers(text: string): string {
  return text.replace(/\[(?=(?:hcom|HCOM:BIND):[a-z0-9_]+\])/g, "[ ");
}
