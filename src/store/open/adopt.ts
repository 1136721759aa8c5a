// Takes the whole content of another database of our schema into this one, which nobody has used
// yet: rows and not files, so that whoever has this one open at the same moment loses nothing.
import { indexBodies } from "../channels/bodies.ts";
import type { Db } from "../db.ts";
import { isBlank } from "../history.ts";

/** False, and nothing done, when this one is in use. What somebody added to `from` stays there. */
export function adopt(db: Db, from: string): boolean {
  db.run("ATTACH DATABASE ? AS source", from);
  try {
    return db.write(() => {
      if (!isBlank(db)) return false;
      // Rows refer to each other; the commit checks them all.
      db.exec("PRAGMA defer_foreign_keys=ON");
      const tables = ownTables(db);
      for (const table of tables) copy(db, table);
      keepSequences(db);
      indexBodies(db);
      return true;
    });
  } finally {
    db.exec("DETACH DATABASE source");
  }
}

/** Search indexes are no tables of ours: a trigger and `indexBodies` fill them. */
function ownTables(db: Db): string[] {
  return db
    .all<{ name: string }>(
      `SELECT name FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND name IN (SELECT name FROM source.sqlite_schema WHERE type = 'table')`,
    )
    .map((row) => row.name)
    .sort((one, other) => rankOf(one) - rankOf(other));
}

/** What a row of the ledger tells other devices a trigger writes, and it comes with the rest. */
function rankOf(table: string): number {
  if (table === "deliveries") return 1;
  return table === "relay_receipts" ? 2 : 0;
}

function copy(db: Db, table: string): void {
  const columns = db
    .all<{ name: string }>("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", table)
    .map((column) => `"${column.name}"`)
    .join(", ");
  db.exec(`DELETE FROM main.${table}`);
  db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM source.${table}`);
}

/** Ids of deleted rows stay used. */
function keepSequences(db: Db): void {
  const here = new Map(sequencesOf(db, "main").map(({ name, seq }) => [name, seq]));
  for (const { name, seq } of sequencesOf(db, "source")) {
    db.run("DELETE FROM main.sqlite_sequence WHERE name = ?", name);
    const highest = Math.max(seq, here.get(name) ?? 0);
    db.run("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", name, highest);
  }
}

function sequencesOf(db: Db, schema: "main" | "source"): { name: string; seq: number }[] {
  return db.all(`SELECT name, seq FROM ${schema}.sqlite_sequence`);
}
