// The fake agent's turns: a prompt starts one, directives in what it hears are its steps, hooks are
// asked at every joint, and what comes meanwhile is taken in after the next action or afterwards.
import type { Rule, Step } from "./script.ts";
import { stepsIn } from "./script.ts";
import type { Session } from "./session.ts";
import type { PromptOrigin } from "./transcript.ts";

export interface Prompt {
  text: string;
  origin: PromptOrigin;
}

/** What the mind needs of the program around it. */
export interface Face {
  status(status: "idle" | "busy" | "waiting", waitingFor?: string): void;
  show(line: string): void;
  /** Opens the approval dialog; resolves with the human's answer. */
  ask(command: string): Promise<boolean>;
}

export interface Mind {
  /** Starts a turn, or waits for its place in the running one. */
  prompt(prompt: Prompt): void;
  /** Esc: the turn ends without a hook. */
  interrupt(): void;
  isBusy(): boolean;
}

interface Thought {
  session: Session;
  face: Face;
  rules: readonly Rule[];
  queue: Prompt[];
  script: Step[];
  /** Ends the running turn. */
  cut: AbortController;
  lastWords: string;
  actions: number;
  promptId: string;
}

export function openMind(session: Session, face: Face, rules: readonly Rule[]): Mind {
  const thought: Thought = {
    session,
    face,
    rules,
    queue: [],
    script: [],
    cut: new AbortController(),
    lastWords: "",
    actions: 0,
    promptId: "",
  };
  let isBusy = false;
  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let next = thought.queue.shift(); next !== undefined; next = thought.queue.shift()) {
      await turn(thought, next);
    }
    isBusy = false;
  }
  return {
    prompt(prompt) {
      thought.queue.push(prompt);
      void work();
    },
    interrupt: () => thought.cut.abort(),
    isBusy: () => isBusy,
  };
}

async function turn(thought: Thought, prompt: Prompt): Promise<void> {
  const { face, session } = thought;
  thought.cut = new AbortController();
  thought.script = [];
  thought.lastWords = "";
  thought.promptId = crypto.randomUUID();
  face.status("busy");
  const isTaken = await takePrompt(thought, prompt, (text, origin) =>
    session.transcript.prompt(text, origin),
  );
  if (isTaken) await think(thought);
  face.status("idle");
}

/** Asks the prompt hooks; false when they refused it. */
async function takePrompt(
  thought: Thought,
  { text, origin }: Prompt,
  write: (text: string, origin: PromptOrigin) => void,
): Promise<boolean> {
  const { session, face } = thought;
  const fields = { prompt_id: thought.promptId, permission_mode: "default", prompt: text };
  const fired = await session.fire("UserPromptSubmit", fields);
  const { block, isPromptSuppressed } = fired.answer;
  if (block !== undefined) {
    const original = isPromptSuppressed ? "" : `\n\nOriginal prompt: ${text}`;
    const content = `UserPromptSubmit operation blocked by hook:\n${block}${original}`;
    session.transcript.note({ type: "system", subtype: "informational", content });
    face.show(`● ${content.replaceAll("\n", " ")}`);
    return false;
  }
  write(text, origin);
  if (origin === "human") face.show(`❯ ${text}`);
  hear(thought, [text, ...fired.absorb()]);
  return true;
}

/** The newest directives replace what was still to be done. */
function hear(thought: Thought, texts: readonly string[]): void {
  const steps = texts.flatMap((text) => stepsIn(text, thought.rules));
  if (steps.length > 0) thought.script = steps;
}

/** Claude Code 2.1 lets hooks keep a turn going this often. */
const mostContinuations = 8;

async function think(thought: Thought): Promise<void> {
  const { session } = thought;
  for (let continuations = 0; ; continuations++) {
    for (let step = thought.script.shift(); step !== undefined; step = thought.script.shift()) {
      await perform(thought, step);
      if (thought.cut.signal.aborted) return interrupted(thought);
    }
    if (thought.lastWords === "") say(thought, "Done.");
    const fired = await session.fire("Stop", {
      prompt_id: thought.promptId,
      permission_mode: "default",
      stop_hook_active: continuations > 0,
      last_assistant_message: thought.lastWords,
      background_tasks: [],
      session_crons: [],
    });
    const texts = fired.absorb();
    if (texts.length === 0 || continuations >= mostContinuations) return;
    hear(thought, texts);
  }
}

