// A small agent program that behaves like Claude Code towards hcom, on a real terminal and
// without a vendor: box, footer, hooks, transcript, registry, inbox and bell. What it does stands
// in the texts it gets, see script.ts. Its variables (set by prepare.ts):
//   FAKE_AGENT_VERSION     what `--version` prints; 2.1.216 publishes its status and has the bell
//   FAKE_AGENT_SOCKET_DIR  folder for the inbox socket; without it there is no inbox
//   FAKE_AGENT_RECORD      file for everything that reached its context, one JSON line each
//   FAKE_AGENT_FAILS       ends at its start, with exit status 9
//   FAKE_AGENT_RULES       JSON list of standing rules
import { asList, asObject, asText, parseJson } from "../../../src/core/json.ts";
import { isSince } from "../../../src/tools/version.ts";
import type { Face } from "./action.ts";
import { watchPaths } from "./bell.ts";
import { type Mind, openMind } from "./mind.ts";
import { openRegistry, type Registry } from "./registry.ts";
import type { Rule } from "./script.ts";
import { openSession, type Session } from "./session.ts";
import { listenToKeys, openTerminal } from "./terminal.ts";

const { env, stdin, stdout } = process;
const version = env["FAKE_AGENT_VERSION"] ?? "2.1.329";

let isLeaving = false;

if (process.argv.includes("--version")) stdout.write(`${version} (Claude Code)\n`);
else if (env["FAKE_AGENT_FAILS"]) {
  stdout.write("cannot sign in\n");
  process.exit(9);
} else await run();

async function run(): Promise<void> {
  const configDir = env["CLAUDE_CONFIG_DIR"] ?? `${env["HOME"] ?? ""}/.claude`;
  const { id, prompt } = wordsOf(process.argv.slice(3));
  const session = openSession({
    configDir,
    settings: settingsIn(process.argv),
    cwd: process.cwd(),
    version,
    env,
    recordPath: env["FAKE_AGENT_RECORD"],
    id,
  });
  const screen = openTerminal(version);
  const registry = await registryOf(configDir, session, (text) => {
    mind.prompt({ text, origin: "peer" });
  });
  const face: Face = {
    show: screen.show,
    status(state, waitingFor) {
      registry?.publish(state, waitingFor);
      screen.change({ state });
    },
    ask: screen.ask,
  };
  const mind = openMind(session, face, rulesOf(env["FAKE_AGENT_RULES"]));
  const leave = (reason: string, status: number) => end(session, registry, reason, status);
  listenToKeys(screen, {
    submit: (text) => mind.prompt({ text, origin: "human" }),
    // Esc ends a turn, or clears the draft.
    interrupt: () => mind.interrupt(),
    isBusy: mind.isBusy,
    leave: () => leave("prompt_input_exit", 0),
  });
  process.on("SIGTERM", () => leave("other", 143));
  process.on("SIGHUP", () => leave("other", 129));
  await begin(session, mind, id === undefined ? "startup" : "resume");
  registry?.publish("idle");
  if (prompt !== undefined) mind.prompt({ text: prompt, origin: "human" });
}

async function begin(session: Session, mind: Mind, source: string): Promise<void> {
  const fired = await session.fire("SessionStart", { source }, { subject: source });
  fired.absorb();
  if (!isSince(version, "2.1.216", false)) return;
  watchPaths(fired.answer.watchPaths ?? [], (path, event) => {
    void rung(session, mind, { file_path: path, event });
  });
}

async function rung(session: Session, mind: Mind, fields: object): Promise<void> {
  const fired = await session.fire("FileChanged", fields);
  for (const words of fired.wakes) {
    mind.prompt({ text: notification(words), origin: "task-notification" });
  }
}

function notification(words: string): string {
  return (
    "<task-notification>\n<summary>Stop hook feedback</summary>\n</task-notification>\n" +
    `<system-reminder>\nStop hook blocking error from command "FileChanged": ${words}\n` +
    "</system-reminder>"
  );
}

async function end(
  session: Session,
  registry: Registry | undefined,
  reason: string,
  status: number,
): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  await session.fire("SessionEnd", { reason });
  registry?.remove();
  if (stdin.isTTY) stdin.setRawMode(false);
  stdout.write("\x1b[?2004l\x1b[?25h\r\n");
  process.exit(status);
}

function registryOf(
  configDir: string,
  session: Session,
  onMessage: (text: string) => void,
): Promise<Registry | undefined> {
  const socketDir = env["FAKE_AGENT_SOCKET_DIR"];
  if (!isSince(version, "2.1.216", false)) return Promise.resolve(undefined);
  const { id, cwd } = session;
  return openRegistry({ configDir, cwd, session: id, version, socketDir, onMessage });
}

function wordsOf(words: readonly string[]): {
  id: string | undefined;
  prompt: string | undefined;
} {
  const end = words.indexOf("--");
  const resume = words.indexOf("--resume");
  const isFork = words.includes("--fork-session");
  const isResumed = resume >= 0 && (end < 0 || resume < end) && !isFork;
  const id = isResumed ? words[resume + 1] : undefined;
  return { id, prompt: end < 0 ? undefined : words.slice(end + 1).join(" ") };
}

function settingsIn(words: readonly string[]): string | undefined {
  const flag = words.indexOf("--settings");
  return flag < 0 ? undefined : words[flag + 1];
}

function rulesOf(text: string | undefined): Rule[] {
  return asList(parseJson(text ?? "[]")).flatMap((one) => {
    const when = asText(asObject(one)["when"]);
    const script = asText(asObject(one)["script"]);
    return when === undefined || script === undefined ? [] : [{ when, script }];
  });
}
