// Sends one message: checks it, finds who gets it, and stores the event, the ledger's lines and the
// thread's members in one transaction. Nothing is stored when anything is wrong.

import { projectOf } from "../../config/project.ts";
import type { MessageEvent } from "../../core/event.ts";
import type { BundleData } from "../../core/events/bundle.ts";
import type { Intent, MessageData } from "../../core/events/message.ts";
import { human } from "../../core/instance.ts";
import {
  checkIntent,
  checkReply,
  checkSystemMention,
  checkText,
  checkThread,
} from "../../core/mail/message.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { needsConfirmation, resolveTargets, unknownTargetsRefusal } from "../../core/mail/scope.ts";
import { threadOfReply, threadTargets } from "../../core/mail/thread.ts";
import { parseEventRef } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Status } from "../../core/status.ts";
import { answerDelivery, storeDeliveries } from "../../store/deliveries.ts";
import { getEvent, maxEventId } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { getKv } from "../../store/kv.ts";
import { deviceByShort, ownShortKey } from "../../store/relay/devices.ts";
import { localEvent } from "../../store/relay/origins.ts";
import { addThreadMembers, threadMembers } from "../../store/threads.ts";
import { type Identity, isInsideTool } from "../agents/identity.ts";
import { stoppedRefusal } from "../agents/stopped.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { displayNames } from "../display-names.ts";
import { humanPrincipal, storeForHuman } from "../inbox.ts";
import { keepDebts } from "../watch/owed.ts";
import { watchRequest } from "../watch/watch-request.ts";
import { candidates } from "./candidates.ts";

export interface Draft {
  sender: Identity;
  /** Without `@`; empty = broadcast, or the thread's members. */
  targets: string[];
  text: string;
  intent?: string | undefined;
  replyTo?: string | undefined;
  thread?: string | undefined;
  /** What goes with it. The text says so already. */
  bundle?: BundleData | undefined;
  /** Who really called, for the log. */
  calledBy?: string | undefined;
  /** A broadcast stays with agents below this directory. */
  within?: string | undefined;
  /** Whatever surrounds us: a model asks for it, and nobody looks over its shoulder. */
  isFromAgent?: true;
  /** A person at a terminal is asked, above so many recipients. */
  asksAbove?: number | undefined;
  /** Confirms a wide send. */
  go?: boolean;
}

export interface Sent {
  id: number;
  scope: MessageData["scope"];
  thread?: string;
  /** Display names, base names, and what they are doing. */
  recipients: { name: string; base: string; status: Status | undefined }[];
  /** Targets that were beginnings of names. */
  completed: { target: string; names: string[] }[];
}

export function send(bus: Bus, draft: Draft): Sent {
  checkText(draft.text);
  for (const word of [draft.text, ...draft.targets.map((target) => `@${target}`)]) {
    checkSystemMention(word);
  }
  const intent = draft.intent === undefined ? undefined : checkIntent(draft.intent);
  const parent = draft.replyTo === undefined ? undefined : parentOf(bus, draft.replyTo);
  checkReply({ intent, parent: parent?.data });
  const thread = draft.thread ?? threadOfReply(parent?.data);
  if (thread !== undefined) checkThread(thread);
  return bus.db.write(() => store(bus, draft, { intent, parent, thread }));
}

/** Who asks one or more by name hears when they rest without an answer. */
function isWatched({ sender }: Draft, { intent, thread }: Checked, routed: Routed): boolean {
  const isByName = routed.scope === "mentions" && routed.root === undefined;
  return sender.kind === "instance" && intent === "request" && isByName && thread === undefined;
}

/** Whoever was named owes the answer, to an agent or to the person; a script sees for itself. */
function isAsked({ sender }: Draft, { intent }: Checked, { scope, root }: Routed): boolean {
  const isSomebody = sender.kind === "instance" || senderName(sender) === human;
  return isSomebody && intent === "request" && scope === "mentions" && root === undefined;
}

interface Checked {
  intent: Intent | undefined;
  parent: MessageEvent | undefined;
  thread: string | undefined;
}

