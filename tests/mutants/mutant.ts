// A planted bug: what `scripts/mutants.ts` changes, and who must notice.

export interface Mutant {
  /** The promise that it breaks, in words. */
  breaks: string;
  file: string;
  /** Stands exactly once in the file. */
  from: string;
  to: string;
  /** Tests that are asked first. */
  near: readonly string[];
  /** Why it may survive; without a reason a survivor is an error. */
  lives?: string;
}

/** Mutants of one file with the tests nearest to it. */
export function inFile(
  file: string,
  near: readonly string[],
  bugs: readonly (readonly [breaks: string, from: string, to: string])[],
): Mutant[] {
  return bugs.map(([breaks, from, to]) => ({ breaks, file, from, to, near }));
}
