// How the database is opened.
import type { LogRecord } from "../../sys/log.ts";

export interface OpenOptions {
  /** How long this connection waits for locks of others, all statements of one call together. */
  busyTimeoutMs?: number;
  /** false: a missing file is a Refusal `no_database`. */
  create?: boolean;
  /** Takes group and world off what lies loose; costs some system calls, so not in hooks. */
  repairModes?: boolean;
  /** Epoch milliseconds; names the archive folder of an import. */
  now?: () => number;
  log?: (record: LogRecord) => void;
}
