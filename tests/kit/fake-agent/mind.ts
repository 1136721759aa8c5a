// The fake agent's turns: a prompt starts one, directives in what it hears are its steps, hooks are
// asked at every joint, and what comes meanwhile is taken in after the next action or afterwards.
import { type Actor, act, type Face } from "./action.ts";
import { type Rule, type Step, stepsIn } from "./script.ts";
import type { Session } from "./session.ts";
import type { PromptOrigin } from "./transcript.ts";

export interface Prompt {
  text: string;
  origin: PromptOrigin;
}

export interface Mind {
  /** Starts a turn, or waits for its place in the running one. */
  prompt(prompt: Prompt): void;
  /** Esc: the turn ends without a hook. */
  interrupt(): void;
  isBusy(): boolean;
}

interface Thought extends Actor {
  rules: readonly Rule[];
  queue: Prompt[];
  script: Step[];
  lastWords: string;
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
  else {
    const texts = await act(thought, step.command, step.kind === "ask");
    hear(thought, texts);
    if (!thought.cut.signal.aborted) await takeQueued(thought);
  }
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
    if (thought.cut.signal.aborted) resolve();
    thought.cut.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([Bun.sleep(step.durationMs), cut]);
  if (!thought.cut.signal.aborted) say(thought, step.text);
}

/** What was typed or sent while the turn ran comes in with the result of an action. */
async function takeQueued(thought: Thought): Promise<void> {
  const { session, queue } = thought;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    await takePrompt(thought, next, (text, origin) => session.transcript.queued(text, origin));
  }
}
