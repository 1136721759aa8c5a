// What becomes of a decision that could not be carried out.
import { type Action, isKeystroke, type State } from "./seen.ts";

/**
 * The database refused the first of these, and what comes behind it was not done either. A push
 * that it did not note must not happen later, on another screen, and neither must a key; the rest
 * is owed. Text of ours that waited for its key stays known as ours.
 */
export function refused(state: State, actions: readonly Action[]): State {
  const owed = actions.filter((action) => action.kind !== "push" && !isKeystroke(action));
  if (owed.length === actions.length) return { ...state, owed };
  const left = actions.map((action) => textBehind(state, action)).find(Boolean);
  return { ...state, owed, push: undefined, leftover: left ?? state.leftover };
}

/** There is nothing to push for any more. */
export function withdrawn(state: State, action: Action): State {
  const leftover = textBehind(state, action) ?? state.leftover;
  return { ...state, push: undefined, leftover };
}

/** Text of ours that stands in the box when this key is not pressed. */
function textBehind({ push }: State, action: Action): string | undefined {
  if (action.kind === "erase") return action.text;
  const isThere = action.kind === "enter" || (action.kind === "type" && action.text === "");
  return isThere && push?.kind === "typing" ? push.text : undefined;
}