function store(bus: Bus, draft: Draft, checked: Checked): Sent {
  const from = senderName(draft.sender);
  const routed = route(bus, draft, checked, from);
  const recipients = routed.names.filter((name) => name !== from && name !== human);
  checkReachesOthers(routed, recipients, from);
  confirm(bus, draft, routed, recipients);
  const data = dataOf(draft, checked, routed, recipients, from);
  const instance = draft.sender.kind === "instance" ? from : `ext_${from}`;
  if (draft.bundle !== undefined) append(bus, { type: "bundle", instance, data: draft.bundle });
  const id = append(bus, { type: "message", instance, data });
  const now = bus.system.now() / 1000;
  storeDeliveries(
    bus.db,
    id,
    recipients.flatMap((name) => {
      const row = getInstance(bus.db, name);
      return row === undefined ? [] : [{ name, principal: row.principal }];
    }),
    now,
  );
  const reachesHuman = routed.scope === "broadcast" || routed.names.includes(human);
  if (from !== human && reachesHuman) storeForHuman(bus, id, routed.scope !== "broadcast");
  joinThread(bus, draft, checked.thread, recipients);
  if (isWatched(draft, checked, routed)) watchRequest(bus, { id, sender: from, recipients });
  answer(bus, draft.sender, checked.parent, id, now);
  const readers = routed.names.filter((name) => name !== from);
  keepDebts(bus, { id, data, readers, isRequest: isAsked(draft, checked, routed) });
  return {
    id,
    scope: data.scope,
    ...(checked.thread === undefined ? {} : { thread: checked.thread }),
    recipients: shown(bus, routed, recipients),
    completed: routed.completed,
  };
}

interface Routed {
  scope: MessageData["scope"];
  names: string[];
  completed: Sent["completed"];
  byPrefix: { target: string; names: string[] }[];
  /** A broadcast that stays below this directory. */
  root?: string;
  /** Who asked from outside and reads the answer in the log: a script. */
  outside?: string;
}

function route(bus: Bus, draft: Draft, checked: Checked, from: string): Routed {
  const all = candidates(bus);
  if (draft.targets.length > 0) {
    const resolved = resolveTargets({ targets: draft.targets, candidates: all });
    if (resolved.unknown.length > 0) {
      const [first = ""] = resolved.unknown;
      const gone = stoppedRefusal(bus, first, "unknown_target");
      if (gone !== undefined) throw gone;
      throw unknownTargetsRefusal({ unknown: resolved.unknown, candidates: all });
    }
    const { names, byPrefix, completed } = resolved;
    return { scope: "mentions", names, byPrefix, completed };
  }
  if (checked.thread !== undefined) {
    const members = threadMembers(bus.db, checked.thread);
    const live = all.map((one) => one.name);
    const names = threadTargets({ members, live, sender: from });
    const outside = askerOutside(checked.parent);
    if (names.length === 0 && outside === undefined) throw emptyThread(checked.thread);
    return { scope: "mentions", names, byPrefix: [], completed: [], ...outside };
  }
  const root = draft.within ?? ownProject(bus, draft.sender);
  // A directory means the same on one machine only.
  const near = all.filter((one) =>
    root === undefined ? true : !one.remote && isWithin(one.directory, root),
  );
  const names = near.map((one) => one.name);
  // A broadcast is for whoever comes later, too; one that is kept to a place names its readers.
  if (root === undefined) return { scope: "broadcast", names, byPrefix: [], completed: [] };
  // The person is in every project.
  const readers = from === human ? names : [...names, human];
  return { scope: "mentions", names: readers, byPrefix: [], completed: [], root };
}

/** Where the owner keeps broadcasts to a project: the sender's. */
function ownProject(bus: Bus, sender: Identity): string | undefined {
  if (bus.settings.text("broadcast") !== "project") return undefined;
  const directory = sender.kind === "instance" ? sender.row.directory : null;
  return projectOf(directory ?? bus.system.cwd);
}

function isWithin(directory: string | null | undefined, root: string | undefined): boolean {
  if (root === undefined || directory === root) return true;
  return directory?.startsWith(root.endsWith("/") ? root : `${root}/`) === true;
}

/** Somebody from outside has no mail: who asks there waits for the event. */
function askerOutside(parent: MessageEvent | undefined): { outside: string } | undefined {
  if (parent?.data.sender_kind !== "external" || parent.data.from === human) return undefined;
  return { outside: parent.data.from };
}

/** A message that nobody but its sender would get is none. */
function checkReachesOthers(routed: Routed, recipients: readonly string[], from: string): void {
  if (recipients.length > 0 || routed.outside !== undefined) return;
  if (from !== human && (routed.scope === "broadcast" || routed.names.includes(human))) return;
  if (routed.names.includes(from)) {
    throw new Refusal({
      code: "only_yourself",
      message: `not sent: @${from} is you`,
      hint: "name somebody else, or nobody to reach everybody",
    });
  }
  const where = routed.root === undefined ? "" : ` in ${routed.root}`;
  const wider = routed.root === undefined ? "" : "; to all: HCOM_BROADCAST=all hcom send -- ...";
  throw new Refusal({
    code: "nobody_here",
    message: `not sent: nobody is there to get it${where}`,
    hint: `see who is there: hcom list${wider}`,
  });
}

