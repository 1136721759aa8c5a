// The short words for what people want to hear of: `collision`, `idle:luna`, `cmd:luna:"npm test"`.
// Each stands for filter flags of `hcom events`. The spellings are the original's.

/** Values by filter flag. */
export interface Preset {
  filters: Readonly<Record<string, readonly string[]>>;
  /** Only what others than the caller do. */
  ofOthers?: true;
  /** What the person or a prompt said to this agent. */
  inputOf?: string;
}

const ofAll: Readonly<Record<string, Preset["filters"]>> = {
  collision: { collision: ["yes"] },
  created: { action: ["created"] },
  stopped: { action: ["stopped"] },
  blocked: { status: ["blocked"] },
};

const ofOne: Readonly<Record<string, (name: string) => Preset["filters"]>> = {
  idle: (name) => ({ idle: [name] }),
  blocked: (name) => ({ blocked: [name] }),
  created: (name) => ({ agent: [name], action: ["created"] }),
  stopped: (name) => ({ agent: [name], action: ["stopped"] }),
  file_edits: (name) => ({ agent: [name], file: ["*"] }),
};

/** How the text of a command is compared: by the sign that `--cmd` has in front. */
const commands: Readonly<Record<string, string>> = { cmd: "", "cmd-starts": "^", "cmd-exact": "=" };

/** Those that need no name: what a new agent can be told of. */
export const presetsOfAll = (): readonly string[] => Object.keys(ofAll);

/** Those and the others, with what each tells of. */
export const presetsInWords: readonly (readonly [string, string])[] = [
  ["collision", "you and another agent changed one file within 30 s"],
  ["created, stopped, blocked", "any agent joined, ended, or asks its person"],
  ["idle:NAME", "it has finished a turn; also blocked:, created:, stopped:NAME"],
  ["file_edits:NAME", "it has written a file"],
  ["user_input:NAME", "its person, or a prompt, has said something to it"],
  ['cmd:"TEXT"', "another agent ran a command with this in it; cmd:NAME:TEXT of one"],
  ["cmd-starts:, cmd-exact:", "that begins so; that is exactly this"],
];

export const presetWords = (): readonly string[] => [
  ...presetsOfAll(),
  ...Object.keys(ofOne).map((word) => `${word}:NAME`),
  ...["user_input:NAME", ...Object.keys(commands).map((word) => `${word}:TEXT`)],
];

/** Undefined for what is no preset: SQL, or a slip. */
export function readPreset(written: string): Preset | undefined {
  const whole = ofAll[written];
  if (Object.hasOwn(ofAll, written) && whole !== undefined) return { filters: whole };
  const [word = "", ...rest] = written.split(":");
  const argument = rest.join(":");
  if (argument === "") return undefined;
  const sign = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (sign !== undefined) return ofCommand(sign, argument);
  if (!/^@?[\w-]+$/.test(argument)) return undefined;
  if (word === "user_input") return { filters: {}, inputOf: argument };
  const filters = Object.hasOwn(ofOne, word) ? ofOne[word]?.(argument) : undefined;
  return filters === undefined ? undefined : { filters };
}

/** `"text"` of anybody else, or `NAME:"text"`. */
function ofCommand(sign: string, argument: string): Preset {
  const named = /^([a-z][\w-]*):(".*"|'.*'|\S.*)$/s.exec(argument);
  const [, name, text = argument] = named ?? [];
  const cmd = [`${sign}${text.replace(/^(["'])(.*)\1$/s, "$2")}`];
  return name === undefined
    ? { filters: { cmd }, ofOthers: true }
    : { filters: { agent: [name], cmd } };
}

/** Filters whose values are names of agents. */
export const nameFilters = ["agent", "from", "mention", "participant", "idle", "blocked"] as const;
