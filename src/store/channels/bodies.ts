// The texts of messages, each kept once, and the index over them that answers which texts may
// contain a substring. What the index names is a candidate: whoever asks compares the text itself.
import type { Db } from "../db.ts";

/** Longer texts are not indexed: a random one of 1 MiB would hold the write lock for 0.2 s. */
const longestIndexed = 65_536;

export function insertBody(db: Db, content: string): number {
  const isIndexed = content.length <= longestIndexed;
  const { id } = db.run(
    "INSERT INTO comm_body (content, is_indexed) VALUES (?, ?)",
    content,
    isIndexed ? 1 : 0,
  );
  if (isIndexed) {
    db.run("INSERT INTO comm_fts (rowid, content) VALUES (?, ?)", id, indexedForm(content));
  }
  return id;
}

/** Fills the index, which holds nothing yet, for rows that were brought in whole. */
export function indexBodies(db: Db): void {
  type Body = { id: number; content: string };
  const rows = db.all<Body>("SELECT id, content FROM comm_body WHERE is_indexed = 1");
  for (const { id, content } of rows) {
    db.run("INSERT INTO comm_fts (rowid, content) VALUES (?, ?)", id, indexedForm(content));
  }
}

/** Deletes those of these that no message has any more, with what the index holds of them. */
export function deleteOrphans(db: Db, ids: Iterable<number>): void {
  for (const id of ids) {
    const row = db.get<{ content: string; is_indexed: number }>(
      `SELECT content, is_indexed FROM comm_body
       WHERE id = ? AND NOT EXISTS (SELECT 1 FROM comm_message WHERE body = comm_body.id)`,
      id,
    );
    if (row === undefined) continue;
    if (row.is_indexed === 1) {
      const forget = "INSERT INTO comm_fts (comm_fts, rowid, content) VALUES ('delete', ?, ?)";
      db.run(forget, id, indexedForm(row.content));
    }
    db.run("DELETE FROM comm_body WHERE id = ?", id);
  }
}

/**
 * The bodies that may contain the lower-cased text: every one that does is among them. Undefined
 * when there are more than `most`, or when the text is too short for the index.
 */
export function candidateBodies(db: Db, lowered: string, most: number): number[] | undefined {
  const terms = trigramsOf(lowered);
  if (terms.length === 0) return undefined;
  // One rare trigram is enough, and much cheaper than meeting the long lists of frequent ones.
  for (const term of terms) {
    const some = bodiesWith(db, term, Math.min(few, most));
    if (some !== undefined) return some;
  }
  return bodiesWith(db, terms.join(" AND "), most);
}

const few = 500;

/** Undefined when there are more than `most`. What is not indexed may always be one. */
function bodiesWith(db: Db, match: string, most: number): number[] | undefined {
  const rows = db.all<{ id: number }>(
    `SELECT rowid AS id FROM comm_fts WHERE comm_fts MATCH ?1
     UNION ALL SELECT id FROM comm_body WHERE is_indexed = 0 LIMIT ?2`,
    match,
    most + 1,
  );
  return rows.length > most ? undefined : rows.map((row) => row.id);
}

export function contentsOf(db: Db, ids: readonly number[]): { id: number; content: string }[] {
  return db.all(
    "SELECT id, content FROM comm_body WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify(ids),
  );
}

/**
 * What the index holds of a text: lower-cased by the same rule as the comparison, and without NUL,
 * at which SQLite's tokenizer would stop. Character by character, so that substrings stay
 * substrings.
 */
function indexedForm(content: string): string {
  return content.toLowerCase().replaceAll("\0", "\u0001");
}

const mostTrigrams = 16;

/** All the trigrams of a text, or of a long one some that lie evenly, in the index's quotes. */
function trigramsOf(lowered: string): string[] {
  const characters = [...lowered.replaceAll("\0", "\u0001")];
  const all = new Set<string>();
  for (let at = 0; at + 3 <= characters.length; at++) {
    all.add(characters.slice(at, at + 3).join(""));
  }
  const step = Math.max(1, all.size / mostTrigrams);
  return [...all]
    .filter((_, at) => Math.floor(at / step) > Math.floor((at - 1) / step))
    .map((one) => `"${one.replaceAll('"', '""')}"`);
}
