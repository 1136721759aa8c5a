// What an agent and those who spoke to it said, read from the transcript that its program keeps.
import { toolConfigDir } from "../../config/paths.ts";
import { snapshotIn } from "../../core/events/life.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { fullName } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import {
  isUnanswered,
  newReading,
  type Reading,
  type Span,
  takeEntry,
} from "../../core/transcript/exchange.ts";
import { type Detail, type ShownExchange, showExchange } from "../../core/transcript/show.ts";
import { latestStopped } from "../../store/events.ts";
import { fileSize, isFileIn, newestMatch } from "../../sys/file-find.ts";
import { readLines } from "../../sys/file-lines.ts";
import { findTool } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Bus } from "../bus.ts";
import { findInstance, requireInstance, requireNamed } from "./identity.ts";
import { stoppedByName } from "./stopped.ts";

export interface TranscriptOrder {
  /** A name as it is written, of an agent that is here or has stopped; left out: the caller's. */
  agent?: string | undefined;
  /** Who asks, as `--name` says. */
  name?: string | undefined;
  span: Span;
  detail: Detail;
}

export interface Transcript {
  /** Display name. */
  name: string;
  exchanges: ShownExchange[];
  /** How many exchanges there are in all. */
  total: number;
  /** Is something of them left out? */
  isCut: boolean;
}

export async function readTranscript(bus: Bus, order: TranscriptOrder): Promise<Transcript> {
  const subject = subjectOf(bus, order);
  const tool = await toolOf(subject);
  const path = await pathOf(bus, subject, tool);
  if (path === undefined) throw noTranscript(subject);
  const reading = await readFile(subject, tool, path, order.span);
  if (reading === undefined) throw noTranscript(subject);
  checkSpan(subject, reading);
  const shown = reading.kept.map((exchange) => showExchange(exchange, order.detail));
  return {
    name: subject.shown,
    exchanges: shown.map((one) => one.exchange),
    total: reading.total,
    isCut: shown.some((one) => one.isCut),
  };
}

/** Of an agent, here or gone, what leads to its transcript. */
interface Subject {
  shown: string;
  tool: string;
  session: string | null;
  parent: string | null;
  agentId: string | null;
  /** Where hooks said it is, most trusted first. */
  paths: readonly string[];
  configDir: string | undefined;
  isRemote: boolean;
  isHere: boolean;
}

function subjectOf(bus: Bus, order: TranscriptOrder): Subject {
  const { agent } = order;
  if (agent === undefined || agent === "self") {
    return ofRow(bus, requireInstance(bus, { name: order.name }));
  }
  const row = findInstance(bus, agent);
  return row === undefined
    ? (ofStopped(bus, agent) ?? ofRow(bus, requireNamed(bus, agent)))
    : ofRow(bus, row);
}

/** A life before this one counts where it was of the same conversation, or this has none yet. */
function ofRow(bus: Bus, row: Instance): Subject {
  const before = snapshotIn(latestStopped(bus.db, row.name));
  const isSame =
    before !== undefined &&
    before.principal === row.principal &&
    (row.session_id === null || before.session_id === row.session_id);
  return {
    shown: fullName(row),
    tool: row.tool,
    session: row.session_id ?? (isSame ? before.session_id : null),
    parent: row.parent_name,
    agentId: row.agent_id,
    paths: [row.transcript_path, isSame ? before.transcript_path : ""],
    configDir: launchContextOf(row).config_dir,
    isRemote: row.origin_device_id !== "",
    isHere: true,
  };
}

function ofStopped(bus: Bus, written: string): Subject | undefined {
  const found = stoppedByName(bus, written);
  if (found === undefined) return undefined;
  return {
    shown: fullName(found),
    tool: found.tool,
    session: found.session_id,
    parent: found.parent_name,
    agentId: found.agent_id,
    paths: [found.transcript_path],
    configDir: undefined,
    isRemote: found.origin_device_id !== "",
    isHere: false,
  };
}

/** Never another program's reader: what it makes of foreign lines would look like an answer. */
async function toolOf(subject: Subject): Promise<Tool> {
  if (subject.isRemote) {
    throw new Refusal({
      code: "remote_transcript",
      message: `${subject.shown} lives on another device, and so does its transcript`,
      hint: "run hcom transcript there",
    });
  }
  const tool = await findTool(subject.tool);
  if (tool?.transcript.entryReader !== undefined) return tool;
  throw new Refusal({
    code: "unknown_transcript",
    message: `${subject.shown} runs in "${subject.tool}", whose transcripts hcom cannot read`,
  });
}

async function pathOf(bus: Bus, subject: Subject, tool: Tool): Promise<string | undefined> {
  const { agentId, parent } = subject;
  const isSubagent = parent !== null && agentId !== null;
  const folders = foldersOf(bus, subject, tool);
  const root = subject.paths.find((path) => path !== "" && isFileIn(path, folders));
  if (!isSubagent) return root ?? derivedPath(bus, subject, tool);
  // Hooks of a subagent name the file of its root.
  return root === undefined ? undefined : tool.transcript.subagentFile?.(root, agentId);
}

/**
 * Where the program keeps its conversations. A hook names the file, and whoever can call a hook
 * could have any other file of the user's shown.
 */
function foldersOf(bus: Bus, subject: Subject, tool: Tool): string[] {
  if (tool.transcript.isJournal === true) return [bus.paths.journals];
  const { configDir } = subject;
  const usual = `${bus.system.home}/${tool.configDir.folder}`;
  const now = toolConfigDir(tool, bus.system.env);
  return configDir === undefined ? [now, usual] : [configDir, now, usual];
}

/** By the session's id below the program's own folder. */
function derivedPath(bus: Bus, subject: Subject, tool: Tool): Promise<string | undefined> {
  const { session } = subject;
  // An id that is no plain word would reach elsewhere.
  if (session === null || !/^[\w-]+$/.test(session)) return Promise.resolve(undefined);
  const [folder = ""] = foldersOf(bus, subject, tool);
  return newestMatch(folder, tool.transcript.globs(session));
}

const lateness = { looks: 4, everyMs: 150 };

async function readFile(
  subject: Subject,
  tool: Tool,
  path: string,
  span: Span,
): Promise<Reading | undefined> {
  const read = await tool.transcript.entryReader?.();
  if (read === undefined) return undefined;
  const entriesOf = read({ isSubagent: subject.parent !== null });
  const reading = newReading(span);
  const take = (line: string) => {
    for (const entry of entriesOf(line)) takeEntry(reading, entry);
  };
  let done = await readLines(path, 0, take);
  const mayGrow = subject.isHere && tool.transcript.isLate === true;
  for (let looks = 0; done !== undefined && mayGrow && looks < lateness.looks; looks++) {
    if (reading.current === undefined || !isUnanswered(reading.current)) break;
    await Bun.sleep(lateness.everyMs);
    if ((fileSize(path) ?? 0) > done.next) done = await readLines(path, done.next, take);
  }
  if (done === undefined) return undefined;
  take(done.rest);
  return reading;
}

function checkSpan(subject: Subject, reading: Reading): void {
  const { span, total } = reading;
  if ("last" in span || span.from <= total) return;
  throw new Refusal({
    code: "no_exchange",
    exit: exitCode.notFound,
    message: `there is no exchange ${span.from}: ${subject.shown} has ${total}`,
  });
}

function noTranscript(subject: Subject): Refusal {
  return new Refusal({
    code: "no_transcript",
    message: `Agent '${subject.shown}' has no transcript yet`,
    hint: "its program writes one with the first prompt",
  });
}
