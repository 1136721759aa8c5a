// Whose transcript is meant, and where it is: of agents that are here and of those that stopped.

import { toolConfigDir, toolDir } from "../../config/paths.ts";
import { type AgentSnapshot, snapshotIn } from "../../core/events/life.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { fullName } from "../../core/names/address.ts";
import { Refusal } from "../../core/refusal.ts";
import { latestStopped, recentlyStopped } from "../../store/events.ts";
import { listInstances } from "../../store/instances.ts";
import { fileSize, isFileIn, newestMatch } from "../../sys/file-find.ts";
import { findTool } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import { findInstance, requireInstance, requireNamed } from "../agents/identity.ts";
import { stoppedByName } from "../agents/stopped.ts";
import type { Bus } from "../bus.ts";

export interface Asked {
  /** A name as it is written, of an agent that is here or has stopped; left out: the caller's. */
  agent?: string | undefined;
  /** Who asks, as `--name` says. */
  name?: string | undefined;
}

/** Of an agent, here or gone, what leads to its transcript. */
export interface Subject {
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

export function subjectOf(bus: Bus, order: Asked): Subject {
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

/** All whose transcripts may be on this machine: those that are here, then those that stopped. */
export function allSubjects(bus: Bus, isLiveOnly: boolean): Subject[] {
  const rows = listInstances(bus.db);
  const here = rows.map((row) => ofRow(bus, row));
  if (isLiveOnly) return here;
  const names = new Set(rows.map((row) => row.name));
  const gone = recentlyStopped(bus.db, "").flatMap((row) => {
    const snapshot = names.has(row.instance) ? undefined : snapshotIn(row);
    return snapshot === undefined ? [] : [ofSnapshot(snapshot)];
  });
  return [...here, ...gone];
}

function ofStopped(bus: Bus, written: string): Subject | undefined {
  const found = stoppedByName(bus, written);
  return found === undefined ? undefined : ofSnapshot(found);
}

function ofSnapshot(found: AgentSnapshot): Subject {
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
export async function toolOf(subject: Subject): Promise<Tool> {
  if (subject.isRemote) {
    throw new Refusal({
      code: "remote_transcript",
      message: `${subject.shown} lives on another device, and so does its transcript`,
      hint: "run hcom transcript there",
    });
  }
  const tool = await findTool(subject.tool);
  if (tool?.transcript.entryReader !== undefined) return tool;
  const why = `runs in "${subject.tool}", whose transcripts hcom cannot read`;
  throw new Refusal({
    code: "unknown_transcript",
    message: `${subject.shown} ${isAdHoc(subject) ? "has no program, so no transcript" : why}`,
  });
}

export async function pathOf(bus: Bus, subject: Subject, tool: Tool): Promise<string | undefined> {
  const { agentId, parent } = subject;
  const isSubagent = parent !== null && agentId !== null;
  const folders = foldersOf(bus, subject, tool);
  const root = subject.paths.find((path) => path !== "" && isFileIn(path, folders));
  if (!isSubagent) {
    const derived = root ?? (await derivedPath(bus, subject, tool));
    return derived ?? databaseOf(bus, subject, tool);
  }
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
  const now = toolConfigDir(tool, bus.system.env, bus);
  return configDir === undefined ? [now, usual] : [configDir, now, usual];
}

/** Of programs that have one, where there is any. */
export function databaseOf(bus: Bus, { session }: Subject, tool: Tool): string | undefined {
  const { database } = tool.transcript;
  if (database === undefined || session === null) return undefined;
  const { dataDir, file } = database;
  const path = `${toolDir(dataDir, bus.system.env, bus)}/${file}`;
  return fileSize(path) === undefined ? undefined : path;
}

/** By the session's id below the program's own folder. */
function derivedPath(bus: Bus, subject: Subject, tool: Tool): Promise<string | undefined> {
  const { session } = subject;
  // An id that is no plain word would reach elsewhere.
  if (session === null || !/^[\w-]+$/.test(session)) return Promise.resolve(undefined);
  const [folder = ""] = foldersOf(bus, subject, tool);
  return newestMatch(folder, tool.transcript.globs(session));
}
