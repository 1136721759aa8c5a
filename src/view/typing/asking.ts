// One line that is asked for: a tag, a name, a value of a setting, the token of a group; and the
// command that it becomes.
import { agentNamed, chosenRow, meant } from "../rows.ts";
import { type Asked, type Effect, noticed, type State } from "../state.ts";
import { blank, type Editor, editorOf } from "./editor.ts";

export function askTag(state: State): State {
  const agents = meant(state).flatMap((name) => agentNamed(state, name) ?? []);
  const [first] = agents;
  if (first === undefined) return noticed(state, "choose an agent first", "warn");
  const asked = { kind: "tag", agents: agents.map((one) => one.name) } as const;
  const tag = agents.every((one) => one.tag === first.tag) ? first.tag : "";
  const shown = agents.map((one) => one.shown).join(", ");
  return asking(state, `tag of ${shown}: `, asked, editorOf(tag));
}

export function askName(state: State): State {
  const agent = agentMeant(state);
  if (agent === undefined) return noticed(state, "choose an agent first", "warn");
  const asked = { kind: "name", agent: agent.name } as const;
  return asking(state, `new name of ${agent.shown}: `, asked, editorOf(agent.name));
}

/** Of everybody, or in an agent's own list of settings of that agent alone. */
export function askSetting(state: State): State {
  const row = chosenRow(state);
  if (row?.kind !== "setting") return state;
  const agent = state.view === "agent" ? state.agent : undefined;
  const { settings, agentSettings } = state.world;
  const all = agent === undefined ? settings : (agentSettings?.settings ?? []);
  const value = all.find((one) => one.key === row.id)?.value ?? "";
  const asked = { kind: "setting", key: row.id, agent } as const;
  return asking(state, `${row.id} = `, asked, editorOf(value));
}

/** Nothing typed is the answer of most: nobody needs a broker of their own. */
export function askBroker(state: State): State {
  return asking(state, "broker (enter: a public one): ", { kind: "broker" }, blank);
}

export function askToken(state: State): State {
  return asking(state, "token of the group: ", { kind: "token" }, blank);
}

function asking(state: State, label: string, asked: Asked, editor: Editor): State {
  return { ...state, mode: { kind: "ask", asked, label, editor } };
}

function agentMeant(state: State) {
  const [name] = meant(state);
  return name === undefined ? undefined : agentNamed(state, name);
}

/** None: nothing can be meant by that. */
export function askedFor(asked: Asked, label: string, text: string): Effect[] {
  if (asked.kind !== "tag") return [commandFor(asked, label, text) ?? []].flat();
  const tag = text.trim();
  return asked.agents.map((name) =>
    run(asked.agents.length === 1 ? `${label}${tag}` : `tag of ${name}: ${tag}`, [
      "config",
      "-i",
      name,
      "tag",
      tag || "default",
    ]),
  );
}

type AskedOnce = Exclude<Asked, { kind: "tag" }>;

function commandFor(asked: AskedOnce, label: string, text: string): Effect | undefined {
  const value = text.trim();
  switch (asked.kind) {
    case "name":
      return value === "" ? undefined : run(`${label}${value}`, ["rename", asked.agent, value]);
    case "setting":
      return run(
        `${label}${value}`,
        asked.agent === undefined
          ? ["config", asked.key, value]
          : ["config", "-i", asked.agent, asked.key, value || "default"],
      );
    case "broker": {
      const argv = ["relay", "new", ...(value === "" ? [] : ["--broker", value])];
      // The token stands in what it prints.
      return { kind: "run", label: "make a group", argv, isSecret: true };
    }
    case "token":
      // Whoever has it may join: it is neither in a list of processes nor on the screen.
      if (value === "") return undefined;
      return {
        kind: "run",
        label: "join the group",
        argv: ["relay", "connect", "-"],
        stdin: value,
      };
  }
}

function run(label: string, argv: readonly string[]): Effect {
  return { kind: "run", label, argv };
}
