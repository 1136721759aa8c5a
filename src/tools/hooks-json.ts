// The `hooks` object that Claude Code, Codex and Gemini CLI have in common in their settings:
// event -> groups -> handlers. Puts our groups in, finds our handlers, says what is missing.
import { getNodeValue } from "jsonc-parser";
import { asList, asObject, asText, isObject } from "../core/json.ts";
import { readHookCommand } from "./hook-command.ts";
import {
  addFirst,
  addLast,
  addMember,
  dropItem,
  isBlank,
  type JsonNode,
  member,
  openSettings,
  parseSettings,
  parseWhatWas,
  unparseable,
  withoutOurs,
} from "./json-edit.ts";
import { type Owned, ownedItems, ownedMembers, ownedPart } from "./owned-nodes.ts";
import type { InstallOptions, Known, SettingsFile } from "./tool.ts";

export interface HookHandler {
  name?: string;
  type: "command";
  command: string;
  /** In the unit of the program; the owner may tune it. */
  timeout?: number;
  asyncRewake?: true;
}

export interface HookGroup {
  event: string;
  /** Our name for the hook. */
  hook: string;
  group: { matcher?: string; hooks: [HookHandler] };
}

/** Names the hook of ours that a handler calls; undefined for a handler of somebody else. */
export type HookNamer = (handler: unknown) => string | undefined;

/** Of a file that holds nothing of ours but hooks. */
interface HooksOf {
  groups(options: InstallOptions): HookGroup[];
  nameOf: HookNamer;
  place: "first" | "last";
}

export function hooksFile(path: string, of: HooksOf): SettingsFile {
  const { nameOf } = of;
  const remove = (text: string, known: Known): string | null => {
    if (isBlank(text)) return text;
    const first = parseWhatWas(known.first);
    const bare = strip(path, text, (root) => ourHooks(root, nameOf, first));
    return withoutOurs(text, bare, known.first);
  };
  const problems = (text: string | null, options: InstallOptions): string[] => {
    if (text === null || isBlank(text)) return ["no hooks are installed"];
    const value = asObject(getNodeValue(parseSettings(path, text)));
    return hookProblems(value, of.groups(options), nameOf);
  };
  return {
    path,
    what: "hooks",
    install(text, options, known = {}) {
      // A timeout that the owner tuned stays: nothing is rewritten when all is in place.
      if (text !== null && problems(text, options).length === 0) return text;
      const bare = openSettings(text === null ? null : remove(text, known));
      return addGroups(path, bare, of.groups(options), of.place);
    },
    remove: (text, known = {}) => remove(text, known),
    problems: (text, options) => problems(text, options),
    standing: (text) => standing(path, text, nameOf),
    programs: (text) => programsIn(path, text),
  };
}

/** Adds our groups. `last` keeps the indexes of the groups that are there already. */
export function addGroups(
  path: string,
  text: string,
  groups: readonly HookGroup[],
  place: "first" | "last",
): string {
  let next = text;
  // Backwards, because members go in front of those that are there.
  for (const { event, group } of groups.toReversed()) {
    const root = parseSettings(path, next);
    const hooks = expectNode(path, member(root, "hooks"), "object", "hooks");
    const list = expectNode(path, member(hooks, event), "array", `hooks.${event}`);
    if (hooks === undefined) next = addMember(next, root, "hooks", { [event]: [group] });
    else if (list === undefined) next = addMember(next, hooks, event, [group]);
    else if (place === "first") next = addFirst(next, list, [group]);
    else next = addLast(next, list, group);
  }
  return next;
}

export function expectNode(
  path: string,
  node: JsonNode | undefined,
  type: "object" | "array",
  where: string,
): JsonNode | undefined {
  if (node === undefined || node.type === type) return node;
  throw unparseable(path, `"${where}" is not an ${type}`);
}

