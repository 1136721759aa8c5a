// What programs that use the library write down and get: options in camelCase, records with the
// field names of the log. Times of the log are ISO 8601 in UTC with six digits of a second
// (`2026-11-28T15:04:05.123456+00:00`); durations are seconds.

/** What a message wants of its reader. `error` is kept for texts of earlier programs. */
export type Intent = "request" | "inform" | "ack" | "error";

/** What a `?` in SQL may stand for. */
export type SqlValue = string | number | null;

export interface SessionOptions {
  /**
   * Who speaks: an agent by its base or full name, or with `external` any free name. Left out: the
   * agent in whose shell this program runs; at a person's own shell the person, `bigboss`.
   */
  name?: string | undefined;
  /** A sender without a row: nobody can write to it, and it is in no list. */
  external?: boolean | undefined;
}

/** One agent as lists have it. */
export interface InstanceInfo {
  /** Full name: with the tag in front, if it has one. */
  name: string;
  /** The conversation's id in its program; null until that has told. */
  session_id: string | null;
  /** `active`, `listening`, `blocked`, `launching`, `inactive` or `error`. */
  status: string;
  /** Working directory, absolute. */
  directory: string | null;
  /** Base name of the agent whose subagent it is. */
  parent_name: string | null;
  /** Its program. */
  tool: string;
}

export interface SessionInfo extends InstanceInfo {
  /** False for the person and for external senders, whose status is `external`. */
  connected: boolean;
  /** File with its conversation; null until its program has told. */
  transcript_path: string | null;
}

export interface SendOptions {
  /** Readers by name, with or without `@`. Left out: those that the text names with `@`. */
  to?: string | readonly string[] | undefined;
  intent?: Intent | undefined;
  /** Id of the message that this answers; needed for `ack`. */
  replyTo?: number | string | undefined;
  /** Keeps messages together; without readers it goes to the thread's members. */
  thread?: string | undefined;
}

/** Base names of those who got it, in an array that also has the message's event `id`. */
export type Sent = string[] & { readonly id: number };

export interface MessageQuery {
  /** True (the default): those that came to this session, read or not. False: all of the log. */
  unread?: boolean | undefined;
  /** The newest so many (20). */
  last?: number | undefined;
}

export interface Message {
  /** Event id. */
  id: number;
  /** ISO time. */
  ts: string;
  /** Base name of the sender. */
  from: string;
  text: string;
  /** Base names that it was addressed to; empty for a broadcast. */
  mentions: string[];
  /** Base names of the agents that got it. */
  delivered_to: string[];
  intent?: Intent;
  thread?: string;
  /** Event id of what it answers, where that is of this log. */
  reply_to?: number;
}

export interface EventQuery {
  /** A condition on the view `events_v`, as behind WHERE; `hcom events --help` has its columns. */
  sql?: string | undefined;
  /** Values for the `?` in it, in order. */
  params?: readonly SqlValue[] | undefined;
  /** The newest so many (20). */
  last?: number | undefined;
}

/** A row of the log. What `data` holds depends on `type`: a message, a status, a step of a life. */
export interface LogEvent {
  id: number;
  /** ISO time. */
  ts: string;
  /** `message`, `status` or `life`. */
  type: string;
  /** Base name of whose event it is, `ext_NAME` for external senders, `sys_NAME` for hcom. */
  instance: string;
  data: Record<string, unknown>;
}

export interface WaitOptions {
  /** Values for the `?` in the condition, in order. */
  params?: readonly SqlValue[] | undefined;
  /** Seconds (60). */
  timeout?: number | undefined;
  /** Only events behind this id. Left out: those of the last ten seconds count, too. */
  after?: number | undefined;
}

export interface SubscribeOptions {
  params?: readonly SqlValue[] | undefined;
  /** Gone after the first match. */
  once?: boolean | undefined;
}

export interface SubscriptionInfo {
  /** For example `sub-1a2b3c4d`. */
  id: string;
  /** The condition that is asked of each event. */
  sql: string;
  /** Base name of who is told. */
  caller: string;
  once: boolean;
}

