// The five prompts that AgenticComm documents: a question to the model with what the store holds
// filled in. The questions are the Markdown files beside this one.

import type { Result } from "@modelcontextprotocol/server";
import { asObject, isObject, type JsonObject } from "../../core/json.ts";
import { inert } from "../../core/mail/inert.ts";
import { forPeople } from "../../core/printable.ts";
import { Refusal } from "../../core/refusal.ts";
import { badCall, type Door } from "../door.ts";
import channelHealth from "./channel-health.md" with { type: "text" };
import commDebug from "./comm-debug.md" with { type: "text" };
import commStatus from "./comm-status.md" with { type: "text" };
import commTopology from "./comm-topology.md" with { type: "text" };
import { dataOf, type Wanted } from "./data.ts";
import threadSummary from "./thread-summary.md" with { type: "text" };

interface Prompt {
  name: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
  text: string;
}

const prompts: readonly Prompt[] = [
  {
    name: "comm-status",
    description: "The state of all channels and what needs attention",
    arguments: [
      optional("include_messages", "true or false: with the newest messages (true)"),
      optional("message_limit", "How many of them (10)"),
      optional("include_subscriptions", "true or false: with the subscriptions (true)"),
    ],
    text: commStatus,
  },
  {
    name: "channel-health",
    description: "How well one channel works",
    arguments: [
      needed("channel_id", "Id of the channel"),
      optional("time_window", "How far to look back: 30m, 24h, 7d (24h)"),
    ],
    text: channelHealth,
  },
  {
    name: "thread-summary",
    description: "The conversation around one message",
    arguments: [
      needed("message_id", "Id of the message"),
      optional("include_context", "true or false: with the messages around it (true)"),
    ],
    text: threadSummary,
  },
  {
    name: "comm-topology",
    description: "Who communicates with whom",
    arguments: [optional("time_window", "How far to look back: 30m, 24h, 7d (7d)")],
    text: commTopology,
  },
  {
    name: "comm-debug",
    description: "Why communication does not work as expected",
    arguments: [
      needed("symptom", "What you see, in your words"),
      optional("channel_id", "A channel it is about"),
      optional("message_id", "A message it is about"),
    ],
    text: commDebug,
  },
];

export const promptList = prompts.map(({ text: _text, ...shown }) => shown);

export async function getPrompt(door: Door, params: unknown): Promise<Result> {
  const { name, arguments: given } = asObject(params);
  const prompt = prompts.find((one) => one.name === name);
  if (prompt === undefined) throw badCall(`Prompt not found: ${String(name)}`);
  const data = await filled(door, prompt, wantedIn(prompt, isObject(given) ? given : {}));
  const text = prompt.text.replace(/\{\{(\w+)\}\}/g, (_all, key: string) => said(data[key]));
  return {
    description: prompt.description,
    messages: [{ role: "user", content: { type: "text", text } }],
  };
}

/** Words of others, in a text that the model takes for its person's. */
function said(words: string | undefined): string {
  return words === undefined ? "(none)" : inert(forPeople(words));
}

async function filled(
  door: Door,
  prompt: Prompt,
  wanted: Wanted,
): Promise<Record<string, string | undefined>> {
  try {
    return await dataOf(door, prompt.name, wanted);
  } catch (error) {
    throw error instanceof Refusal ? badCall(error.message) : error;
  }
}

/** Arguments of prompts are texts, whatever they mean. */
function wantedIn(prompt: Prompt, given: JsonObject): Wanted {
  for (const { name, required } of prompt.arguments) {
    if (required && (given[name] ?? "") === "") throw badCall(`${name} is required`);
  }
  const text = (name: string) => (given[name] === undefined ? undefined : String(given[name]));
  const id = (name: string) => {
    const value = text(name);
    if (value === undefined || value === "") return undefined;
    if (!/^\d{1,15}$/.test(value)) throw badCall(`${name} must be a non-negative integer`);
    return Number(value);
  };
  return {
    channelId: id("channel_id"),
    messageId: id("message_id"),
    messageLimit: id("message_limit") ?? 10,
    withMessages: text("include_messages") !== "false",
    withSubscriptions: text("include_subscriptions") !== "false",
    withContext: text("include_context") !== "false",
    window: text("time_window"),
    symptom: text("symptom"),
  };
}

function needed(name: string, description: string) {
  return { name, description, required: true };
}

function optional(name: string, description: string) {
  return { name, description, required: false };
}
