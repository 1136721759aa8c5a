// The agents of the bus: writing to them, reading what was written, who is there and what happened.

import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import { listHeldAgents } from "../../bus/life/list.ts";
import { queryLog, searchLog } from "../../bus/log/events.ts";
import { send } from "../../bus/mail/send.ts";
import { requireMessage } from "../../bus/mail/trace.ts";
import type { EventRow } from "../../core/event.ts";
import { intents } from "../../core/events/message.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import { wakeReaders } from "../../relay/wake-readers.ts";
import type { Hub } from "../hub.ts";
import { type Arguments, invalidParams } from "./arguments.ts";
import { flag, inputOf, messageId, type Property, text, word } from "./schema.ts";
import type { McpTool, ToolCall } from "./tool.ts";

export interface AgentTool extends Omit<McpTool, "run" | "actor"> {
  run(call: ToolCall, hub: Hub): Promise<object>;
}

const sendTool: AgentTool = {
  name: "send",
  description:
    "Sends a message to agents by name; it reaches them in their running turn or wakes them. " +
    "Without targets it goes to the members of the thread; to everybody only with everybody. Use " +
    "list to see who is there, and send_message for channels.",
  input: inputOf(
    { text: { ...text("What to say"), minLength: 1 } },
    {
      targets: names("Names of agents, or tags"),
      everybody: flag("Instead of targets: all agents here"),
      intent: word("What you expect: request wants an answer, ack confirms", intents),
      reply_to: text("Id of the message that this answers"),
      thread: text("Name of a thread, to keep related messages together"),
      go: flag("Confirms a message to many, after it was refused without"),
    },
  ),
  isReadOnly: false,
  async run({ args, meta }, hub) {
    const row = hub.callerIn(meta);
    const bus = hub.bus();
    const sent = send(bus, {
      sender: { kind: "instance", name: row.name, row },
      isFromAgent: true,
      targets: targetsIn(args),
      text: args.text("text"),
      intent: args.optionalText("intent"),
      replyTo: args.optionalReference("reply_to"),
      thread: args.optionalText("thread"),
      go: args.optionalFlag("go") ?? false,
    });
    await wakeReaders(bus, sent);
    const { id, scope, thread, recipients } = sent;
    return { id, scope, thread: thread ?? null, sent_to: recipients.map((one) => one.name) };
  },
};

/** Nothing goes to everybody because a name was left out or misspelt. */
function targetsIn(args: Arguments): string[] {
  const targets = args.texts("targets").map((one) => one.replace(/^@/, ""));
  const isForAll = args.optionalFlag("everybody") ?? false;
  if (isForAll && targets.length > 0) {
    throw invalidParams("targets and everybody exclude each other");
  }
  const hasThread = args.optionalText("thread") !== undefined;
  if (targets.length > 0 || isForAll || hasThread) return targets;
  throw invalidParams("name the targets, or say everybody: true");
}

const readTool: AgentTool = {
  name: "read",
  description:
    "Shows one message between agents in full, by the number after # in what you were shown. For " +
    "messages of channels use get_message.",
  input: inputOf({ message_id: messageId }),
  isReadOnly: true,
  async run({ args }, hub) {
    const bus = hub.bus();
    const message = requireMessage(bus, args.integer("message_id"));
    const shown = displayNames(bus);
    const { from, text: words, mentions, delivered_to, intent, thread, reply_to } = message.data;
    return {
      id: message.id,
      timestamp: message.timestamp,
      from: shown(from),
      to: (mentions ?? delivered_to).map(shown),
      intent: intent ?? null,
      thread: thread ?? null,
      reply_to: reply_to ?? null,
      text: words,
    };
  },
};

const listTool: AgentTool = {
  name: "list",
  description: "Shows the agents that are here: names, what they are doing, unread messages.",
  input: inputOf({}),
  isReadOnly: true,
  async run({ meta }, hub) {
    const bus = hub.bus();
    const self = nameOf(hub, meta);
    const held = await listHeldAgents(bus);
    const agents = held.map(({ row, name, computed, description, unread, hold }) => ({
      name,
      is_you: row.name === self,
      tool: row.tool,
      status: computed.status,
      description,
      status_age_seconds: Math.floor(computed.age),
      unread_count: unread,
      mail_held_by: hold?.text ?? null,
      directory: row.directory,
    }));
    return { you: self ?? null, agents };
  },
};

const filters = {
  agent: names("Events of these agents"),
  type: names("message, status or life"),
  status: names("Changes to this status: active, listening, blocked, inactive"),
  action: names("Steps in an agent's life: created, ready, stopped ..."),
  file: names("Files written: a part of the path, or with *"),
  cmd: names("Shell commands: a part, ^start or =exact"),
  from: names("Messages of these senders"),
  mention: names("Messages that name these agents"),
  intent: names("Messages with this intent"),
  thread: names("Messages of these threads"),
  after: text("From this time on (YYYY-MM-DD...)"),
  before: text("Up to this time"),
};

const last = { least: 1, most: 500, usual: 20 } as const;

const eventsTool: AgentTool = {
  name: "events",
  description:
    "Searches the log of everything that happened: messages, changes of status, files written, " +
    "commands run. Returns the newest matches, oldest first. Values of one filter are " +
    "alternatives; different filters must all hold.",
  input: inputOf(
    {},
    {
      last: {
        type: "integer",
        minimum: last.least,
        maximum: last.most,
        default: last.usual,
        description: "How many at most",
      },
      search: text("Messages that hold these words; stands alone, without filters"),
      ...filters,
    },
  ),
  isReadOnly: true,
  run: ({ args }, hub) => Promise.resolve({ events: rowsOf(hub.bus(), args).map(shownEvent) }),
};

export const agentTools: readonly AgentTool[] = [sendTool, readTool, listTool, eventsTool];

export function onHub(tools: readonly AgentTool[], hub: Hub): readonly McpTool[] {
  return tools.map((tool) => ({
    ...tool,
    run: (call) => withHint(() => tool.run(call, hub)),
  }));
}

/** A model that made a mistake is told what to do instead, in the same text. */
async function withHint(run: () => Promise<object>): Promise<object> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Refusal) || error.hint === undefined) throw error;
    const { code, message, hint, exit } = error;
    throw new Refusal({ code, message: `${message} (${hint})`, exit });
  }
}

function nameOf(hub: Hub, meta: ToolCall["meta"]): string | undefined {
  try {
    return hub.callerIn(meta).name;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function rowsOf(bus: Bus, args: Arguments): EventRow[] {
  const most = args.optionalInteger("last", last) ?? last.usual;
  const given: Record<string, string[]> = {};
  for (const name of Object.keys(filters)) {
    const values = args.texts(name);
    if (values.length > 0) given[name] = values;
  }
  const words = args.optionalText("search");
  if (words === undefined) return queryLog(bus, { filters: given, last: most });
  if (Object.keys(given).length === 0) return searchLog(bus, words, most);
  throw invalidParams("search stands alone: words are searched in all messages");
}

/** Without what only the program itself needs. */
function shownEvent({ id, timestamp, type, instance, data }: EventRow): object {
  const { snapshot: _snapshot, ...shown } = asObject(parseJson(data));
  return { id, timestamp, type, instance, data: shown };
}

function names(description: string): Property {
  return { type: "array", items: { type: "string" }, description };
}
