// An agent whose hooks may be killed or stopped in the middle, for those who look at what is left.
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { openSession } from "../kit/fake-agent/session.ts";
import { type Env, hcom } from "./lab.ts";

export const victimEvents = [
  "UserPromptSubmit",
  "PreToolUse",
  "PostToolUse",
  "PostToolBatch",
  "Stop",
] as const;

export interface Victim {
  name: string;
  hook(event: string, how: "may be killed" | "to the end"): Promise<void>;
  /** What its context holds, in order. */
  texts(): string[];
}

export interface Trouble {
  dir: string;
  hcomDir: string;
  /** Done to each of its hooks that may be killed, as soon as it runs. */
  disturb(pid: number): void;
}

export async function openVictim({ dir, hcomDir, disturb }: Trouble): Promise<Victim> {
  const version = "2.1.216";
  const agent = prepareFakeAgent({ dir, hcomDir, withInbox: false, version });
  // As under the wrapper: the end of a turn does not wait for mail.
  const env: Env = { ...agent.env, HCOM_PTY_MODE: "1" };
  let isSafe = false;
  const session = openSession({
    configDir: agent.configDir,
    cwd: agent.cwd,
    version,
    env,
    recordPath: env["FAKE_AGENT_RECORD"],
    onSpawn: (pid) => {
      if (!isSafe) disturb(pid);
    },
  });
  const added = await hcom(env, ["hooks", "add", "claude"]);
  if (added.code !== 0) throw new Error(`no hooks: ${added.out}${added.err}`);
  const own = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session.id };
  const started = await hcom(own, ["start", "--json"]);
  const name = asText(asObject(parseJson(started.out))["name"]);
  if (name === undefined) throw new Error(`no start: ${started.out}${started.err}`);
  return {
    name,
    async hook(event, how) {
      isSafe = how === "to the end";
      const fired = await session.fire(event, fieldsOf(event), { subject: "Bash" });
      fired.absorb();
    },
    texts: () => agent.context().map((one) => one.text),
  };
}

function fieldsOf(event: string): object {
  if (event === "UserPromptSubmit") return { prompt: "go on" };
  if (event === "Stop") return { stop_hook_active: false };
  if (event === "PostToolBatch") return { tool_calls: [] };
  const tool_input = { command: "true" };
  return { tool_name: "Bash", tool_input, tool_use_id: "t", tool_response: {} };
}