/** The outermost node below `hooks` with nothing but handlers of ours and no shell of `first`. */
export function ourHooks(
  root: JsonNode,
  nameOf: HookNamer,
  first?: JsonNode,
): JsonNode | undefined {
  const shell = member(first, "hooks");
  const handler = (node: JsonNode): Owned =>
    nameOf(getNodeValue(node)) === undefined ? undefined : "all";
  const group = (node: JsonNode): Owned => ownedItems(member(node, "hooks"), handler);
  return ownedPart(root, "hooks", (hooks) =>
    ownedMembers(
      hooks,
      (list, event) => ownedItems(list, group, member(shell, event) !== undefined),
      shell !== undefined,
    ),
  );
}

/** Cuts what `find` finds, one cut after the other, each on a fresh tree. */
export function strip(
  path: string,
  text: string,
  find: (root: JsonNode) => JsonNode | undefined,
): string {
  if (isBlank(text)) return text;
  let rest = text;
  for (;;) {
    const item = find(parseSettings(path, rest));
    if (item === undefined) return rest;
    rest = dropItem(rest, item);
  }
}

/** What is missing, wrong or there twice. Values of timeouts are the owner's. */
export function hookProblems(
  settings: Record<string, unknown>,
  groups: readonly HookGroup[],
  nameOf: HookNamer,
): string[] {
  const found = ourHandlers(settings, nameOf);
  const problems = groups.flatMap((wanted) => {
    const same = found.filter((one) => one.event === wanted.event && one.hook === wanted.hook);
    const first = same[0];
    if (first === undefined) return [`${wanted.event}: hook ${wanted.hook} is missing`];
    if (same.length > 1)
      return [`${wanted.event}: hook ${wanted.hook} is there ${same.length} times`];
    return differs(first, wanted) ? [`${wanted.event}: hook ${wanted.hook} is out of date`] : [];
  });
  const strays = found.filter(
    (one) => !groups.some((group) => group.event === one.event && group.hook === one.hook),
  );
  return [...problems, ...strays.map((one) => `${one.event}: hook ${one.hook} is a leftover`)];
}

/** Whose hooks of our name are there: by a command that we write, or an earlier program's. */
export function standing(
  path: string,
  text: string,
  nameOf: HookNamer,
): "ours" | "former" | undefined {
  if (isBlank(text)) return undefined;
  const found = ourHandlers(asObject(getNodeValue(parseSettings(path, text))), nameOf);
  if (found.length === 0) return undefined;
  return found.some((one) => programOf(one.handler) !== undefined) ? "ours" : "former";
}

/** What hooks with a command that we write run, whichever place our program is in. */
export function programsIn(path: string, text: string): (readonly string[])[] {
  if (isBlank(text)) return [];
  const settings = asObject(getNodeValue(parseSettings(path, text)));
  const isAny = (handler: unknown) => (programOf(asObject(handler)) === undefined ? undefined : "");
  return ourHandlers(settings, isAny).flatMap(({ handler }) => {
    const program = programOf(handler);
    return program === undefined ? [] : [program];
  });
}

function programOf(handler: Record<string, unknown>): readonly string[] | undefined {
  return readHookCommand(asText(handler["command"]) ?? "")?.program;
}

interface FoundHandler {
  event: string;
  hook: string;
  matcher: string | undefined;
  handler: Record<string, unknown>;
}

function ourHandlers(settings: Record<string, unknown>, nameOf: HookNamer): FoundHandler[] {
  return Object.entries(asObject(settings["hooks"])).flatMap(([event, list]) =>
    asList(list)
      .filter(isObject)
      .flatMap((group) =>
        asList(group["hooks"])
          .filter(isObject)
          .flatMap((handler) => {
            const hook = nameOf(handler);
            if (hook === undefined) return [];
            return [{ event, hook, matcher: asText(group["matcher"]), handler }];
          }),
      ),
  );
}

function differs(found: FoundHandler, wanted: HookGroup): boolean {
  const [handler] = wanted.group.hooks;
  return (
    found.matcher !== wanted.group.matcher ||
    found.handler["type"] !== handler.type ||
    found.handler["command"] !== handler.command ||
    found.handler["asyncRewake"] !== handler.asyncRewake ||
    (handler.timeout !== undefined && typeof found.handler["timeout"] !== "number")
  );
}
