// `session`, `instances`, `launch` and `stop` of the library: calls to the helper with the log.
import { ask } from "./ask.ts";
import type {
  Exchange,
  InstanceInfo,
  LaunchOptions,
  LaunchResult,
  LogEvent,
  Message,
  Sent,
  Session,
  SessionInfo,
  SessionOptions,
  SubscriptionInfo,
} from "./shapes.ts";

/**
 * Who this program speaks as. Rejects with `unknown_identity` for a name that nobody has, with
 * `no_identity` where an agent program runs it that hcom does not know, with `not_you` where it
 * runs inside another agent.
 */
export async function session(options: SessionOptions = {}): Promise<Session> {
  const found = await ask<{ name: string; external: boolean; shown: string }>("who", {
    as: options.name,
    external: options.external,
  });
  return sessionOf(found.shown, { as: found.name, external: found.external });
}

/** All agents that take part, newest first; of one name that one alone. */
export function instances(): Promise<InstanceInfo[]>;
export function instances(name: string): Promise<InstanceInfo>;
export function instances(name?: string): Promise<InstanceInfo[] | InstanceInfo> {
  return ask("instances", { name });
}

/** Starts agents and waits, up to ten seconds, until it is known how that went. */
export function launch(options: LaunchOptions = {}): Promise<LaunchResult> {
  const { toolArgs, ...others } = options;
  const words = typeof toolArgs === "string" ? { argText: toolArgs } : { args: toolArgs };
  return ask("launch", { ...others, ...words }, { seconds: 120 });
}

/** Ends other agents' participation, and the processes of those in the background. */
export async function stop(...names: string[]): Promise<void> {
  await ask("stop_others", { names });
}

function sessionOf(name: string, who: { as: string; external: boolean }): Session {
  return {
    name,
    info: () => ask<SessionInfo>("info", who),
    async send(message, options = {}) {
      const { to, replyTo, ...others } = options;
      const readers = typeof to === "string" ? [to] : to;
      const answered = replyTo === undefined ? undefined : String(replyTo);
      const order = { ...who, ...others, message, to: readers, replyTo: answered };
      const { id, names } = await ask<{ id: number; names: string[] }>("send", order);
      return Object.assign(names, { id }) satisfies Sent;
    },
    messages: (query = {}) => ask<Message[]>("messages", { ...who, ...query }),
    events: (query = {}) => ask<LogEvent[]>("events", query),
    wait(sql, options = {}) {
      const seconds = options.timeout ?? 60;
      const order = { ...options, sql, timeout: seconds };
      return ask<LogEvent | null>("wait", order, { seconds: seconds + 10 });
    },
    subscribe: (sql, options = {}) => ask<string>("subscribe", { ...who, ...options, sql }),
    subscriptions: () => ask<SubscriptionInfo[]>("subscriptions", {}),
    unsubscribe: (id) => ask<boolean>("unsubscribe", { ...who, id }),
    transcript: (target, query = {}) =>
      ask<Exchange[]>("transcript", { ...who, ...query, target }, { seconds: 60 }),
    async stop() {
      await ask("stop", who);
    },
  };
}
