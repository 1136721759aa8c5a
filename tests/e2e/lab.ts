// A laboratory for real agents: one hcom directory, one scripted model, terminals in tmux, and the
// built program, driven only through what a user has.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, parseJson } from "../../src/core/json.ts";
import { shellQuote } from "../../src/tools/shell-quote.ts";
import { type ModelRequest, type ModelServer, startModelServer } from "../kit/model-server.ts";
import { prepare, type RealAgent, shortTempDir } from "../kit/real-agent.ts";
import { type Pane, startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import type { VendorTool, VendorVersion } from "../kit/vendor-versions.ts";

const repository = join(import.meta.dir, "../..");
const hcom = join(repository, "bin/hcom");

export interface Agent {
  name: string;
  pane: Pane;
  env: Record<string, string>;
  cwd: string;
  session(): string | undefined;
  status(): string;
}

export interface Lab extends Disposable {
  model: ModelServer;
  /** Runs hcom as a user's shell would; returns standard output and exit code. */
  hcom(...args: string[]): { out: string; err: string; code: number };
  /** Opens a terminal with `hcom TOOL` in it and waits until the agent is idle. */
  launch(tool: VendorTool, version: VendorVersion, options?: LaunchOptions): Promise<Agent>;
  /** An environment for `hcom TOOL`, its directory, and hcom in them. */
  place(tool: VendorTool, version: VendorVersion): Place;
  /** A new terminal in which that agent, which has ended, goes on. */
  resume(agent: Agent): Promise<Agent>;
  /** A new terminal, where that agent was, with an `hcom` command in it. */
  open(words: string[], agent: Agent): Pane;
  /** A new terminal with a copy of that agent. */
  fork(agent: Agent): Promise<Agent>;
  /** A plain Claude with hcom's hooks in its settings, that joins with this prompt. */
  join(prompt: string): Promise<Agent>;
  /** Sends as the human; returns the message's id. */
  send(to: string, text: string): number;
  /** The way on which a message reached its recipient, once its context is proved. */
  proved(id: number): Promise<string>;
  idle(agent: Agent): Promise<void>;
  /** Types a prompt into the agent's terminal and presses Enter. */
  prompt(agent: Agent, text: string): Promise<void>;
  /** Requests of the conversation (no titles) that hold `text`, oldest first. */
  requestsWith(text: string): ModelRequest[];
  dump(): string;
  /** Answers of the terminals' own server. */
  tmux(...words: string[]): string;
}

export interface Place {
  env: Record<string, string>;
  cwd: string;
  hcom(...args: string[]): { out: string; err: string; code: number };
  /** A pane of that size, with a shell in it that runs this and stays. */
  shell(command: string, size?: { columns: number; rows: number }): Pane;
}

export interface LaunchOptions {
  args?: string[];
  /** How Claude asks; `manual` without. */
  permissionMode?: string;
  env?: Record<string, string>;
  /** The owner's settings.json of Claude. */
  settings?: Record<string, unknown>;
  /** As where npm's folder is on PATH in interactive shells only. */
  isUnknownToShells?: boolean;
  /** Puts our MCP server into the program's settings first, as its user would. */
  withMcp?: boolean;
}

export function openLab(): Lab {
  const temp = shortTempDir();
  const model = startModelServer();
  const tmux = startTmux();
  // Codex' sandbox lets agents write below /tmp anyway: elsewhere it shows that hcom opened it.
  const state = mkdtempSync("/var/tmp/he-");
  const hcomDir = join(state, ".hcom");
  const agents: Agent[] = [];
  let count = 0;
  const base = { HOME: temp.path, HCOM_DIR: hcomDir, PATH: process.env["PATH"] ?? "" };
  const run = (args: string[], env: Record<string, string> = base, cwd = temp.path) => {
    const child = Bun.spawnSync([hcom, ...args], { env, cwd, stdin: "ignore" });
    return {
      out: child.stdout.toString(),
      err: child.stderr.toString(),
      code: child.exitCode,
    };
  };
  const dump = () =>
    [
      ...agents.map((agent) => `--- screen of ${agent.name}\n${agent.pane.capture()}`),
      run(["list", "-v"]).out,
      run(["events", "--last", "25", "--full"]).out,
      run(["status", "--logs"]).out,
      ...model.requests.map(
        (one) => `#${one.n} ${one.isSide ? "side" : ""} ${one.latest.slice(-600)}`,
      ),
    ].join("\n");
  /** The agent that this command starts in a terminal, once it is idle. */
  const opened = async (
    command: string[],
    env: Record<string, string>,
    cwd: string,
    before: ReadonlySet<string>,
  ): Promise<Agent> => {
    const pane = tmux.newPane(command, env, cwd);
    const name = await until(() => names(run).find((one) => !before.has(one)), {
      timeoutMs: 20_000,
      what: `${command.slice(1, 3).join(" ")} to get a name`,
      dump: () => `${pane.capture()}\n${dump()}`,
    });
    const agent: Agent = {
      name,
      pane,
      env,
      cwd,
      session: () => field(run, name, "session_id"),
      status: () => field(run, name, "status") ?? "gone",
    };
    agents.push(agent);
    // Hooks may speak before the program reads its terminal: what is typed then is lost.
    await until(() => hasBecomeReady(run, name), {
      timeoutMs: 60_000,
      what: `${name} to be ready`,
      dump,
    });
    await lab.idle(agent);
    return agent;
  };
  const lab: Lab = {
    model,
    hcom: (...args) => run(args),
    launch: async (tool, version, options = {}) => {
      const place = placeFor(tool, join(temp.path, `${tool}${agents.length}`), model.url, version);
      if (options.settings !== undefined) {
        writeFileSync(join(place.configDir, "settings.json"), JSON.stringify(options.settings));
      }
      const env = { ...environment(tool, place, hcomDir), ...options.env };
      if (options.isUnknownToShells === true) {
        writeFileSync(join(place.env["HOME"] ?? "", ".bash_profile"), "PATH=/usr/bin:/bin\n");
      }
      if (options.withMcp === true) installServer(run, tool, env, place.cwd);
      const before = new Set(names(run));
      const mode = options.permissionMode ?? "manual";
      const args = tool === "claude" ? ["--permission-mode", mode] : [];
      const command = [hcom, tool, ...args, ...(options.args ?? [])];
      return opened(command, env, place.cwd, before);
    },
    place: (tool, version) => {
      const { env: own, ...place } = placeFor(
        tool,
        join(temp.path, `p${count++}`),
        model.url,
        version,
      );
      const env = environment(tool, { ...place, env: own }, hcomDir);
      const words = `${shellQuote(hcom)} "$@"`;
      return {
        env,
        cwd: place.cwd,
        hcom: (...args) => run(args, env, place.cwd),
        shell: (command, size) =>
          tmux.newPane(["sh", "-c", `hcom() { ${words}; }; ${command}; exec cat`], env, place.cwd, {
            ...size,
            isInside: true,
          }),
      };
    },
    resume: async (agent) => {
      const again = await opened(
        [hcom, "r", agent.name],
        agent.env,
        agent.cwd,
        new Set(names(run)),
      );
      // What waited comes first: a person who types at that moment types beside it.
      await until(() => field(run, again.name, "unread_count") === "0", {
        timeoutMs: 40_000,
        what: "the mail that waited",
        dump,
      });
      await lab.idle(again);
      return again;
    },
    open: (words, { env, cwd }) => tmux.newPane([hcom, ...words], env, cwd),
    fork: (agent) => opened([hcom, "f", agent.name], agent.env, agent.cwd, new Set(names(run))),
    join: async (prompt) => {
      const place = placeFor(
        "claude",
        join(temp.path, `plain${agents.length}`),
        model.url,
        "newest",
      );
      const env = environment("claude", place, hcomDir);
      const added = run(["hooks", "add", "claude"], env, place.cwd);
      if (added.code !== 0) throw new Error(`no hooks: ${added.out}${added.err}`);
      const before = new Set(names(run));
      const command = ["claude", "--permission-mode", "manual", "--allowedTools", "Bash(hcom:*)"];
      const pane = tmux.newPane(
        command,
        { ...env, PATH: `${repository}/bin:${env["PATH"]}` },
        place.cwd,
      );
      const agent: Agent = {
        name: "",
        pane,
        env,
        cwd: place.cwd,
        session: () => field(run, agent.name, "session_id"),
        status: () => field(run, agent.name, "status") ?? "gone",
      };
      await until(() => pane.capture().includes("? for shortcuts"), {
        timeoutMs: 20_000,
        what: "Claude's prompt",
        dump: () => pane.capture(),
      });
      await pane.submit(prompt);
      agent.name = await until(() => names(run).find((one) => !before.has(one)), {
        timeoutMs: 20_000,
        what: "the session to join",
        dump: () => pane.capture(),
      });
      agents.push(agent);
      await lab.idle(agent);
      return agent;
    },
    send: (to, text) => {
      const sent = run(["send", `@${to}`, "-b", "--json", "--", text]);
      const id = asObject(parseJson(sent.out))["id"];
      if (typeof id !== "number") throw new Error(`not sent: ${sent.out}${sent.err}`);
      return id;
    },
    proved: async (id) => {
      const found = await until(() => provedVia(run(["why", String(id), "--json"]).out), {
        timeoutMs: 30_000,
        what: `#${id} to be proved in its recipient's context`,
        dump: () => `${run(["why", String(id)]).out}\n${dump()}`,
      });
      return found;
    },
    idle: async (agent) => {
      await until(() => agent.status() === "listening", {
        timeoutMs: 40_000,
        what: `${agent.name} to be idle`,
        dump,
      });
    },
    prompt: (agent, text) => agent.pane.submit(text),
    requestsWith: (text) => model.requests.filter((one) => !one.isSide && one.text.includes(text)),
    dump,
    tmux: tmux.ask,
    [Symbol.dispose]: () => {
      run(["kill", "all"]);
      tmux[Symbol.dispose]();
      model[Symbol.dispose]();
      temp[Symbol.dispose]();
      rmSync(state, { recursive: true, force: true });
    },
  };
  return lab;
}

type Run = (
  args: string[],
  env?: Record<string, string>,
  cwd?: string,
) => { out: string; err: string; code: number };

function installServer(run: Run, tool: VendorTool, env: Record<string, string>, cwd: string): void {
  const { out, err, code } = run(["mcp", "install", tool], env, cwd);
  if (code !== 0 || !out.includes(": installed (")) throw new Error(`no MCP server: ${out}${err}`);
}

function names(run: Run): string[] {
  return run(["list", "--names"])
    .out.split("\n")
    .filter((line) => line !== "");
}

function field(run: Run, name: string, key: string): string | undefined {
  const value = run(["list", name, key]).out.trim();
  return value === "" ? undefined : value;
}

/** As the last step of its life so far. */
function hasBecomeReady(run: Run, name: string): boolean {
  const base = field(run, name, "base_name") ?? name;
  return run(["events", "--agent", base, "--type", "life", "--last", "1"]).out.includes('"ready"');
}

function provedVia(json: string): string | undefined {
  const deliveries = asObject(parseJson(json))["deliveries"];
  const first = asObject(Array.isArray(deliveries) ? deliveries[0] : undefined);
  const isProved = first["state"] === "in_context" || first["state"] === "answered";
  return isProved && typeof first["via"] === "string" ? first["via"] : undefined;
}

function placeFor(
  tool: VendorTool,
  dir: string,
  modelUrl: string,
  version: VendorVersion,
): RealAgent {
  mkdirSync(dir, { recursive: true });
  return prepare[tool]({ dir, modelUrl, version });
}

/** The vendor's program under its usual name, first on PATH; hcom itself is not on it. */
function environment(tool: VendorTool, place: RealAgent, hcomDir: string): Record<string, string> {
  const bin = join(place.cwd, "../bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(place.binary, join(bin, tool));
  // As after a global install: Codex runs commands in a login shell, which makes PATH anew.
  const profile = `export PATH="${join(repository, "bin")}:$PATH"\n`;
  writeFileSync(join(place.env["HOME"] ?? "", ".bash_profile"), profile);
  return { ...place.env, HCOM_DIR: hcomDir, PATH: `${bin}:${place.env["PATH"] ?? ""}` };
}
