// "Did you mean": the nearest of some known words. Not a search; distant words give nothing.

/** The closest candidate, if it is close enough to be a slip of the finger. Case is ignored. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const length = Math.max(wanted.length, candidate.length);
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance > Math.floor(length / 3) || distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** The end of a sentence: ` - did you mean luna?`, or nothing where no word is close. */
export function didYouMean(word: string, candidates: readonly string[], sign = ""): string {
  const close = nearest(word, candidates);
  return close === undefined ? "" : ` - did you mean ${sign}${close}?`;
}

const maxListed = 30;

/** What could have been written instead. */
export function listed(names: readonly string[]): string {
  const rest = names.length - maxListed;
  return `Available: ${names.slice(0, maxListed).join(", ")}${rest > 0 ? `, +${rest} more` : ""}`;
}

// Optimal string alignment: Levenshtein in which two swapped neighbours count as one slip.
function editDistance(from: string, to: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(twoBack, column - 2) + 1);
      }
      current.push(cost);
    }
    twoBack = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