export interface TranscriptQuery {
  /** The newest so many exchanges (10). */
  last?: number | undefined;
  /** Instead: `7`, or `5-10`, counted from 1, both ends included. */
  range?: string | undefined;
  /** With what the agent did: commands, files, output, errors. */
  full?: boolean | undefined;
}

/** What somebody said to an agent, and what it said and did until the next one spoke. */
export interface Exchange {
  /** Counted from 1 over the whole conversation. */
  position: number;
  user: string;
  /** Empty words are described in parentheses: `(tool-only turn: Bash)`. */
  assistant: string;
  /** The same as `assistant`, by its name in `hcom transcript --json`. */
  action: string;
  /** Names of files without their folders, at most five. */
  files: string[];
  /** ISO time as the program wrote it. */
  timestamp: string | null;
  /** With `full`: what it called, in order. */
  tool_calls?: ExchangeTool[];
  /** With `full`: what came back, as far as anything did; cut at some hundred characters. */
  tool_results?: { name: string; output: string; is_error: boolean }[];
  /** With `full`: did the turn end in an error? */
  ended_on_error?: boolean;
}

export interface ExchangeTool {
  name: string;
  file?: string;
  command?: string;
}

export interface LaunchOptions {
  /** How many (1). */
  count?: number | undefined;
  /** Program, `claude` for example; the first one that hcom knows where left out. */
  tool?: string | undefined;
  /** Group: names become TAG-name, and `@TAG-` reaches all. */
  tag?: string | undefined;
  /** What each is asked first. It stands in no command line. */
  prompt?: string | undefined;
  /** More instructions, where the program takes any. */
  systemPrompt?: string | undefined;
  /** Without a terminal. Otherwise a pane is opened: in tmux, or where the settings say. */
  background?: boolean | undefined;
  /** Arguments of the program's own; a text is split as a shell does. */
  toolArgs?: string | readonly string[] | undefined;
  /** Name, session id or title of an agent whose conversation goes on. */
  resume?: string | undefined;
  /** With `resume`: another agent that knows the same, and the old one stays. */
  fork?: boolean | undefined;
  /** Working directory. */
  cwd?: string | undefined;
}

export interface LaunchHandle {
  tool: string;
  /** Base name. */
  instance_name: string;
  /** How far it got when `launch` came back, which waits up to ten seconds. */
  state: "ready" | "failed" | "blocked" | "starting";
  /** Why it failed, or what it waits for. */
  detail: string;
}

export interface LaunchResult {
  tool: string;
  batch_id: string;
  launched: number;
  failed: number;
  background: boolean;
  /** Of background agents: absolute paths. */
  log_files: string[];
  handles: LaunchHandle[];
  errors: { tool: string; error: string }[];
}

/**
 * Somebody who takes part, bound by `session()`. Nothing is cached: each call asks the log. What is
 * refused rejects with an `HcomError`.
 */
export interface Session {
  /** Full name of an agent, or the external name. */
  readonly name: string;
  /** Rejects with `unknown_identity` when the agent has stopped. */
  info(): Promise<SessionInfo>;
  /** As `hcom send`: without readers and thread it goes to everybody. */
  send(message: string, options?: SendOptions): Promise<Sent>;
  /** Oldest first. Reads and marks nothing as read: mail still arrives at its agent. */
  messages(query?: MessageQuery): Promise<Message[]>;
  /** Oldest first. */
  events(query?: EventQuery): Promise<LogEvent[]>;
  /** The first event that matches, or null when the time is over. Without SQL any event. */
  wait(sql?: string, options?: WaitOptions): Promise<LogEvent | null>;
  /** From now on each match is told as a message. Returns the id. Not for external senders. */
  subscribe(sql: string, options?: SubscribeOptions): Promise<string>;
  /** Everybody's. */
  subscriptions(): Promise<SubscriptionInfo[]>;
  /** By id, with or without `sub-`. False when there is none of that id. */
  unsubscribe(id: string): Promise<boolean>;
  /** Of this agent, or of another one, also a stopped one. */
  transcript(target?: string, query?: TranscriptQuery): Promise<Exchange[]>;
  /** It takes part no more. The process of a background agent ends, too. */
  stop(): Promise<void>;
}
