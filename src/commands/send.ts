// hcom send: one message to named agents, a group, a thread, or everybody.

import {
  calledBy,
  findInstance,
  type Identity,
  isInsideTool,
  senderOf,
} from "../bus/agents/identity.ts";
import type { Made } from "../bus/bundles/make.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { candidates } from "../bus/mail/candidates.ts";
import { collect } from "../bus/mail/collect.ts";
import { holdsOf } from "../bus/mail/hold.ts";
import { findMailbox } from "../bus/mail/mailbox.ts";
import { type Draft, type Sent, send } from "../bus/mail/send.ts";
import { bundleFlags, bundleIn } from "../cli/bundle/flags.ts";
import type { Call, Command } from "../cli/command.ts";
import { isTerminal } from "../cli/is-terminal.ts";
import { readBodyFile, readBodyInput } from "../cli/message-body.ts";
import { usageError } from "../cli/parse.ts";
import { canAsk, isConfirmed } from "../cli/person/ask.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { type Part, style } from "../cli/style.ts";
import { textOf } from "../cli/utf8.ts";
import { projectOf } from "../config/project.ts";
import { withSummary } from "../core/bundles/summary.ts";
import { human } from "../core/instance.ts";
import type { Hold } from "../core/mail/hold.ts";
import { checkText, recoverTrailingName, unescapeShellHistory } from "../core/mail/message.ts";
import { isNameOf } from "../core/mail/scope.ts";
import { isAdHoc } from "../core/names/ad-hoc.ts";
import { checkSenderName, extractMentions } from "../core/names/address.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { statusIcon } from "../core/status.ts";
import { wakeReaders } from "../relay/wake-readers.ts";
import { shellQuote } from "../tools/shell-quote.ts";

const command: Command = {
  name: "send",
  group: "talk",
  summary: "send a message to agents",
  usage: [
    "send @luna @nova [flags] -- message words",
    'send @luna "message"',
    'send "@luna message"',
    "send @luna --stdin | --file PATH | --base64 TEXT",
    "send -- message to everybody",
    "send @luna --title TEXT --description TEXT --events IDS --files PATHS " +
      "--transcript RANGES [flags] -- words",
  ],
  flags: [
    { name: "intent", value: "request|inform|ack", about: "what you expect from the reader" },
    { name: "reply-to", value: "ID", about: "the message this answers" },
    {
      name: "thread",
      value: "NAME",
      about: "keep related messages together; remembers its members",
    },
    { name: "from", value: "NAME", about: "send as somebody outside hcom" },
    { name: "bigboss", short: "b", about: "send as the person (same as --from bigboss)" },
    { name: "stdin", about: "read the message from standard input" },
    { name: "file", value: "PATH", about: "read the message from a file" },
    { name: "base64", value: "TEXT", about: "the message, base64 encoded" },
    {
      name: "here",
      about: "without a target: only to agents of this project (setting: broadcast)",
    },
    { name: "quiet", about: "print nothing" },
    ...bundleFlags,
  ],
  tables: [
    {
      title: "What an intent says to the reader:",
      rows: [
        ["request", "an answer is awaited"],
        ["inform", "for your information; no answer is needed"],
        ["ack", "I have got it; do not answer"],
      ],
    },
  ],
  exits: {
    1: "not sent: nobody is there to get it, it needs --go, or its file cannot be read",
    2: "not sent: wrong usage, such as an unknown intent or an empty message",
    3: "not sent: no such agent or message",
  },
  examples: [
    "hcom send @luna --intent request -- please review src/main.ts",
    "hcom send @luna --intent ack --reply-to 42 -- on it",
    "git diff | hcom send @nova --stdin",
  ],
  textAfter: 1,
  run: runSend,
};
export default command;

