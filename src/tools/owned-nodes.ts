// Finding what is ours in a foreign JSON tree: the outermost node that holds nothing else, so that
// a removal leaves no empty shell of ours and touches no shell of the owner.
import { type JsonNode, member, property } from "./json-edit.ts";

/** "all": nothing but ours; a node: the first such part of it; undefined: nothing of ours. */
export type Owned = "all" | JsonNode | undefined;

/** A list that is `kept` was there before us: it is emptied and never taken away. */
export function ownedItems(
  array: JsonNode | undefined,
  test: (item: JsonNode) => Owned,
  kept = false,
): Owned {
  if (array?.type !== "array") return undefined;
  return outermost(array.children ?? [], test, kept);
}

export function ownedMembers(
  object: JsonNode | undefined,
  test: (value: JsonNode, key: string) => Owned,
  kept = false,
): Owned {
  if (object?.type !== "object") return undefined;
  const member = (child: JsonNode): Owned => {
    const [key, value] = child.children ?? [];
    return value === undefined ? undefined : test(value, String(key?.value));
  };
  return outermost(object.children ?? [], member, kept);
}

/** The part of the root's member `key` that is ours, the whole member if nothing else is in it. */
export function ownedPart(
  root: JsonNode,
  key: string,
  test: (value: JsonNode | undefined) => Owned,
): JsonNode | undefined {
  const owned = test(member(root, key));
  return owned === "all" ? property(root, key) : owned;
}

function outermost(
  children: readonly JsonNode[],
  test: (child: JsonNode) => Owned,
  kept: boolean,
): Owned {
  const parts = children.map(test);
  if (!kept && parts.length > 0 && parts.every((part) => part === "all")) return "all";
  const at = parts.findIndex((part) => part !== undefined);
  const part = parts[at];
  return part === "all" ? children[at] : part;
}
