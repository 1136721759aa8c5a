// The rules by which Claude Code runs our safe commands without asking, and which rules are ours.
import { asList, asObject } from "../../core/json.ts";
import { type JsonNode, member, property } from "../json-edit.ts";
import { type Owned, ownedItems, ownedMembers, ownedPart } from "../owned-nodes.ts";
import { commandWords, formerSafeWords, safeCommands, safeLines } from "../safe-commands.ts";

/** Claude Code 2.1: `word:*` takes any arguments, but no second command and no substitution. */
export function rulesOf(commandWord: string): string[] {
  const commands = [
    ...safeCommands.map((command) => `${commandWord} ${command}:*`),
    ...safeLines.map((line) => `${commandWord} ${line}`),
  ];
  const rules = ["Bash", "PowerShell"].flatMap((shell) =>
    commands.map((one) => `${shell}(${one})`),
  );
  return [...rules, ...actorRules];
}

/** The environment that we put in front of a subagent's command, and nothing else. */
const actorRules: readonly string[] = [
  "Bash(export HCOM_CLAUDE_ACTOR=* HCOM_CLAUDE_ACTOR_SESSION=*)",
];

/** Also those of earlier programs. */
const formerRules: readonly string[] = [
  ...actorRules,
  "PowerShell($env:HCOM_CLAUDE_ACTOR = *)",
  "PowerShell($env:HCOM_CLAUDE_ACTOR_SESSION = *)",
];

/** A text that we or an earlier program of this name write; the owner may have written it, too. */
export function isRuleOfOurs(rule: unknown): boolean {
  if (typeof rule !== "string") return false;
  if (formerRules.includes(rule)) return true;
  const command = /^(?:Bash|PowerShell)\((.*)\)$/.exec(rule)?.[1]?.replace(/:\*$/, "") ?? "";
  const word = commandWords.find((one) => command.startsWith(`${one} `));
  return word !== undefined && formerSafeWords.has(command.slice(word.length + 1));
}

export function allowedIn(settings: unknown): unknown[] {
  return asList(asObject(asObject(settings)["permissions"])["allow"]);
}

/** The outermost node below `permissions` with only rules of ours and no shell of `first`. */
export function ourRules(
  root: JsonNode,
  isOurs: (rule: unknown) => boolean,
  first?: JsonNode,
): JsonNode | undefined {
  const shell = member(first, "permissions");
  const rule = (node: JsonNode): Owned => (isOurs(node.value) ? "all" : undefined);
  const allow = (list: JsonNode, key: string): Owned =>
    key === "allow" ? ownedItems(list, rule, member(shell, key) !== undefined) : undefined;
  return ownedPart(root, "permissions", (permissions) =>
    ownedMembers(permissions, allow, shell !== undefined),
  );
}

/** Earlier programs kept their command word, and once their directory, in the `env` object. */
export function formerEnv(root: JsonNode): JsonNode | undefined {
  const env = member(root, "env");
  if (!commandWords.includes(member(env, "HCOM")?.value)) return undefined;
  const ours = [property(env, "HCOM_DIR"), property(env, "HCOM")].filter(
    (one) => one !== undefined,
  );
  // The word goes last: it is what makes the directory ours.
  return ours.length === env?.children?.length ? property(root, "env") : ours[0];
}
