// Makes words of others inert: whatever a tool or we give meaning to (tags, the head of a delivery,
// the marker of a session) loses its force, and reads as before. A tag's angle becomes a quoting
// one, a line that begins like our head becomes a quoted line.

import { spelledOut } from "../names/outside.ts";

/** Without one of these there is nothing to do. Most messages end here. */
const suspicious = /[<[&\\\u02c2\u2329\u3008\ufe64\uff1c\uff3b\ufe47]/;

export function inert(text: string): string {
  if (!suspicious.test(text)) return text;
  return withoutMarkers(withoutHeads(withoutTags(text)));
}

/** A name or another word that stands in a line of ours. */
export function inertName(name: string): string {
  return inert(spelledOut(name).replace(/[<>[\]|\u2192\p{C}\p{Zl}\p{Zp}]/gu, "_"));
}

/** Tags that agent programs, models and we give meaning to; without blanks, in small letters. */
const tagNames = [
  "hcom[a-z0-9_-]*",
  "system(?:[-_]?(?:reminder|message|prompt|notification|instructions?|warning))?",
  "session-metadata|user-prompt-submit-hook|user_(?:instructions|query|info|shell_command)",
  "command-(?:name|message|args|contents|stdout|stderr)|local-command-[a-z]+",
  "bash-(?:input|stdout|stderr)|task-(?:notification|id|status)|teammate-message|channel",
  "environment_(?:context|details)|permissions|instructions|collaboration_mode|turn_aborted",
  "subagent_notification|persisted-output|new-diagnostics|ide_[a-z_]+|skills?_?[a-z]*",
  "(?:antml:)?(?:function_calls?|function_results?|invoke|parameter|thinking)",
  "tool_(?:use|call|result|response)s?|assistant|human|user|developer|im_(?:start|end)",
  "\\|[a-z_]+\\|?",
].join("|");

let tags: RegExp | undefined;
const quotingAngle = "\u2039";

function withoutTags(text: string): string {
  const { seen, from, to } = fold(text);
  tags ??= new RegExp(`<(?= ?(?:/ ?)*(?:${tagNames})(?![a-z0-9_]))`, "g");
  let out = "";
  let done = 0;
  for (const match of seen.matchAll(tags)) {
    out += text.slice(done, from[match.index]) + quotingAngle;
    done = to[match.index] ?? text.length;
  }
  return out + text.slice(done);
}

/** `<` as XML, HTML and JSON write it: tools and models read it back. */
const written = /&(?:lt|#0*60|#x0*3c);?|\\(?:u003c|x3c|u\{3c\})/iy;
const angles = /[\u02c2\u2329\u3008\ufe64\uff1c]/;
const unseen = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Mn}/u;

/** As a reader sees it: small plain letters, one blank for a gap, nothing for what hides. */
function fold(text: string): { seen: string; from: number[]; to: number[] } {
  let seen = "";
  const from: number[] = [];
  const to: number[] = [];
  const add = (letters: string, start: number, end: number) => {
    for (const letter of letters) {
      if (letter === " " && seen.endsWith(" ")) continue;
      for (let half = 0; half < letter.length; half++) {
        from.push(start);
        to.push(end);
      }
      seen += letter;
    }
  };
  for (let at = 0; at < text.length; ) {
    written.lastIndex = at;
    const escaped = written.exec(text)?.[0];
    const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const end = at + (escaped ?? letter).length;
    if (escaped !== undefined || angles.test(letter)) add("<", at, end);
    else if (/[\s\p{Z}\p{Cc}]/u.test(letter)) add(" ", at, end);
    else if (letter < "\u0080") add(letter.toLowerCase(), at, end);
    else if (!unseen.test(letter)) add(letter.normalize("NFKC").toLowerCase(), at, end);
    at = end;
  }
  return { seen, from, to };
}

/** What may stand between the beginning of a line or an entry and its bracket, and is not seen. */
const gap = "[\\s\\p{Z}\\p{C}\\p{Mn}\\p{Default_Ignorable_Code_Point}]*";
const lineEnd = "[\\n\\r\\u000b\\u000c\\u0085\\u2028\\u2029]";
const opening = "[\\[\\uff3b\\ufe47]";
/** `[request #42]`, `[2 new messages]`, `[channel digest]`, `[hcom-events]`, what tools write. */
const head = [
  "[^\\]\\n]*[#\\uff03]\\p{Mn}*\\s*\\p{Nd}",
  "[^\\]\\n]*new messages",
  "channel digest|hcom|request interrupted",
].join("|");
let heads: RegExp | undefined;

function withoutHeads(text: string): string {
  heads ??= new RegExp(`(^|${lineEnd}|[|\\uff5c])(${gap})(?=${opening}${gap}(?:${head}))`, "giu");
  return text.replace(heads, "$1$2> ");
}

/** The marker of a session: one in a message must tie nobody. */
function withoutMarkers(text: string): string {
  return text.replace(/\[(?=(?:hcom|HCOM:BIND):[a-z0-9_]+\])/g, "[ ");
}
