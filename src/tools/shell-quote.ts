// POSIX shell words: written so that every shell reads them back as they were, and read without
// any expansion.

/** One word, quoted where it must be. Single quotes keep everything but themselves. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function shellJoin(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}

/** Quoted and escaped pieces of a word; undefined for a quote that never ends. */
export function shellSplit(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let rest = text;
  while (rest !== "") {
    const piece = /^(?:\s+|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\]+)/s.exec(rest)?.[0];
    if (piece === undefined) return undefined;
    rest = rest.slice(piece.length);
    if (/^\s/.test(piece)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + unquote(piece);
    }
  }
  return word === undefined ? words : [...words, word];
}

function unquote(piece: string): string {
  if (piece.startsWith("'")) return piece.slice(1, -1);
  // POSIX 2.2.3: inside double quotes a backslash escapes these only.
  if (piece.startsWith('"')) return piece.slice(1, -1).replace(/\\([$`"\\\n])/g, "$1");
  return piece.startsWith("\\") ? piece.slice(1) : piece;
}