async function runSend(call: Call): Promise<number> {
  const { targets, words } = split(call);
  const externalName = externalSender(call);
  using bus = openBus(call.system, { writer: "send" });
  const sender = senderOf(bus, { name: call.name }, externalName);
  const own = sender.kind === "instance" ? sender.name : undefined;
  const recovery = recoverTrailingName(words, own);
  const text = recovery.words.join(" ");
  checkForgottenAt(bus, call, targets, text);
  const made = await bundleFor(bus, call, sender);
  if (made !== undefined) checkText(text);
  const sent = sendAsked(bus, call, {
    sender,
    targets: targets ?? extractMentions(text, hasTag(bus)),
    text: made === undefined ? text : withSummary(text, made.data),
    bundle: made?.data,
    go: call.go,
    calledBy: calledBy(bus, sender),
    within: call.flags.has("here") ? projectOf(call.system.cwd) : undefined,
    intent: call.flags.value("intent"),
    replyTo: call.flags.value("reply-to"),
    thread: call.flags.value("thread"),
  });
  await wakeReaders(bus, sent);
  if (!call.flags.has("quiet")) feedback(call, sent, await holdsOfSent(bus, sent), made);
  noteFlagsInText(call);
  if (recovery.recovered) call.out.note(`(took the trailing --name ${own} as a flag)`);
  if (own !== undefined && !call.flags.has("quiet")) await ownMail(call, bus, own);
  return exitCode.ok;
}

/** Made before anything is sent: what is wrong with it keeps the message back. */
async function bundleFor(bus: Bus, call: Call, sender: Identity): Promise<Made | undefined> {
  const written = bundleIn(call);
  if (written === undefined) return undefined;
  const { makeBundle } = await import("../bus/bundles/make.ts");
  return makeBundle(bus, sender, written);
}

/** At a terminal a person is asked where a script goes ahead and an agent needs --go. */
function sendAsked(bus: Bus, call: Call, draft: Draft): Sent {
  if (isInsideTool(bus) || call.go || !canAsk()) return send(bus, draft);
  try {
    return send(bus, { ...draft, asksAbove: manyForPeople });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "needs_confirmation") throw error;
    if (!isConfirmed(`${error.message}\nSend?`)) throw error;
    return send(bus, { ...draft, go: true });
  }
}

const manyForPeople = 10;

/** `hcom send luna` would tell everybody "luna"; so would `hcom send "luna: hi"`. */
function checkForgottenAt(
  bus: Bus,
  call: Call,
  targets: readonly string[] | undefined,
  text: string,
): void {
  const isOneWord = targets === undefined && call.rest === undefined && call.words.length === 1;
  if (!isOneWord) return;
  checkNamedWithColon(bus, text);
  if (!isNameOf(text, candidates(bus))) return;
  throw usageError(
    command,
    `"${text}" is a name, not a message - did you mean @${text}?`,
    `write to one: hcom send @${text} -- ...; to everybody: hcom send -- ${text}`,
  );
}

function checkNamedWithColon(bus: Bus, text: string): void {
  const [, name, said] = /^([\w-]+):\s+(\S.*)$/s.exec(text) ?? [];
  if (name === undefined || said === undefined) return;
  if (extractMentions(text, hasTag(bus)).length > 0 || !isNameOf(name, candidates(bus))) return;
  const isShort = text.length <= 60 && !text.includes("\n");
  throw usageError(
    command,
    `"${name}:" names an agent - did you mean hcom send @${name} -- ` +
      `${isShort ? shellQuote(said) : "..."}?`,
    `to everybody: hcom send -- ${isShort ? shellQuote(text) : "..."}`,
  );
}

/** After -- all is text: at a terminal a flag there is mostly a slip. */
function noteFlagsInText(call: Call): void {
  const known = command.flags?.map(({ name }) => `--${name}`) ?? [];
  const at = call.rest?.findIndex((word) => known.includes(word)) ?? -1;
  if (at < 0 || !isTerminal(2) || isInsideTool(call)) return;
  call.out.note(`Sent as words: "${call.rest?.slice(at).join(" ")}". A flag goes before the --`);
}

