// What the helper of the library can be asked: one entry for each call, with its parameters.
import type { System } from "../../sys/system.ts";
import { type Callee, UnknownMethod } from "../rpc/json-rpc.ts";
import * as agents from "./agents.ts";
import * as log from "./log.ts";
import * as talk from "./talk.ts";

type Served = (system: System, params: unknown) => unknown;

const calls: Readonly<Record<string, Served>> = {
  who: agents.who,
  info: agents.info,
  instances: agents.list,
  stop: agents.stopSelf,
  stop_others: agents.stopOthers,
  launch: async (system, params) => (await import("./launch.ts")).launch(system, params),
  send: talk.say,
  messages: talk.messages,
  transcript: talk.transcript,
  events: log.events,
  wait: log.wait,
  subscribe: log.subscribeTo,
  subscriptions: log.subscriptions,
  unsubscribe: log.endSubscription,
};

export function calleeOf(system: System): Callee {
  return {
    async call(method, params) {
      const served = Object.hasOwn(calls, method) ? calls[method] : undefined;
      if (served === undefined) throw new UnknownMethod(method);
      return served(system, params);
    },
    onBug(error) {
      const msg = error instanceof Error ? (error.stack ?? error.message) : String(error);
      system.log({ level: "error", subsystem: "rpc", event: "bug", msg });
    },
  };
}
