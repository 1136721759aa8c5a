// POSIX shell words: written so that every shell reads them back as they were, and read only in
// the form in which we write them.

/** One word, quoted where it must be. Single quotes keep everything but themselves. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function shellJoin(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}

/** The words of a text that `shellJoin` wrote; undefined for anything with more shell in it. */
export function shellSplit(text: string): string[] | undefined {
  const words: string[] = [];
  let rest = text;
  while (rest !== "") {
    const match = /^((?:[\w@%+=:,./-]|'[^']*'|\\')+)(?: (?=.)|$)/s.exec(rest);
    if (match?.[1] === undefined) return undefined;
    words.push(unquote(match[1]));
    rest = rest.slice(match[0].length);
  }
  return words;
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|\\'/g, (_all, inner: string | undefined) => inner ?? "'");
}
