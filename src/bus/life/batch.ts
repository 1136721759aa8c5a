// How the launches of a batch turned out, and the message about it to the agent that asked for
// them. A person is told by the command itself.
import type { MessageData } from "../../core/events/message.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { asList, asObject, asText, parseJson } from "../../core/json.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { storeDeliveries } from "../../store/deliveries.ts";
import { newestBatch, stepsOfBatch } from "../../store/history.ts";
import { getInstance } from "../../store/instances.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";

export interface BatchMember {
  name: string;
  state: "ready" | "failed" | "blocked" | "starting";
  /** Why it failed, or what it waits for. */
  detail: string;
}

interface Batch {
  by: string;
  members: BatchMember[];
}

export function membersOfBatch(bus: Bus, batchId: string): BatchMember[] {
  return batchOf(bus, batchId).members;
}

/** The newest launch whose id begins so, or the newest of all. */
export function findBatch(bus: Bus, prefix = ""): string | undefined {
  return newestBatch(bus.db, prefix);
}

/** Belongs into the transaction of an outcome of `row`. */
export function tellLauncher(bus: Bus, row: Instance): void {
  const batchId = launchContextOf(row).batch_id;
  if (batchId === undefined) return;
  const { by, members } = batchOf(bus, batchId);
  const text = newsOf(members, row.name);
  const launcher = getInstance(bus.db, by);
  if (text === undefined || launcher === undefined) return;
  const key = `launcher:${batchId}:${text}`;
  if (getKv(bus.db, key) !== undefined) return;
  setKv(bus.db, key, bus.system.now().toString());
  const data: MessageData = {
    from: "[hcom-launcher]",
    sender_kind: "system",
    scope: "mentions",
    text: `@${by} ${text} (batch: ${batchId})`,
    delivered_to: [by],
    mentions: [by],
    intent: "inform",
  };
  const id = append(bus, { type: "message", instance: "sys_[hcom-launcher]", data });
  const { name, principal } = launcher;
  storeDeliveries(bus.db, id, [{ name, principal }], bus.system.now() / 1000);
}

function newsOf(members: readonly BatchMember[], name: string): string | undefined {
  const one = members.find((member) => member.name === name);
  const why = one === undefined || one.detail === "" ? "" : `: ${oneLine(one.detail, 400)}`;
  if (one?.state === "failed") return `Launch failed: ${name}${why}`;
  if (one?.state === "blocked") {
    return `${name} asks its person${why} (look: hcom term ${name})`;
  }
  if (members.some((member) => member.state !== "ready")) return undefined;
  const names = members.map((member) => member.name).join(", ");
  return `All ${members.length} instance${members.length === 1 ? "" : "s"} ready: ${names}`;
}

// Its id may be chosen by the caller, so a batch may have been launched in parts.
function batchOf(bus: Bus, batchId: string): Batch {
  const batch: Batch = { by: "", members: [] };
  const outcomes = new Map<string, Omit<BatchMember, "name">>();
  for (const step of stepsOfBatch(bus.db, batchId)) {
    const data = asObject(parseJson(step.data));
    if (data["action"] === "batch_launched") {
      batch.by = asText(data["by"]) ?? "";
      const names = asList(data["instances"]).flatMap((one) => asText(one) ?? []);
      batch.members.push(...names.map((name): BatchMember => ({ name, ...starting })));
    } else {
      const state = states[String(data["action"])] ?? "starting";
      const detail = asText(data["detail"]) ?? asText(data["reason"]) ?? "";
      outcomes.set(step.instance, { state, detail: state === "ready" ? "" : detail });
    }
  }
  const isGone = (name: string) => getInstance(bus.db, name) === undefined;
  for (const member of batch.members) {
    const end = isGone(member.name) ? ended : starting;
    Object.assign(member, outcomes.get(member.name) ?? end);
  }
  return batch;
}

const states: Readonly<Record<string, BatchMember["state"]>> = {
  ready: "ready",
  launch_failed: "failed",
  launch_blocked: "blocked",
};

const starting = { state: "starting", detail: "" } as const;
const ended = { state: "failed", detail: "it has ended" } as const;
