// What all workflows share: options as a table, from which their help is made; who called; and that
// inside an agent they go on in the background, because no command of an agent may take so long.
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { parseArgs } from "node:util";
import { HcomError, type Session, session } from "hcom";

export interface Option {
  name: string;
  short?: string;
  /** Name of its value in the help; absent = a switch. */
  value?: string;
  about: string;
}

export interface Workflow {
  name: string;
  about: string;
  /** Behind the name. */
  usage: string;
  options: readonly Option[];
  /** What is asked of an agent's own command: an answer, at once. */
  isShort?(call: Call): boolean;
  /** To an exit code. */
  run(call: Call): Promise<number>;
}

export interface Call {
  words: readonly string[];
  /** Behind `--`: for the program of the agents that are launched. */
  toolArgs: readonly string[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string, otherwise: number): number;
  /** The agent that called, or the person. */
  caller: Session;
  /** Is that an agent? */
  isAgent: boolean;
  /** This run's own name: in threads, and as the one who asks. */
  title: string;
  /** Speaks from outside under that name: what it asks is in nobody's name. */
  voice: Session;
  /** To whoever watches, or to the log of a run in the background. */
  say(line: string): void;
  /** What came of it: printed, and sent to the agent that called. */
  report(text: string): Promise<void>;
  /** Done before Ctrl+C or an end from outside ends the workflow. */
  whenInterrupted(work: () => Promise<void>): void;
}

const interrupted = 130;

/** Wrong words: said in a line, with exit code 2. */
export class Usage extends Error {}

const everywhere: readonly Option[] = [
  { name: "tool", value: "NAME", about: "agent program of those that are launched" },
  { name: "interactive", short: "i", about: "launch them in terminals, not in the background" },
  { name: "name", value: "NAME", about: "act for this agent" },
  { name: "wait", about: "stay here until it is over, also inside an agent" },
  { name: "help", short: "h", about: "show this help" },
];

export async function runWorkflow(workflow: Workflow): Promise<void> {
  try {
    process.exitCode = await start(workflow, process.argv.slice(2));
  } catch (error) {
    const isUsage = error instanceof Usage;
    if (!isUsage && !(error instanceof HcomError)) throw error;
    const hint = isUsage ? `see: hcom run ${workflow.name} --help` : error.hint;
    console.error(`Error: ${error.message}${hint === undefined ? "" : `\n  ${hint}`}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function start(workflow: Workflow, argv: readonly string[]): Promise<number> {
  const options = [...workflow.options, ...everywhere];
  const { values, words, toolArgs } = parsed(options, argv);
  if (values["help"] === true) {
    console.log(helpOf(workflow));
    return 0;
  }
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const caller = await session({ name: text("name") });
  const { connected: isAgent } = await caller.info();
  const title = `${workflow.name}-${Math.floor(Date.now() / 1000).toString(36)}`;
  const call: Call = {
    words,
    toolArgs,
    has: (name) => values[name] === true,
    text,
    number: (name, otherwise) => numberOf(name, text(name), otherwise),
    caller,
    isAgent,
    title,
    voice: await session({ name: title, external: true }),
    say: (line) => console.log(line),
    async report(result) {
      console.log(result);
      if (isAgent) await call.voice.send(result, { to: caller.name, intent: "inform" });
    },
    whenInterrupted(work) {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.once(signal, () => void work().finally(() => process.exit(interrupted)));
      }
    },
  };
  const mayStay = !isAgent || values["wait"] === true || workflow.isShort?.(call) === true;
  return mayStay ? await workflow.run(call) : goOnInBackground(workflow, argv, call);
}

interface Parsed {
  values: Readonly<Record<string, string | boolean | undefined>>;
  words: string[];
  toolArgs: string[];
}

function parsed(options: readonly Option[], argv: readonly string[]): Parsed {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const toolArgs = end < 0 ? [] : argv.slice(end + 1);
  const table = options.map(({ name, short, value }) => {
    const type = value === undefined ? ("boolean" as const) : ("string" as const);
    return [name, short === undefined ? { type } : { type, short }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...own],
      options: Object.fromEntries(table),
      allowPositionals: true,
    });
    return { values, words: positionals, toolArgs };
  } catch (error) {
    throw new Usage(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

function numberOf(name: string, written: string | undefined, otherwise: number): number {
  const number = written === undefined ? otherwise : Number(written);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Usage(`--${name} takes a number above 0, not "${written}"`);
}

function helpOf({ name, about, usage, options }: Workflow): string {
  const lines = [...options, ...everywhere].map((one) => {
    const short = one.short === undefined ? "" : `-${one.short}, `;
    const left = `${short}--${one.name}${one.value === undefined ? "" : ` ${one.value}`}`;
    return `  ${left.padEnd(26)}${one.about}`;
  });
  const head = `hcom run ${name} - ${about}\n\nUsage:\n  hcom run ${name} ${usage}`;
  return `${head} [-- arguments of their program]\n\nFlags:\n${lines.join("\n")}`;
}

/** The same again, cut loose from this command; what it says goes into a file. */
function goOnInBackground({ name }: Workflow, argv: readonly string[], call: Call): number {
  const folder = `${process.env["HCOM_DIR"]}/.tmp/logs`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/${call.title}.log`;
  const log = openSync(path, "a", 0o600);
  const words = ["run", name, "--wait", ...argv];
  const child = spawn("hcom", words, { detached: true, stdio: ["ignore", log, log] });
  child.unref();
  call.say(
    `${name} goes on in the background (pid ${child.pid}); it reports to ${call.caller.name}`,
  );
  call.say(`Log: ${path}`);
  return 0;
}
