// The lasting identity behind instances: it survives resume, rename and restart. Epoch seconds.
import type { Db } from "./db.ts";

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

/** The name it had first: of one that is gone the only one left. */
export function principalName(db: Db, id: string): string | undefined {
  const row = db.get<{ name: string | null }>("SELECT name FROM principal WHERE id = ?", id);
  return row?.name ?? undefined;
}

/** The name of the one that it began as a copy of. */
export function principalForkedFrom(db: Db, id: string): string | undefined {
  const row = db.get<{ parent: string | null }>("SELECT parent FROM principal WHERE id = ?", id);
  return row?.parent == null ? undefined : principalName(db, row.parent);
}
