// Who is calling: an explicit name, the process a launch gave us, the tool's session, or nobody.

import type { Env } from "../../core/env.ts";
import { human, type Instance, launchContextOf } from "../../core/instance.ts";
import { bareName, checkNameArgument, fullName, splitFullName } from "../../core/names/address.ts";
import { looksLike } from "../../core/names/outside.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { processBinding, sessionBinding } from "../../store/bindings.ts";
import { latestStopped } from "../../store/events.ts";
import { getInstance, instanceByAgent, listInstances } from "../../store/instances.ts";
import { isBelow } from "../../sys/ancestry.ts";
import { sessionInEnv, toolNames } from "../../tools/index.ts";
import { isInsideTool as isToolAround } from "../../tools/inside-tool.ts";
import type { Bus } from "../bus.ts";
import { displayNames, whoIsHere } from "../display-names.ts";
import { provedActor } from "./actor.ts";
import { instanceOfProcess, processIdOf } from "./of-process.ts";
import { stoppedRefusal } from "./stopped.ts";

export type Identity =
  | { kind: "instance"; name: string; row: Instance }
  | { kind: "external"; name: string }
  | { kind: "none" };

export interface Caller {
  /** What `--name` said. */
  name?: string | undefined;
  /** What surrounds it, where that is not what surrounds us. */
  env?: Env;
}

function envOf(bus: Bus, caller: Caller): Env {
  return caller.env ?? bus.system.env;
}

/**
 * The caller as an instance if it is one. Only an explicit name that does not exist is an error.
 */
export function whoAmI(bus: Bus, caller: Caller): Identity {
  const env = envOf(bus, caller);
  const named = explicit(bus, caller.name);
  if (named !== undefined) checkIsSelf(bus, env, named);
  const row = named ?? provedCaller(bus, env);
  return row === undefined ? { kind: "none" } : { kind: "instance", name: row.name, row };
}

/** Whoever the surroundings of a caller prove it to be, whatever it says itself. */
function provedCaller(bus: Bus, env: Env): Instance | undefined {
  return ofActor(bus, env) ?? ofProcess(bus, env) ?? ofSession(bus, env) ?? ofTree(bus);
}

/**
 * A session that is known may only be itself. Its subagents share its process and session: where no
 * token tells them apart, their name does. An agent that another one started inherits the other's
 * environment: then the tree of processes tells.
 */
function checkIsSelf(bus: Bus, env: Env, named: Instance): void {
  const actor = ofActor(bus, env);
  const proved = actor ?? provedCaller(bus, env);
  if (proved === undefined || proved.name === named.name) return;
  if (actor === undefined) {
    if (ofSession(bus, env)?.name === named.name || isBelowOf(named)) return;
    if (isChildOf(bus, named, proved.name)) return;
  }
  throw notYou(proved, named);
}

function isChildOf(bus: Bus, row: Instance, root: string): boolean {
  let at: Instance | undefined = row;
  for (let depth = 0; depth < 10 && at?.parent_name; depth++) {
    if (at.parent_name === root) return true;
    at = getInstance(bus.db, at.parent_name);
  }
  return false;
}

/** An agent's command that was started without the agent's environment. */
function ofTree(bus: Bus): Instance | undefined {
  return listInstances(bus.db).find(isBelowOf);
}

function isBelowOf(row: Instance): boolean {
  const { pid_start: start } = launchContextOf(row);
  return row.pid !== null && start !== undefined && isBelow(row.pid, start);
}

/** Who really called, where the sender's name alone does not tell; for the log. */
export function calledBy(bus: Bus, sender: Identity): string | undefined {
  const proved = provedCaller(bus, bus.system.env);
  if (proved !== undefined) return proved.name === nameIn(sender) ? undefined : proved.name;
  const where = isInsideTool(bus) ? "an unknown session" : "a shell";
  return sender.kind === "instance" || isInsideTool(bus) ? where : undefined;
}

function nameIn(sender: Identity): string | undefined {
  return sender.kind === "none" ? undefined : sender.name;
}

/** For verbs that need an instance. */
export function requireInstance(bus: Bus, caller: Caller): Instance {
  const identity = whoAmI(bus, caller);
  if (identity.kind === "instance") return identity.row;
  const env = envOf(bus, caller);
  const isLost = hasLostProcess(bus, env);
  if (!isToolAround(env) && !isLost) throw personIsNoAgent();
  throw new Refusal({
    code: "no_identity",
    message: isLost
      ? "identity not found: this session has expired and is no longer connected to hcom"
      : "identity not found: hcom does not know who is calling",
    hint: "run: hcom start (or name yourself: --name NAME)",
  });
}

function personIsNoAgent(): Refusal {
  return new Refusal({
    code: "no_identity",
    message: "identity not found: you are the person here, and no agent",
    hint: "name an agent, hcom list shows who is here; to act as one: --name NAME",
  });
}

/** For `send`: agents need an identity, a human at a shell is bigboss. */
export function senderOf(bus: Bus, caller: Caller, externalName?: string): Identity {
  if (externalName !== undefined) {
    checkExternal(bus, caller, externalName);
    return { kind: "external", name: externalName };
  }
  const identity = whoAmI(bus, caller);
  if (identity.kind === "instance") return identity;
  if (isToolAround(envOf(bus, caller))) requireInstance(bus, caller);
  return { kind: "external", name: human };
}

