// The waist on the way in: what a tool's hook told us, in one vocabulary for all tools.
// A tool's dialect turns its payload into a Fact; nothing behind it sees the payload.

export interface FactBase {
  /** Name of the tool, as in the registry. */
  tool: string;
  /** The hook command that was called, e.g. `post` or `codex-stop`. */
  hook: string;
  session?: string;
  transcript?: string;
  directory?: string;
  /** Pid of the tool itself when it tells. */
  toolPid?: number;
  /** The tool's version when it tells, e.g. `2.1.329`. */
  version?: string;
  /** Does the session ask its person before it acts, or act without asking? When it tells. */
  permissions?: "asked" | "bypassed";
  /** The tool's own configuration directory, when it is not the usual one. */
  configDir?: string;
  /** A run without a person in front of it that ends with its answer (`claude -p`). */
  isOneShot?: true;
  /** Set when the hook belongs to a subagent and not to the root session. */
  subagent?: { id: string; type: string };
}

export type SessionSource = "startup" | "resume" | "clear" | "compact" | "fork";

export type Fact = FactBase &
  (
    | { kind: "session-start"; source: SessionSource }
    | { kind: "prompt"; text: string; isNudge: boolean; isSynthetic: boolean }
    | {
        kind: "action-start";
        action: string;
        detail: string;
        useId?: string;
        /** The action's arguments as the tool has them. */
        input: Record<string, unknown>;
        isShell: boolean;
        /** A tool of our own MCP server. */
        isOurs?: true;
      }
    | {
        kind: "action-end";
        action: string;
        detail: string;
        useId?: string;
        /** Output of a shell action: a `start` marker may be in it. */
        output: string;
        isShell: boolean;
      }
    | { kind: "action-failed"; action: string; detail: string; useId?: string }
    /** All actions of one parallel batch are done. */
    | { kind: "batch-end" }
    | { kind: "approval-open"; action: string; detail: string }
    | { kind: "approval-denied"; action: string; detail: string; useId?: string }
    | { kind: "idle-notice" }
    | { kind: "question-open" }
    /** The turn is about to end; `isContinuation` when we already kept it going once. */
    | { kind: "turn-end"; isContinuation: boolean }
    | { kind: "turn-failed"; error: string; detail: string }
    | { kind: "turn-interrupted" }
    | { kind: "bell" }
    | { kind: "subagent-start" }
    | { kind: "subagent-end"; isContinuation: boolean }
    | { kind: "session-end"; reason: string }
    /** A hook that carries nothing for us, or a payload we do not understand. */
    | { kind: "nothing"; problem?: string }
  );

export type FactKind = Fact["kind"];
