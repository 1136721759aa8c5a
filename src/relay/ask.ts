// Asks another device for something and waits for its answer. The worker carries both; this only
// writes the request down and looks for what came back.
import type { Bus } from "../bus/bus.ts";
import { parseJson } from "../core/json.ts";
import { addRequest, getRequest, removeRequest } from "../store/relay/requests.ts";

export interface Question {
  /** Short id of the device. */
  target: string;
  action: string;
  params: object;
}

export type Answer =
  | { kind: "answered"; ok: boolean; result: unknown }
  /** It never left this machine. */
  | { kind: "not_sent" }
  | { kind: "no_answer" };

/** `id`, for `answerOf`. */
export function putQuestion(bus: Bus, question: Question): string {
  const id = bus.system.uuid();
  addRequest(bus.db, {
    id,
    target: question.target,
    action: question.action,
    params: JSON.stringify(question.params),
    created_at: bus.system.now() / 1000,
  });
  return id;
}

/** Undefined: not yet. */
export function answerOf(bus: Bus, id: string): Answer | undefined {
  const row = getRequest(bus.db, id);
  if (row?.answered_at == null) return undefined;
  removeRequest(bus.db, id);
  return { kind: "answered", ok: row.ok === 1, result: parseJson(row.result ?? "null") };
}

export function giveUp(bus: Bus, id: string): Answer {
  const row = getRequest(bus.db, id);
  removeRequest(bus.db, id);
  return { kind: row?.published_at == null ? "not_sent" : "no_answer" };
}
