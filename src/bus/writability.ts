// Does the database take a write? What modes say is not what a mount or a lock does, so it is tried
// and taken back.
import { Refusal } from "../core/refusal.ts";
import { setKv } from "../store/kv.ts";
import type { Bus } from "./bus.ts";

const takeBack = new Error("tried");

/** Why not, in a sentence; undefined when it does. */
export function whyUnwritable(bus: Bus): string | undefined {
  try {
    bus.db.write(() => {
      setKv(bus.db, "status:tried", "");
      throw takeBack;
    });
  } catch (error) {
    if (error === takeBack) return undefined;
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
