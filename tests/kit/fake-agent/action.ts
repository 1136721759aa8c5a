// One action of the fake agent: a shell command with the hooks of Claude Code 2.1 around it, and
// the approval dialog in front of it when it is asked for.
import { killTree } from "../processes.ts";
import type { Session } from "./session.ts";

/** What the mind needs of the program around it. */
export interface Face {
  status(status: "idle" | "busy" | "waiting", waitingFor?: string): void;
  show(line: string): void;
  /** Opens the approval dialog; resolves with the human's answer. */
  ask(command: string): Promise<boolean>;
}

/** Who acts, in which turn. */
export interface Actor {
  session: Session;
  face: Face;
  /** Ends the running turn. */
  cut: AbortController;
  actions: number;
  promptId: string;
}

/** Runs one command as Claude's shell tool does; the texts with mail that reached the model. */
export async function act(actor: Actor, wanted: string, needsApproval: boolean): Promise<string[]> {
  const { session } = actor;
  const useId = `toolu_fake${++actor.actions}`;
  const about = { subject: "Bash", useId };
  const base = { prompt_id: actor.promptId, permission_mode: "default", tool_name: "Bash" };
  const input = { command: wanted, description: "a step of the script" };
  session.transcript.called(useId, input);
  const before = { ...base, tool_input: input, tool_use_id: useId };
  const pre = await session.fire("PreToolUse", before, about);
  const texts = pre.absorb();
  const changed = pre.answer.updatedInput?.["command"];
  const command = typeof changed === "string" ? changed : wanted;
  const isDenied = pre.answer.permission === "deny" || pre.answer.block !== undefined;
  if (isDenied || (needsApproval && !(await approve(actor, command, base)))) {
    session.transcript.result(useId, "The user doesn't want to proceed with this.", true);
    actor.cut.abort();
    return texts;
  }
  const result = await runCommand(actor, command);
  session.transcript.result(useId, result.text, result.isError);
  if (actor.cut.signal.aborted) return texts;
  const called = { ...base, tool_input: { ...input, command } };
  // A model reads what its commands print: mail may come behind one of ours.
  const mail = result.text.match(/<hcom>[\s\S]*?<\/hcom>/g) ?? [];
  return [...texts, ...mail, ...(await fireAfter(actor, called, useId, result))];
}

async function approve(actor: Actor, command: string, base: object): Promise<boolean> {
  const { session, face } = actor;
  const fields = { ...base, tool_input: { command }, permission_suggestions: [] };
  const fired = await session.fire("PermissionRequest", fields, { subject: "Bash" });
  if (fired.answer.permission !== undefined) return fired.answer.permission === "allow";
  face.status("waiting", "permission prompt");
  const isApproved = await face.ask(command);
  face.status("busy");
  return isApproved;
}

interface CommandResult {
  text: string;
  stdout: string;
  stderr: string;
  isError: boolean;
}

async function runCommand(actor: Actor, command: string): Promise<CommandResult> {
  const { session, face, cut } = actor;
  face.show(`  ⎿ $ ${command}`);
  const child = Bun.spawn(["sh", "-c", command], {
    cwd: session.cwd,
    env: session.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  // It may have been cut off while the hooks before it ran.
  const end = () => killTree(child.pid);
  if (cut.signal.aborted) end();
  else cut.signal.addEventListener("abort", end, { once: true });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const text = [exitCode === 0 ? "" : `Exit code ${exitCode}`, stdout.trim(), stderr.trim()]
    .filter((part) => part !== "")
    .join("\n");
  for (const line of text.split("\n").slice(0, 3)) face.show(`     ${line}`);
  return { text, stdout: stdout.trim(), stderr: stderr.trim(), isError: exitCode !== 0 };
}

async function fireAfter(
  actor: Actor,
  base: { tool_input: object },
  useId: string,
  result: CommandResult,
): Promise<string[]> {
  const { session } = actor;
  const about = { subject: "Bash", useId };
  const response = { stdout: result.stdout, stderr: result.stderr, interrupted: false };
  const one = { ...base, tool_use_id: useId };
  const fired = result.isError
    ? await session.fire("PostToolUseFailure", { ...one, error: result.text }, about)
    : await session.fire("PostToolUse", { ...one, tool_response: response }, about);
  const texts = fired.absorb();
  const calls = [
    {
      tool_name: "Bash",
      tool_input: base.tool_input,
      tool_use_id: useId,
      tool_response: result.text,
    },
  ];
  const batch = await session.fire("PostToolBatch", {
    prompt_id: actor.promptId,
    permission_mode: "default",
    tool_calls: calls,
  });
  return [...texts, ...batch.absorb()];
}
