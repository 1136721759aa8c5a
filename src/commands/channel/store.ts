// hcom channel import, export, stats, log: the store as a whole.

import { resolve } from "node:path";
import { contextOf, operationsOf } from "../../bus/channels/session-log.ts";
import { clock } from "../../cli/when.ts";
import { operations } from "../../core/channels/operations.ts";
import { type Form, headForm, seedForm } from "../../core/channels/snapshot.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { fileExists } from "../../sys/files.ts";
import { type ChannelCall, type Word, wordsOf, wrongUse } from "./call.ts";

export const storeWords: readonly Word[] = [
  {
    word: "import",
    usage: "FILE",
    about: "take in all of an .acomm file; a space of its own keeps its numbers",
    run: take,
  },
  {
    word: "export",
    usage: "FILE [--form old|new] [--force]",
    about: "write all channels to an .acomm file",
    run: give,
  },
  {
    word: "stats",
    usage: "",
    about: "how much there is",
    run(call) {
      wordsOf(call);
      const stats = call.does(operations.stats, {});
      if (call.json) call.out.json(stats);
      else {
        const { channel_count, message_count, subscription_count, total_participants } = stats;
        call.out.line(
          [
            ...[many(channel_count, "channel"), many(total_participants, "membership")],
            ...[many(message_count, "message"), many(subscription_count, "subscription")],
          ].join(", "),
        );
      }
      return exitCode.ok;
    },
  },
  {
    word: "log",
    usage: "[--failures] [--limit N]",
    about: "what was asked through MCP, and the reasons agents gave",
    run: log,
  },
];

async function take(call: ChannelCall): Promise<number> {
  const [name = ""] = wordsOf(call, "FILE");
  const { importDocument } = await import("../../bus/channels/document-exchange.ts");
  const into = { kind: "bus", space: call.space } as const;
  const file = resolve(call.system.cwd, name);
  if (!fileExists(file)) {
    throw new Refusal({ code: "io_error", message: `there is no file ${name}` });
  }
  const taken = await importDocument(call.system, { file, into });
  if (call.json) call.out.json({ file: name, space: call.space, ...taken });
  else {
    call.out.line(`Took in ${counted(taken)} from ${name} (space ${call.space})`);
    for (const lost of taken.leftOut) call.out.note(`left out, there is one here already: ${lost}`);
  }
  return exitCode.ok;
}

async function give(call: ChannelCall): Promise<number> {
  const [name = ""] = wordsOf(call, "FILE");
  const { exportDocument } = await import("../../bus/channels/document-exchange.ts");
  const given = await exportDocument(call.system, {
    from: { kind: "bus", space: call.space },
    file: resolve(call.system.cwd, name),
    form: formOf(call),
    isForced: call.flags.has("force"),
  });
  if (call.json) call.out.json({ file: name, space: call.space, ...given });
  else {
    call.out.line(`Wrote ${counted(given)} to ${name}`);
    for (const lost of given.lost)
      call.out.note(`left out, this form has no place for it: ${lost}`);
  }
  return exitCode.ok;
}

function formOf(call: ChannelCall): Form | undefined {
  switch (call.flags.value("form")) {
    case undefined:
      return undefined;
    case "old":
    case "seed":
      return seedForm;
    case "new":
    case "head":
      return headForm;
    default:
      throw wrongUse("--form takes old (every acomm opens it) or new");
  }
}

function counted(all: { channels: number; messages: number; subscriptions: number }): string {
  const [channels, messages] = [many(all.channels, "channel"), many(all.messages, "message")];
  return `${channels}, ${messages} and ${many(all.subscriptions, "subscription")}`;
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function log(call: ChannelCall): number {
  wordsOf(call);
  const last = call.flags.number("limit") ?? 50;
  const operations = operationsOf(call.bus, { failuresOnly: call.flags.has("failures"), last });
  const context = call.flags.has("failures") ? [] : contextOf(call.bus, { last });
  if (call.json) {
    call.out.json({ operations, context });
    return exitCode.ok;
  }
  const lines = [
    ...operations.map((one) => ({
      at: one.at,
      text: `${one.tool} ${one.relatedId ?? ""} ${one.ok ? "ok" : `failed: ${one.error ?? ""}`}`,
    })),
    ...context.map((one) => ({ at: one.at, text: `why: ${one.intent}` })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  if (lines.length === 0)
    call.out.line("Nothing was asked through MCP yet. Offer it: hcom mcp install claude");
  for (const { at, text } of lines)
    call.out.line(`${clock(Date.parse(at), call.system.now())} ${text}`);
  return exitCode.ok;
}
