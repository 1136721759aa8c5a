// The lasting identity behind instances: it survives resume, rename and restart. Epoch seconds.
import type { Db } from "./db.ts";

export interface Principal {
  id: string;
  /** The instance name it has now or had last. */
  name: string | null;
  tool: string | null;
  /** The principal it was forked from. */
  parent: string | null;
  created_at: number | null;
}

/** An id that exists already keeps what it has. */
export function createPrincipal(
  db: Db,
  principal: { id: string; name: string; tool: string; parent?: string; now: number },
): void {
  db.run(
    `INSERT INTO principal (id, name, tool, parent, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
    principal.id,
    principal.name,
    principal.tool,
    principal.parent ?? null,
    principal.now,
  );
}

export function renamePrincipal(db: Db, id: string, name: string): boolean {
  return db.run("UPDATE principal SET name = ? WHERE id = ?", name, id).changes > 0;
}

export function getPrincipal(db: Db, id: string): Principal | undefined {
  return db.get<Principal>("SELECT * FROM principal WHERE id = ?", id);
}
