// How the conversations of an agent program are found and read: what its plug says of them.
import type { TranscriptEntry } from "./entry.ts";
import type { LineMarks } from "./line-marks.ts";

export interface TranscriptReader {
  /** Kept by a plugin of ours in our own folder (`paths.journals`); globs are below that one. */
  isJournal?: true;
  /**
   * The program's own database of conversations, below its data directory: in the form that
   * `store/foreign` reads. Where there is a journal, too, the database knows what was spent.
   */
  database?: { dataDir: { env: string; folder: string }; file: string };
  /** Globs below the config directory for the file of a session: where it may be. */
  globs(session: string): readonly string[];
  /**
   * The text of one transcript line that reached the model, or "" when the line is bookkeeping,
   * the model's own words, or output of a hook that failed. Never throws.
   */
  reached(line: string): string;
  /**
   * Where the line is something that the model said or did: which of its answers that belongs to
   * ("" when the file does not tell). An error that stands in an answer's place is none.
   */
  answer(line: string): string | undefined;
  /**
   * Where the line is a prompt of its person's: behind which line it stands. Of two behind the same
   * one the later has taken the other's place: no request carries that, nor what came with it.
   */
  promptBehind?(line: string): string | undefined;
  /** What a line tells about the whole session: its id, where it runs, how its person calls it. */
  about(line: string): SessionFacts;
  /** Globs below the config directory for the files that hold titles. */
  titled: readonly string[];
  /** The file of a subagent beside its root's, where each has its own. */
  subagentFile?(rootFile: string, agentId: string): string;
  /** Written a little behind the session: an answer that is not there may still come. */
  isLate?: true;
  /**
   * What stands in every line with which an exchange can begin, so that the others need not be read
   * to count them. Only where a reader may begin in the middle of the file.
   */
  begins?: LineMarks;
  /** Loaded only where somebody reads a transcript, and never by a hook. */
  entryReader?(): Promise<EntryReader>;
}

export interface SessionFacts {
  session?: string;
  directory?: string;
  title?: string;
}

/**
 * Starts reading one file, and tells line by line what it says. Garbage and bookkeeping say
 * nothing; it never throws.
 */
export type EntryReader = (file: { isSubagent: boolean }) => (line: string) => TranscriptEntry[];
