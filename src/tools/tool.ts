// The contract of an agent program: everything the rest of hcom knows about a tool is a field here.
// Text to data and back: a tool never reads a file, a clock or the environment by itself.

import type { Env } from "../core/env.ts";
import type { Fact } from "../core/fact.ts";
import type { GateRules } from "../core/gate.ts";
import type { HookOutput, Reply } from "../core/reply.ts";
import type { TranscriptReader } from "../core/transcript/reader.ts";

export interface Tool {
  name: string;
  label: string;
  aliases: readonly string[];
  binary: {
    name: string;
    /** The command that installs it. */
    install: string;
    /** Paths below the home directory, tried when PATH has none. */
    fallbacks: readonly string[];
  };
  /**
   * Where the tool keeps its configuration: what this variable says, else this folder at home.
   * Where the variable names a directory around it, `inside` is the way from there. `along`: what
   * it keeps elsewhere and needs as well. Other programs go by such variables, too: its commands do
   * not get those that we set.
   */
  configDir: ToolDir & { along?: readonly ToolDir[] };
  /** Variables that prove "inside this tool"; removed from other agents' environment. */
  markers: { env: string; equals?: string }[];
  /** The tool's session id as seen by a command that the tool runs. */
  sessionOf(env: Env): string | undefined;
  dialect: Dialect;
  launch: LaunchShape;
  /** When may we type? Names as in the gate table. */
  gates: GateRules;
  screen: ScreenReader;
  /** How an idle agent is reached, best first. Mid-turn delivery is the dialect's own. */
  rungs: readonly Rung[];
  /** Before all rungs: a module of ours in its process. */
  mod?: ModPlug;
  transcript: TranscriptReader;
  /** What the tool itself publishes about a running session. */
  live?: LiveRegistry;
  /** Commands of the model that hcom's status shows with their detail, by the tool's own names. */
  actions: { shell: readonly string[]; file: readonly string[]; delegate: readonly string[] };
  /** Largest text that one hook answer may carry to the model, in characters. */
  inlineLimit: number;
  /** Loaded only where settings are edited: parsers are costly. */
  settings(): Promise<SettingsPlug>;
}

/** Found by what this variable says, else by this folder at home. */
interface ToolDir {
  env: string;
  folder: string;
  inside?: string;
}

// ---------------------------------------------------------------- hooks

export interface Dialect {
  /** hook command (bare subcommand of our program) -> the tool's event name. */
  hooks: Readonly<Record<string, string>>;
  /** Never throws: garbage becomes kind `nothing` with a problem. */
  read(hook: string, payload: unknown, env: Env): Fact;
  /** The answer in the tool's own JSON; `silent` gives what this event needs at least. */
  write(reply: Reply, fact: Fact): HookOutput;
  /** Where the bootstrap text goes: into the answer of this fact kind, or into argv at launch. */
  bootstrapAt: "session-start" | "argv";
  /** How often in a row a hook may keep a turn going before the program overrides it. */
  mostContinues?: number;
  /** A hook may answer what it asks its person: our safe commands are allowed there. */
  answersApprovals?: true;
}

// ---------------------------------------------------------------- launching

export interface LaunchShape {
  maxCount: number;
  /** Arguments that start the tool with a first prompt. */
  prompt(text: string): string[];
  /**
   * A first prompt is typed into its session by the wrapper, as a paste: every user of the machine
   * reads a program's arguments.
   */
  isPromptTyped?: boolean;
  /** Its program takes no instructions for one run: they stand behind our bootstrap text. */
  isToldInBootstrap?: true;
  resume(session: string): string[];
  fork?(session: string): string[];
  /**
   * What of a launch's arguments goes on when its session is taken up again: neither its prompt nor
   * what chose a session, a place or a way to answer.
   */
  kept(args: readonly string[]): string[];
  /** Arguments the user may not pass, because they bypass the interactive hooks. */
  rejected: readonly string[];
  /**
   * The whole argument list without the prompt: the user's arguments (behind those of `resume` or
   * `fork`) with our additions. Order and quoting are the tool's business.
   */
  argv(plan: ArgvPlan): string[];
  /** Variables to remove from the environment of a child of the same tool. */
  stripEnv: readonly string[];
  /** Its agents' commands run in a login shell, which makes PATH anew. */
  runsLoginShells?: true;
  /** Variables the tool needs in the environment when wrapped. */
  env: Readonly<Record<string, string>>;
  /**
   * Ctrl+Z. The SIGTSTP that programs send themselves is ignored by the kernel in a session of
   * their own, so we stop them. `program`: it gets the key, tidies its terminal up and then waits
   * for SIGCONT. `wrapper`: it would not wait, so the key is kept from it and we tidy up.
   */
  suspends: "program" | "wrapper";
  /** What the program makes of these arguments, by its own grammar. */
  runKind(args: readonly string[]): RunKind;
}

