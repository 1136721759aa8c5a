// A bundle: pointers into the log, to files and into transcripts, put together under a title so
// that somebody else can take up the work. Fields are named as by earlier programs of this name;
// `agent`, `session` and `file_facts` are ours.
import type { Detail } from "./detail.ts";

export interface TranscriptRef {
  /** Positions, as `hcom transcript` takes them: `3`, `10-15`, `7-`. */
  range: string;
  detail: Detail;
  note?: string;
  /** Base name of whose transcript; absent = the creator's. */
  agent?: string;
  /** The conversation that it was then: a name may have begun another one since. */
  session?: string;
}

export interface BundleRefs {
  /** Ids and ranges of ids: `123`, `124-130`. */
  events: string[];
  /** Paths as they were written. */
  files: string[];
  transcript: TranscriptRef[];
}

/** What a file was when it was named. */
export interface FileFacts {
  /** As in `refs.files`. */
  ref: string;
  /** Absolute. */
  path: string;
  /** Absent where nobody could, or was to, look into it. */
  bytes?: number;
  /** In hexadecimal digits. */
  sha256?: string;
  /** How it begins, where it is text. */
  excerpt?: string;
}

export interface BundleData {
  /** `bundle:` and eight hexadecimal digits. */
  bundle_id: string;
  title: string;
  description: string;
  refs: BundleRefs;
  /** The bundle that this one goes on from. */
  extends?: string;
  created_by: string;
  file_facts?: FileFacts[];
  /** Only on events imported from another device. */
  _relay?: { device: string; short: string; id: number };
}
