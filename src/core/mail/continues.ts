// How often in a row mail has kept a turn going without the agent doing anything in between: some
// programs override a hook that does so too often, and end the turn with the text unread.

/** `statuses` of the agent, newest first. */
export function continuesInARow(statuses: readonly { context: string; writer?: string }[]): number {
  let count = 0;
  for (const { context, writer } of statuses) {
    const [kind] = context.split(":", 1);
    if (kind === "deliver" && writer === "continue") count += 1;
    // Only the end of a turn itself stands between two of them.
    else if (context !== "") break;
  }
  return count;
}
