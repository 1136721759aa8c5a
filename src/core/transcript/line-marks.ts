// Which lines of a large file are worth a look, by bytes that stand in them: no line is parsed to
// find out. In JSON a quotation mark inside of a text has a backslash before it, so a mark that
// begins and ends with one is never part of what somebody said.

export interface LineMarks {
  /** One of these is in it. */
  any: readonly string[];
  /** Lines with the first are left out, unless the second is in them, too. */
  not?: { mark: string; unless: string };
}
