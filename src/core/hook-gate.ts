// What the shell asks before it starts us for a hook in the middle of a turn: whether its session
// takes part at all, and whether anything can be waiting for it. One file a session answers each;
// the bus keeps them (`bus/gate.ts`), and without them the hook runs as ever.
//
// A process of ours takes eight milliseconds to find nothing, the shell less than one.

export type GateKind =
  /** Ends for strangers. */
  | "joined"
  /** Ends for strangers, and where nothing waits. */
  | "mail";

/** Below the hcom directory. */
export const gateFolder = ".tmp/gate";
/** It says so while something is in it (`sys/files.ts`). */
export const quietFile = (session: string) => `calm-${session}`;
/** Hook lines of earlier builds ask for its mere presence. */
export const formerQuietFile = (session: string) => `quiet-${session}`;
export const hereFile = (session: string) => `here-${session}`;

/**
 * `variable` holds the session's id in the environment of the tool's hooks, as in that of its
 * commands. Where it is empty, or our directory has an unusual spelling, nothing ends here: no
 * such file is found. A launched agent is told by its process id, whatever its session is now.
 */
export function hookGate(variable: string, kind: GateKind): string {
  const session = `$${variable}`;
  const quiet = kind === "mail" ? `[ -s "$g/${quietFile(session)}" ] && exit 0; ` : "";
  const stranger = [
    `[ -n "$HCOM_PROCESS_ID" ]`,
    `[ -z "${session}" ]`,
    `[ ! -d "$g" ]`,
    `[ -f "$g/${hereFile(session)}" ]`,
    "exit 0",
  ].join(" || ");
  return `g="\${HCOM_DIR:-$HOME/.hcom}/${gateFolder}"; ${quiet}${stranger}; `;
}

/** The gate that a command line of ours begins with, to be taken for ours only as it stands. */
export function gateIn(command: string): string {
  const variable = /\/here-\$(\w+)"/.exec(command)?.[1];
  if (variable === undefined) return "";
  const kinds: readonly GateKind[] = ["joined", "mail"];
  const gates = kinds.map((kind) => hookGate(variable, kind));
  return [...gates, ...gates.map(former)].find((gate) => command.includes(gate)) ?? "";
}

function former(gate: string): string {
  return gate.replace(/^(.*?; )\[ -s "\$g\/calm-/, '$1[ -f "$g/quiet-');
}