/**
 * `interactive`: a session on a terminal. `one-shot`: an agent that answers and ends. `plain`: no
 * agent at all (`--version`, `mcp list`, `login`), or one that lives elsewhere.
 */
export type RunKind = "interactive" | "one-shot" | "plain";

export interface ArgvPlan {
  userArgs: readonly string[];
  /** What `RunPlug` adds for this run. */
  added: readonly string[];
  kind: Exclude<RunKind, "plain">;
  /** Nobody sees its output but in a log. */
  isHeadless: boolean;
  /** As the tool's `--version` told, or undefined. */
  version: string | undefined;
  bootstrap: string;
  systemPrompt: string;
  files: RunFiles;
}

/** What the hooks of one run need. */
export interface RunAdditions {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** For what must not stand among arguments, which every user of the machine reads. */
export interface RunFiles {
  /** Writes a text where only our user reads it; its path, which ends like that. */
  keep(text: string, ending?: string): string;
  /** Undefined for what cannot be read. */
  read(path: string): string | undefined;
}

// ---------------------------------------------------------------- screen

/** One row of the terminal: its text and which cells are dim (placeholder text). */
export interface ScreenRow {
  text: string;
  /** Same length as `text` in cells; true where the cell is dim. */
  dim: readonly boolean[];
}

export interface ScreenReader {
  /** Substring of any row that shows the tool has started; undefined = always ready. */
  readyText?: string;
  /** Delivery starts after this many ms even when `readyText` was not seen. */
  startTimeoutMs: number;
  /**
   * How long its input box must stand before it counts as ready where no hook has spoken: a
   * question may take its place.
   */
  settleMs?: number;
  /** What stands in the input box; "" when provably empty, null when not found. */
  input(rows: readonly ScreenRow[]): string | null;
  /** Is a question to the human on the screen, by rows or terminal title? */
  approval(rows: readonly ScreenRow[], title: string): boolean;
  /** Keys that allow once and deny what is asked; undefined where no key is known to. */
  answers?(rows: readonly ScreenRow[]): { yes: string; no: string } | undefined;
  /** Is something else of the tool in possession of the keyboard? */
  overlay?(rows: readonly ScreenRow[]): boolean;
  /** Has it put its input box away for a moment, in which it loses every key? */
  deaf?(rows: readonly ScreenRow[]): boolean;
  /** It does that once with these arguments, soon after its box first stands. */
  goesDeaf?(args: readonly string[]): boolean;
  /** Does the screen or title show a running turn? null = it cannot tell. */
  busy?(rows: readonly ScreenRow[], title: string): boolean | null;
  /** Does the screen say that the session acts without asking its person? */
  bypassed?(rows: readonly ScreenRow[]): boolean;
  /** Text on screen that means the launch waits for the human (folder trust ...). */
  launchQuestion?(rows: readonly ScreenRow[]): boolean;
}

// ---------------------------------------------------------------- delivery

/** A module of ours that the program loads into its own process, for one run. */
export interface ModPlug {
  /** The first version in which all that the module does was seen to work. */
  since: string;
  /** Tells the module where our wrapper listens. */
  variable: string;
  args(folder: string): string[];
  /** Stands in what the program says when it ends over those arguments. */
  refusal: string;
  /** Texts by their paths below the folder. */
  files(): Promise<Readonly<Record<string, string>>>;
  /** Why it is not even tried, as the program's settings say. */
  obstacle(readFile: (path: string) => string | undefined): string | undefined;
}

/** A way to start a turn in an idle session. The mechanism is delivery/'s, the facts are here. */
export type Rung =
  /** Write a line to the session's own inbox socket, found through `live`. */
  | {
      kind: "inbox";
      lines(token: string | undefined, text: string, id: string): string[];
      /** A session that acts without asking keeps the line back and asks its person about it. */
      isHeldWhenBypassed: boolean;
    }
  /** Touch the bell file that a background hook of the tool watches. */
  | { kind: "bell"; since: string }
  /** Run the tool's own program to queue a prompt. */
  | {
      kind: "queue";
      since: string;
      argv(session: string, text: string): string[];
      /** How long until a queued prompt must have had an effect. */
      effectMs: number;
    }
  /** Type into the terminal: last. */
  | { kind: "typing"; text: string; enterDelayMs: number };

export interface LiveRegistry {
  /** File that the tool keeps for its process, or undefined when it cannot be told. */
  path(configDir: string, pid: number): string;
  read(text: string): LiveSession | undefined;
  /** The file with the inbox secret, and how to read it. `sha256` gives hex of its argument. */
  keyPath(configDir: string, pid: number, socket: string, sha256: (text: string) => string): string;
  readKey(text: string): string | undefined;
}

export interface LiveSession {
  status: "idle" | "busy" | "waiting";
  waitingFor?: string;
  session?: string;
  /** Start time of the process as the tool recorded it (clock ticks since boot). */
  processStart?: string;
  /** Unix socket that takes prompts, when the protocol is one we know. */
  inboxSocket?: string;
}

// ---------------------------------------------------------------- settings

export interface SettingsPlug {
  /** The files we edit, absolute, in the order to write them. */
  files(where: { configDir: string }): SettingsFile[];
  /** Tools that ask for trust per hook: how to obtain and store it. */
  trust?: HookTrust;
  /** What a launch passes to its tool for one run. */
  perRun: RunPlug;
  /** Why hooks of ours do not run there, a sentence each; empty when nothing is in their way. */
  obstacles(place: HookPlace): string[];
}

/** Where hooks are to run, and what is known of it. */
export interface HookPlace {
  configDir: string;
  /** Where the session starts. */
  directory: string;
  /** The session's arguments. */
  args: readonly string[];
  env: Env;
  /** Do they come with the launch, or stand in the owner's files? */
  arePassed: boolean;
  /** What the tool's own server said, where it was asked and has one. */
  answers: ServerAnswers | undefined;
  readFile(path: string): string | undefined;
}

/** Answers of the tool's server by the id of their request. */
export type ServerAnswers = ReadonlyMap<unknown, unknown>;

export interface RunPlug {
  /**
   * Does a launch pass the hooks, so that none of its owner's files changes? Where the tool takes
   * them from its settings alone they are put there, and the owner is told.
   */
  passesHooks: boolean;
  /** Arguments in front of the server's own that make it answer for this run. */
  serverArgs(run: RunOptions): string[];
  settings(run: RunOptions): RunSettings;
}

export interface RunOptions extends InstallOptions, HookPlace {
  hcomDir: string;
  /** The owner's setting for launched agents; "none" leaves it to the tool's own. */
  sandboxMode: string;
  /** The owner's setting: tell the tool that the directory is trusted. */
  autoTrust: boolean;
}

export interface RunSettings {
  /** The user's arguments without what ours replace. */
  userArgs: string[];
  /** Ours; `file` is where the text of `file` stands. */
  added(file: string): string[];
  /** Text of a file that the arguments or the environment name. */
  file?: string;
  /** For programs that go by the end of its name, e.g. `.toml`. */
  fileEnding?: string;
  /** Variables for the program, beside those that it has anyway. */
  env?(file: string): Readonly<Record<string, string>>;
  /** What the owner must hear about this run, a line each. */
  notes: string[];
}

export interface InstallOptions {
  /** Absolute program and first arguments of a hook command, e.g. [bun, flags..., main.js]. */
  program: readonly string[];
  /** Also allow hcom's safe commands without asking. */
  autoApprove: boolean;
  /** The word by which agents call us, e.g. `hcom`. */
  commandWord: string;
  version: string | undefined;
}

/** What our own record says about a file, as far as there is one. */
export interface Known {
  /** What stood there before our first edit; null when there was no file. */
  first?: string | null;
  /** Trust that we stored: hash by key. */
  trusted?: Readonly<Record<string, string>>;
}

/** Pure edits of one file. `text` null means the file does not exist. */
export interface SettingsFile {
  path: string;
  what: string;
  /** Throws Refusal `unparseable_settings` when the text is not what the tool accepts. */
  install(text: string | null, options: InstallOptions, known?: Known): string;
  /** The text without anything of ours; null when nothing but ours was in it. Throws as above. */
  remove(text: string, known?: Known): string | null;
  /** Empty when everything of ours is in place. */
  problems(text: string | null, options: InstallOptions, known?: Known): string[];
  /** Whose hooks of our name stand in it: ours, or only those of an earlier program. */
  standing?(text: string): "ours" | "former" | undefined;
  /** The programs that hooks of ours in it run. */
  programs?(text: string): (readonly string[])[];
}

export interface HookTrust {
  /** Version from which hooks must be trusted. */
  since: string;
  /** Program arguments of the server that lists hooks, over newline JSON-RPC on stdio. */
  serverArgv: readonly string[];
  /** Requests to send, in order; each waits for the answer with its id; notifications have none. */
  requests(directory: string): readonly object[];
  /** Hash per hook key: only hooks that are ours, in that file. */
  ours(answers: ServerAnswers, hooksFile: string): TrustEntry[];
  /** The settings text with our trust entries (and no stale ones of ours). */
  store(
    text: string | null,
    entries: readonly TrustEntry[],
    hooksFile: string,
    known: Known,
  ): string;
  /** Which file holds the trust, and which file is trusted. */
  files(where: { configDir: string }): { trustFile: string; hooksFile: string };
}

export interface TrustEntry {
  key: string;
  /** As the tool computed it over our definition; it differs between versions of the tool. */
  hash: string;
}