function interrupted({ session, face }: Thought): void {
  session.transcript.prompt("[Request interrupted by user]", "human");
  face.show("  ⎿ Interrupted");
}

async function perform(thought: Thought, step: Step): Promise<void> {
  if (step.kind === "say") say(thought, step.text);
  else if (step.kind === "slow") await saySlowly(thought, step);
  else await act(thought, step.command, step.kind === "ask");
}

function say(thought: Thought, text: string): void {
  thought.lastWords = text;
  thought.session.transcript.said(text);
  thought.face.show(`● ${text}`);
}

async function saySlowly(
  thought: Thought,
  step: { durationMs: number; text: string },
): Promise<void> {
  const cut = new Promise<void>((resolve) => {
    thought.cut.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([Bun.sleep(step.durationMs), cut]);
  if (!thought.cut.signal.aborted) say(thought, step.text);
}

async function act(thought: Thought, wanted: string, needsApproval: boolean): Promise<void> {
  const { session } = thought;
  const useId = `toolu_fake${++thought.actions}`;
  const about = { subject: "Bash", useId };
  const base = { prompt_id: thought.promptId, permission_mode: "default", tool_name: "Bash" };
  const input = { command: wanted, description: "a step of the script" };
  session.transcript.called(useId, input);
  const before = { ...base, tool_input: input, tool_use_id: useId };
  const pre = await session.fire("PreToolUse", before, about);
  hear(thought, pre.absorb());
  const changed = pre.answer.updatedInput?.["command"];
  const command = typeof changed === "string" ? changed : wanted;
  const isDenied = pre.answer.permission === "deny" || pre.answer.block !== undefined;
  if (isDenied || (needsApproval && !(await approve(thought, command, base)))) {
    session.transcript.result(useId, "The user doesn't want to proceed with this.", true);
    thought.cut.abort();
    return;
  }
  const result = await runCommand(thought, command);
  session.transcript.result(useId, result.text, result.isError);
  if (thought.cut.signal.aborted) return;
  await fireAfter(thought, { ...base, tool_input: { ...input, command } }, useId, result);
  await takeQueued(thought);
}

async function approve(thought: Thought, command: string, base: object): Promise<boolean> {
  const { session, face } = thought;
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

async function runCommand(thought: Thought, command: string): Promise<CommandResult> {
  const { session, face, cut } = thought;
  face.show(`  ⎿ $ ${command}`);
  const child = Bun.spawn(["sh", "-c", command], {
    cwd: session.cwd,
    env: session.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    signal: cut.signal,
  });
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
  thought: Thought,
  base: { tool_input: object },
  useId: string,
  result: CommandResult,
): Promise<void> {
  const { session } = thought;
  const about = { subject: "Bash", useId };
  const response = { stdout: result.stdout, stderr: result.stderr, interrupted: false };
  const one = { ...base, tool_use_id: useId };
  const fired = result.isError
    ? await session.fire("PostToolUseFailure", { ...one, error: result.text }, about)
    : await session.fire("PostToolUse", { ...one, tool_response: response }, about);
  hear(thought, fired.absorb());
  const calls = [
    {
      tool_name: "Bash",
      tool_input: base.tool_input,
      tool_use_id: useId,
      tool_response: result.text,
    },
  ];
  const batch = await session.fire("PostToolBatch", {
    prompt_id: thought.promptId,
    permission_mode: "default",
    tool_calls: calls,
  });
  hear(thought, batch.absorb());
}

/** What was typed or sent while the turn ran comes in with the result of an action. */
async function takeQueued(thought: Thought): Promise<void> {
  const { session, queue } = thought;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    await takePrompt(thought, next, (text, origin) => session.transcript.queued(text, origin));
  }
}