function externalSender(call: Call): string | undefined {
  const from = call.flags.value("from");
  if (from !== undefined) {
    return checkSenderName(from);
  }
  return call.flags.has("bigboss") ? human : undefined;
}

interface Body {
  /** undefined: the text is a single argument whose mentions decide. */
  targets: string[] | undefined;
  /** The message is these, joined with a blank. */
  words: readonly string[];
}

function split(call: Call): Body {
  const targets = call.words.filter((word) => word.startsWith("@")).map((word) => word.slice(1));
  const isSingle = call.words.length === 1 && /\s/.test(call.words[0] ?? "");
  const bodies = isSingle ? [...call.words] : call.words.filter((word) => !word.startsWith("@"));
  const sources = sourcesOf(call, bodies);
  if (sources.length > 1) {
    throw severalBodies(sources, bodies);
  }
  if (!isSingle && targets.includes("")) {
    throw usageError(command, "an empty target @ is not a name");
  }
  if (bodies.length > 1) {
    throw severalWords(call, targets, bodies);
  }
  const [single] = bodies;
  if (single !== undefined) {
    const words = [unescapeShellHistory(single)];
    return { targets: targets.length > 0 && !isSingle ? targets : undefined, words };
  }
  return { targets, words: bodyOf(call) };
}

/** The line that was meant, to be copied. */
function severalWords(call: Call, targets: readonly string[], bodies: readonly string[]): Refusal {
  const [first = "", ...others] = bodies;
  const name = first.replace(/[:,]$/, "");
  using bus = openBus(call.system, { writer: "send" });
  const isName = targets.length === 0 && isNameOf(name, candidates(bus));
  const to = (isName ? [name] : targets).map((target) => `@${target} `).join("");
  const message = (isName ? others : bodies).map(shellQuote).join(" ");
  const line = `hcom send ${to}-- ${message}`;
  return usageError(command, `which words are the message? put -- before it: ${line}`);
}

/** `hcom send luna -- hello` means a name. */
function severalBodies(sources: readonly string[], bodies: readonly string[]): Refusal {
  const message = `one message only, but there are several: ${sources.join(", ")}`;
  const [word = ""] = bodies;
  if (bodies.length !== 1 || !isNameLike(word)) return usageError(command, message);
  const meant = `"${word}" begins with no @ - did you mean @${word}?`;
  return usageError(command, meant, `write to one: hcom send @${word} -- ...`);
}

function isNameLike(word: string): boolean {
  return /^[\w-]+(:\w+)?$/.test(word);
}

function sourcesOf(call: Call, bodies: readonly string[]): string[] {
  const named = ["stdin", "file", "base64"].filter((name) => call.flags.has(name));
  return [
    ...named.map((name) => `--${name}`),
    ...(call.rest === undefined ? [] : ["the words after --"]),
    ...(bodies.length === 0 ? [] : ["an argument"]),
  ];
}

/** What an agent may send without a question: see `readBodyFile`. */
function placeOf(call: Call): string | undefined {
  return isInsideTool(call) ? call.system.cwd : undefined;
}

const passItAfter = "pass it after --: hcom send @name -- message";

function bodyOf(call: Call): readonly string[] {
  if (call.rest !== undefined) return call.rest;
  const file = call.flags.value("file");
  if (file !== undefined) return [readBodyFile(file, passItAfter, placeOf(call))];
  const encoded = call.flags.value("base64");
  if (encoded !== undefined) return [decode(encoded)];
  if (call.flags.has("stdin")) return [readBodyInput(passItAfter)];
  if (isTerminal(0)) throw usageError(command, "there is no message", passItAfter);
  if (call.words.length > 0) return [readBodyInput(passItAfter)];
  return [bareInput()];
}

