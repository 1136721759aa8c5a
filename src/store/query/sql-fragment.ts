// A piece of SQL with the values that are bound into it.
import type { Param } from "../db.ts";

/** A condition on `events_v` with its parameters in order. */
export interface SqlFragment {
  sql: string;
  params: Param[];
}