function emptyThread(thread: string): Refusal {
  return new Refusal({
    code: "empty_thread",
    message: `nobody else is in thread "${thread}"`,
    hint: `name who should be: hcom send @agent --thread ${thread} -- ...`,
  });
}

function confirm(bus: Bus, draft: Draft, routed: Routed, recipients: readonly string[]): void {
  const isAsked = needsConfirmation({
    insideTool: isInsideTool(bus) || draft.isFromAgent === true || draft.asksAbove !== undefined,
    ...(draft.asksAbove === undefined ? {} : { limit: draft.asksAbove }),
    scope: routed.scope,
    recipients: [...recipients],
    byPrefix: routed.byPrefix,
    go: draft.go === true,
  });
  if (!isAsked) return;
  throw new Refusal({
    code: "needs_confirmation",
    message:
      `not sent: this would reach ${recipients.length} agents: ${recipients.join(", ")} ` +
      "(BROADCAST SEND PREVIEW)",
    hint: "name the ones you mean (@name), or repeat the command with --go: hcom send --go ...",
  });
}

function dataOf(
  draft: Draft,
  checked: Checked,
  routed: Routed,
  recipients: string[],
  from: string,
): MessageData {
  const { calledBy } = draft;
  return {
    from,
    sender_kind: draft.sender.kind === "instance" ? "instance" : "external",
    scope: routed.scope,
    text: draft.text,
    delivered_to: recipients,
    ...(routed.scope === "mentions" ? { mentions: routed.names } : {}),
    ...(calledBy === undefined ? {} : { called_by: calledBy }),
    ...(checked.intent === undefined ? {} : { intent: checked.intent }),
    ...(draft.replyTo === undefined || checked.parent === undefined
      ? {}
      : {
          reply_to: replyTo(draft.replyTo, checked.parent),
          reply_to_local: checked.parent.id,
        }),
    ...(checked.thread === undefined ? {} : { thread: checked.thread }),
    ...(draft.bundle === undefined ? {} : { bundle_id: draft.bundle.bundle_id }),
  };
}

function parentOf(bus: Bus, reference: string): MessageEvent {
  const ref = parseEventRef(reference);
  const id = ref?.device === undefined ? ref?.id : idFrom(bus, ref.device, ref.id);
  const row = id === undefined ? undefined : getEvent(bus.db, id);
  const parent = row === undefined ? undefined : messageOf(row);
  if (parent !== undefined) return parent;
  throw new Refusal({
    code: "bad_reply_to",
    exit: exitCode.notFound,
    message: `--reply-to ${reference}: there is no message with that id`,
    hint: "the id stands after # in the message; list them: hcom events --type message",
  });
}

/** Where event `id` of that device stands here; of our own device it is what it says. */
function idFrom(bus: Bus, short: string, id: number): number | undefined {
  const device = deviceByShort(bus.db, short);
  if (device !== undefined) return localEvent(bus.db, device.uuid, id);
  return getKv(bus.db, ownShortKey) === short ? id : undefined;
}

/** As the device of the message that it answers can read it. */
function replyTo(written: string, { data }: MessageEvent): string {
  return data._relay === undefined ? written : `${data._relay.id}:${data._relay.short}`;
}

function joinThread(
  bus: Bus,
  draft: Draft,
  thread: string | undefined,
  recipients: readonly string[],
): void {
  if (thread === undefined) return;
  const sender = draft.sender.kind === "instance" ? [draft.sender.name] : [];
  addThreadMembers(bus.db, {
    thread,
    members: [...sender, ...recipients],
    now: bus.system.now() / 1000,
    lastId: maxEventId(bus.db),
  });
}

/** A reply is the strongest proof there is: the asker's message was read. */
function answer(
  bus: Bus,
  sender: Identity,
  parent: MessageEvent | undefined,
  id: number,
  now: number,
): void {
  if (parent === undefined) return;
  const principal = sender.kind === "instance" ? sender.row.principal : humanPrincipal;
  if (sender.kind !== "instance" && senderName(sender) !== human) return;
  answerDelivery(bus.db, {
    messageId: parent.id,
    principal,
    evidence: `reply #${id}`,
    now,
  });
}

function senderName(sender: Identity): string {
  return sender.kind === "none" ? human : sender.name;
}

function shown(bus: Bus, routed: Routed, recipients: readonly string[]): Sent["recipients"] {
  const isForHuman = routed.names.includes(human) || recipients.length === 0;
  const nobody = routed.outside ?? human;
  const names = isForHuman ? [...recipients, nobody] : recipients;
  const nameOf = displayNames(bus);
  return names.map((name) => ({
    name: nameOf(name),
    base: name,
    status: getInstance(bus.db, name)?.status,
  }));
}
