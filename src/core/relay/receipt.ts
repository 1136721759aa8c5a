// How far a message of another device got at an agent here: told to its sender's device until that
// one says that it knows.
import { asList, asNumber, asText, isObject } from "../json.ts";
import { type DeliveryState, deliveryStates } from "../mail/delivery-state.ts";
import { isRemoteBase } from "./device.ts";

export interface Receipt {
  /** Counts up at the device that writes it. */
  seq: number;
  /** The message's number at its sender's device. */
  id: number;
  /** Name of the agent on the device that writes it; or the person's. */
  name: string;
  state: DeliveryState;
  /** Epoch seconds. */
  at: number;
  via?: string;
  why?: string;
}

export function readReceipts(value: unknown): Receipt[] {
  return asList(value).flatMap((one) => readReceipt(one) ?? []);
}

function readReceipt(value: unknown): Receipt | undefined {
  if (!isObject(value)) return undefined;
  const seq = asNumber(value["seq"]);
  const id = asNumber(value["id"]);
  const name = asText(value["name"]);
  const state = deliveryStates.find((one) => one === value["state"]);
  const at = asNumber(value["at"]);
  if (seq === undefined || id === undefined || at === undefined || state === undefined)
    return undefined;
  if (name === undefined || !isRemoteBase(name)) return undefined;
  const via = asText(value["via"])?.slice(0, 100);
  const why = asText(value["why"])?.slice(0, 300);
  return {
    seq,
    id,
    name,
    state,
    at,
    ...(via === undefined ? {} : { via }),
    ...(why === undefined ? {} : { why }),
  };
}
