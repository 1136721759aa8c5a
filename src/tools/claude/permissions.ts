// The rules by which Claude Code runs our safe commands without asking, and those of ours to remove.
import type { JsonNode } from "../json-edit.ts";
import { member } from "../json-edit.ts";
import { type Owned, ownedItems, ownedMembers, ownedPart } from "../owned-nodes.ts";
import { commandWords, formerSafeWords, safeCommands, safeLines } from "../safe-commands.ts";

/** Claude Code 2.1: `word:*` takes any arguments, but no second command and no substitution. */
export function rulesOf(commandWord: string): string[] {
  const commands = [
    ...safeCommands.map((command) => `${commandWord} ${command}:*`),
    ...safeLines.map((line) => `${commandWord} ${line}`),
  ];
  return ["Bash", "PowerShell"].flatMap((shell) => commands.map((one) => `${shell}(${one})`));
}

/** Rules of earlier programs for the environment in front of a subagent's command. */
const formerRules: readonly string[] = [
  "Bash(export HCOM_CLAUDE_ACTOR=* HCOM_CLAUDE_ACTOR_SESSION=*)",
  "PowerShell($env:HCOM_CLAUDE_ACTOR = *)",
  "PowerShell($env:HCOM_CLAUDE_ACTOR_SESSION = *)",
];

export function isOurRule(rule: unknown): boolean {
  if (typeof rule !== "string") return false;
  if (formerRules.includes(rule)) return true;
  const command = /^(?:Bash|PowerShell)\((.*)\)$/.exec(rule)?.[1]?.replace(/:\*$/, "") ?? "";
  const word = commandWords.find((one) => command.startsWith(`${one} `));
  return word !== undefined && formerSafeWords.has(command.slice(word.length + 1));
}

/** The outermost node below `permissions` with nothing but rules of ours. */
export function ourRules(root: JsonNode): JsonNode | undefined {
  const rule = (node: JsonNode): Owned => (isOurRule(node.value) ? "all" : undefined);
  return ownedPart(root, "permissions", (permissions) =>
    ownedMembers(permissions, (list, key) =>
      key === "allow" ? ownedItems(list, rule) : undefined,
    ),
  );
}

/** Earlier programs kept their command word, and once their directory, in the `env` object. */
export function ourEnv(root: JsonNode): JsonNode | undefined {
  const word = member(member(root, "env"), "HCOM")?.value;
  if (!commandWords.includes(word)) return undefined;
  return ownedPart(root, "env", (env) =>
    ownedMembers(env, (_value, key) => (key === "HCOM" || key === "HCOM_DIR" ? "all" : undefined)),
  );
}
