// The model's one door: a signal changes the state and may ask for something to be done outside.
import { act, chosen } from "./act.ts";
import { actionOf } from "./keys/keys.ts";
import { filesFound, pastedIn, pressedIn } from "./modes.ts";
import { isHere } from "./rows.ts";
import { calm, type Effect, noticed, type State, type Updated } from "./state.ts";
import { pinned, settledAt, stayed } from "./stay.ts";
import { typedIn } from "./typing/launch-form.ts";
import type { ViewName } from "./view-name.ts";
import type { AgentSeen, World } from "./world.ts";

export type Signal =
  /** A key by its name (`a`, `enter`, `ctrl+c`), and the text that it types. */
  | { kind: "key"; key: string; text: string }
  | { kind: "paste"; text: string }
  | { kind: "size"; width: number; height: number }
  /** What was read anew. */
  | { kind: "world"; world: Partial<World> }
  | { kind: "time"; nowMs: number }
  | { kind: "job"; job: number; isGood: boolean; output: readonly string[] }
  | { kind: "files"; begun: string; paths: readonly string[] }
  /** A row, a view: pointed at. */
  | { kind: "choose"; id: string }
  | { kind: "view"; view: ViewName }
  | { kind: "notice"; text: string; tone: "good" | "warn" | "bad" };

export function update(state: State, signal: Signal): Updated {
  switch (signal.kind) {
    case "key":
      return kept(state, pressed({ ...state, lost: undefined }, signal.key, signal.text));
    case "paste":
      return jobsOf(pastedIn(state, signal.text));
    case "size":
      return calm({ ...state, width: signal.width, height: signal.height });
    case "world":
      return calm(settled(state, renamed(state, { ...state.world, ...signal.world })));
    case "time":
      return passed(state, signal.nowMs);
    case "job":
      return calm(finished(state, signal));
    case "files":
      return calm(filesFound(state, signal.begun, signal.paths));
    case "choose":
      return calm(chosen(state, signal.id));
    case "view":
      return state.mode.kind === "browse" ? act(state, signal.view) : calm(state);
    case "notice":
      return calm(noticed(state, signal.text, signal.tone));
  }
}

/** With the same row chosen as before the key, where it did not choose another. */
function kept(before: State, { state, effects }: Updated): Updated {
  const isActing = state.mode.kind === "confirm" || effects.some((one) => one.kind === "start");
  const next = stayed(before, state);
  return { state: isActing ? pinned(next) : next, effects };
}

function pressed(state: State, key: string, text: string): Updated {
  // Whatever is being done, this leaves.
  if (key === "ctrl+c") return { state, effects: [{ kind: "quit" }] };
  if (key === "ctrl+z") return { state, effects: [{ kind: "suspend" }] };
  if (state.mode.kind !== "browse") return jobsOf(pressedIn(state, key, text));
  const form = state.view === "launch" ? typedIn(state, key, text) : undefined;
  if (form !== undefined) return calm({ ...state, form });
  const action = actionOf(state.keys, state.view, key);
  return action === undefined ? calm(state) : jobsOf(act(state, action));
}

/** Commands become jobs: they run side by side and everybody sees how they go. */
function jobsOf({ state, effects }: Updated): Updated {
  let next = state;
  const others: Effect[] = [];
  for (const effect of effects) {
    if (effect.kind !== "run") {
      others.push(effect);
      continue;
    }
    const id = (next.jobs.at(-1)?.id ?? 0) + 1;
    const delay = effect.delayMs ?? 0;
    const { label, argv, stdin, isSecret = false } = effect;
    const atMs = state.world.nowMs + delay;
    const job = { id, label, argv, stdin, isSecret, atMs, output: [] };
    next = {
      ...next,
      jobs: [...next.jobs.slice(-30), { ...job, state: delay > 0 ? "waiting" : "running" }],
    };
    if (delay === 0) others.push({ kind: "start", job: id });
  }
  return { state: next, effects: others };
}

/** What waited for its time begins, and what was said long enough goes. */
function passed(state: State, nowMs: number): Updated {
  const effects: Effect[] = [];
  const jobs = state.jobs.map((job) => {
    if (job.state !== "waiting" || job.atMs > nowMs) return job;
    effects.push({ kind: "start", job: job.id });
    return { ...job, state: "running" as const };
  });
  const { notice } = state;
  const isOver = notice !== undefined && notice.untilMs <= nowMs;
  return {
    state: {
      ...state,
      jobs,
      notice: isOver ? undefined : notice,
      world: { ...state.world, nowMs },
    },
    effects,
  };
}

function finished(
  state: State,
  done: { job: number; isGood: boolean; output: readonly string[] },
): State {
  const { label = "", isSecret = false } = state.jobs.find((job) => job.id === done.job) ?? {};
  const isHidden = isSecret && done.isGood;
  const jobs = state.jobs.map((job) =>
    job.id === done.job
      ? {
          ...job,
          state: done.isGood ? ("done" as const) : ("failed" as const),
          atMs: state.world.nowMs,
          output: isHidden ? [] : done.output.slice(-50),
        }
      : job,
  );
  const first = isHidden ? "" : (done.output.find((line) => line.trim() !== "") ?? "");
  const text = done.isGood ? `${label}: ${first === "" ? "done" : first}` : `${label}: ${first}`;
  return noticed({ ...state, jobs }, text, done.isGood ? "good" : "bad");
}

/** With another world. Who got another name in it stays chosen, marked and open. */
function renamed(state: State, world: World): State {
  const next = { ...state, world };
  if (world.agents === state.world.agents) return next;
  const gone = state.world.agents.filter((one) => !isHere(next, one.name));
  const names = new Map<string, string>();
  for (const before of gone) {
    const now = world.agents.find((one) => isSameAgent(one, before) && !isHere(state, one.name));
    if (now !== undefined) names.set(before.name, now.name);
  }
  if (names.size === 0) return next;
  const nameOf = (name: string) => names.get(name) ?? name;
  const at = Object.entries(state.at).map(([view, id]) => [view, nameOf(id)]);
  return {
    ...next,
    ...{ agent: nameOf(state.agent), at: Object.fromEntries(at) },
    marked: new Set([...state.marked].map(nameOf)),
  };
}

function isSameAgent(a: AgentSeen, b: AgentSeen): boolean {
  if (a.session !== "" || b.session !== "") return a.session === b.session;
  return a.pid !== undefined && a.pid === b.pid && a.createdMs === b.createdMs;
}

/** Nothing is chosen or marked that is not there any more. */
function settled(before: State, state: State): State {
  const marked = [...state.marked].filter((name) => isHere(state, name));
  const next = marked.length === state.marked.size ? state : { ...state, marked: new Set(marked) };
  const agents = settledAt(before, next, "agents");
  return agents.view === "agents" ? agents : settledAt(before, agents, agents.view);
}