/** `hcom send` and nothing else: what is piped in is the message, and nothing is no wish. */
function bareInput(): string {
  try {
    return readBodyInput(passItAfter);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw usageError(command, "say what, and to whom", passItAfter);
  }
}

function decode(encoded: string): string {
  // Node's reader skips what is no base64.
  const bytes = Buffer.from(/^[\w+/\s-]+=*\s*$/.test(encoded) ? encoded : "", "base64");
  const text = textOf(bytes);
  if (text === undefined || text === "") {
    throw usageError(command, "--base64 is not base64 of a UTF-8 text");
  }
  return text;
}

/** With many recipients nobody reads a line for each. */
async function holdsOfSent(bus: Bus, { recipients }: Sent): Promise<Map<string, Hold>> {
  if (recipients.length > 10) return new Map();
  return holdsOf(
    bus,
    recipients.map((one) => one.base),
  );
}

function feedback(call: Call, sent: Sent, holds: ReadonlyMap<string, Hold>, made?: Made): void {
  if (call.json) {
    call.out.json({
      event_id: sent.id,
      delivered_to: sent.recipients.map((one) => one.base),
      id: sent.id,
      scope: sent.scope,
      thread: sent.thread,
      bundle_id: made?.data.bundle_id,
      sent_to: sent.recipients.map((one) => ({ ...one, hold: holds.get(one.base) ?? null })),
    });
    return;
  }
  const names = sent.recipients.map(({ name, status }) =>
    name === human ? name : `${status === undefined ? "◌" : statusIcon(status)} ${name}`,
  );
  if (names.length > 10) call.out.line(`Sent to ${names.length} agents (#${sent.id})`);
  else call.out.line(`Sent to: ${names.join(", ")} (#${sent.id})`);
  if (made !== undefined) call.out.line(`With it: ${made.data.bundle_id}`);
  for (const warning of made?.warnings ?? []) call.out.note(`(${warning})`);
  for (const { target, names: meant } of sent.completed) {
    call.out.note(`(@${target} was taken for ${meant.join(", ")})`);
  }
  for (const line of waitLines(sent, holds)) {
    const { width } = call.out.view;
    for (const one of wrapped(line, { width, indent: 4 })) call.out.line(...one);
  }
}

/** Those whom the same keeps from it are named together. */
function waitLines({ recipients }: Sent, holds: ReadonlyMap<string, Hold>): Part[][] {
  const waiting = new Map<string, { hold: Hold; names: string[] }>();
  for (const { name, base } of recipients) {
    const hold = holds.get(base);
    if (hold === undefined) continue;
    const same = `${hold.text}\n${hold.next ?? ""}`;
    const known = waiting.get(same);
    if (known === undefined) waiting.set(same, { hold, names: [name] });
    else known.names.push(name);
  }
  return [...waiting.values()].flatMap(({ hold: { text, next }, names }): Part[][] => {
    const who = `${names.join(", ")} ${names.length === 1 ? "does" : "do"} not have it yet: `;
    const held: Part[] = [`  ${who}`, style.warn(text)];
    return next === undefined ? [held] : [held, ["    next: ", style.strong(next)]];
  });
}

/** What waits for the sender is printed here: its next look would bring it anyway. */
async function ownMail(call: Call, bus: Bus, name: string): Promise<void> {
  if (call.json) return;
  const row = findInstance(bus, name);
  if (row === undefined) return;
  // From a shell outside it is a person who took the name: the mail stays with its agent.
  if (!isAdHoc(row) && !isInsideTool(bus)) return;
  const offer = collect(bus, name, { via: "send", ...(await findMailbox(row)) });
  if (offer === undefined) return;
  call.out.framed(`\n${offer.text}`);
  if (await call.out.flush()) offer.commit();
}

function hasTag(bus: Bus): (tag: string) => boolean {
  const tags = new Set(candidates(bus).map((one) => one.tag));
  return (tag) => tags.has(tag);
}