/** Nobody may be taken for somebody else who is here, and a subagent speaks for itself. */
function checkExternal(bus: Bus, caller: Caller, name: string): void {
  const identity = whoAmI(bus, caller);
  if (identity.kind === "instance" && identity.row.parent_name !== null) {
    throw new Refusal({
      code: "is_subagent",
      message: `${fullName(identity.row)} is a subagent and sends under its own name only`,
      hint: "leave --from and -b out",
    });
  }
  if (name === human) {
    checkIsPerson(bus, envOf(bus, caller));
    return;
  }
  const here = listInstances(bus.db);
  const owner =
    findInstance(bus, name) ??
    here.find((row) => looksLike(name, row.name) || looksLike(name, fullName(row)));
  if (owner === undefined) return;
  throw new Refusal({
    code: "name_in_use",
    message: [owner.name, fullName(owner)].includes(name)
      ? `${name} is an agent here: nobody else can send under that name`
      : `${name} would look like ${fullName(owner)}, an agent here`,
    hint: `choose another --from, or, if you are ${name}: --name ${name}`,
  });
}

/** The human speaks from a shell of their own (docs/decisions/0014). */
export function checkIsPerson(bus: Bus, env: Env = bus.system.env): void {
  if (!isToolAround(env) && provedCaller(bus, env) === undefined) return;
  throw new Refusal({
    code: "not_the_human",
    message: `${human} is the person and speaks from a shell of their own, not from an agent's`,
    hint: "send as yourself: leave -b and --from out",
  });
}

/**
 * Who does it for whom: a human for anybody, an agent for itself and for those who are no agents.
 * What comes to another, and how soon, is that one's own affair.
 */
export function checkActsFor(bus: Bus, caller: Caller, name: string): void {
  const identity = whoAmI(bus, caller);
  if (identity.kind !== "instance" && !isToolAround(envOf(bus, caller))) return;
  const other = findInstance(bus, name)?.name ?? latestStopped(bus.db, bareName(name))?.instance;
  if (other === undefined || (identity.kind === "instance" && identity.name === other)) return;
  const shown = displayNames(bus)(other);
  throw new Refusal({
    code: "not_you",
    message: `${shown} is another agent: nobody but itself or a person can do that for it`,
    hint: `leave it out, or ask ${shown}: hcom send @${shown} -- ...`,
  });
}

export function isInsideTool({ system }: Pick<Bus, "system">): boolean {
  return isToolAround(system.env);
}

/** Who did it, for the log: the calling agent, or the user at a shell. */
export function callerName(bus: Bus, caller: Caller): string {
  const identity = whoAmI(bus, caller);
  return identity.kind === "instance" ? identity.name : "user";
}

/** The same of what was done to others: inside a tool nobody is the person. */
export function doneBy(bus: Bus, caller: Caller): string {
  const name = callerName(bus, caller);
  return name === "user" && isInsideTool(bus) ? "an unknown session" : name;
}

/** Base or display name, or a subagent's id, to its row. */
export function findInstance(bus: Bus, written: string): Instance | undefined {
  const name = bareName(written);
  const exact = getInstance(bus.db, name) ?? getInstance(bus.db, name.toLowerCase());
  if (exact !== undefined) return exact;
  for (const { tag, base } of splitFullName(name)) {
    const row = getInstance(bus.db, base);
    if (row?.tag === tag) return row;
  }
  return instanceByAgent(bus.db, name);
}

/** Like `findInstance`, but a miss is an error that lists who is there. Exit code 3. */
export function requireNamed(bus: Bus, written: string): Instance {
  const name = bareName(written);
  const row = findInstance(bus, name);
  if (row !== undefined) return row;
  const { available, close } = whoIsHere(bus, name);
  const gone = stoppedRefusal(bus, name, "not_found");
  if (gone !== undefined) throw gone;
  throw new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `no agent "${name}"${close === undefined ? "" : ` - did you mean ${close}?`}`,
    hint:
      available === ""
        ? `nobody is here${isInsideTool(bus) ? "" : `; start one: hcom ${toolNames[0]}`}`
        : available,
  });
}

function ofActor(bus: Bus, env: Env): Instance | undefined {
  const name = provedActor(bus, env);
  return name === undefined ? undefined : getInstance(bus.db, name);
}

function notYou(actor: Instance, named: Instance): Refusal {
  return new Refusal({
    code: "not_you",
    message: `this command runs in ${fullName(actor)} and cannot act as ${fullName(named)}`,
    hint: `use --name ${fullName(actor)}`,
  });
}

function explicit(bus: Bus, name: string | undefined): Instance | undefined {
  if (name === undefined) return undefined;
  checkNameArgument(name);
  const row = findInstance(bus, name);
  if (row !== undefined) return row;
  throw new Refusal({
    code: "unknown_identity",
    exit: exitCode.notFound,
    message: `there is no agent "${name}" to act as`,
    hint: looksLikeSubagent(bus, name)
      ? "that subagent's session may have ended: stop here and end your turn"
      : `run: hcom start --as ${name}`,
  });
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const agentId = /^a?[a-f0-9]{7,}$/;

function looksLikeSubagent(bus: Bus, name: string): boolean {
  if (uuid.test(name) || agentId.test(name)) return true;
  return latestStopped(bus.db, name)?.data.includes('"agent_id":"') ?? false;
}

function ofProcess(bus: Bus, env: Env): Instance | undefined {
  const id = processIdOf(env);
  return id === undefined ? undefined : instanceOfProcess(bus, id);
}

function ofSession(bus: Bus, env: Env): Instance | undefined {
  const session = sessionInEnv(env);
  const name = session === undefined ? undefined : sessionBinding(bus.db, session);
  return name === undefined ? undefined : getInstance(bus.db, name);
}

/** The tool's session id, when a tool runs this command and tells. */
export function sessionOfCaller(bus: Bus): string | undefined {
  return sessionInEnv(bus.system.env);
}

function hasLostProcess(bus: Bus, env: Env): boolean {
  const id = processIdOf(env);
  return id !== undefined && processBinding(bus.db, id) === undefined;
}
