// What `npm start` shows: two scripted agents on real terminals, started by the built
// `hcom claude`, ask and answer each other, and the log says how each message travelled. Without
// account or network; all of it lives in a temporary directory and is ended by process id.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asList, asNumber, asObject, asText, parseJson } from "../src/core/json.ts";
import { type Child, spawnChild } from "../src/pty/child.ts";
import { type FakeAgent, fakeVersions, prepareFakeAgent } from "../tests/kit/fake-agent/prepare.ts";
import { killTree } from "../tests/kit/processes.ts";

const launcher = join(import.meta.dir, "../bin/hcom");
const limitMs = 20_000;
const startedAt = performance.now();
const dir = realpathSync(mkdtempSync(join(tmpdir(), "hcom-demo-")));
const children: Child[] = [];
/** Set when an agent ends too early: what it left on its terminal. */
let early: string | undefined;

const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
const bold = (text: string) => (isColoured ? `\x1b[1m${text}\x1b[22m` : text);
const dim = (text: string) => (isColoured ? `\x1b[2m${text}\x1b[22m` : text);

/** What the scripted agents do with what they are told; real ones decide for themselves. */
const asking = {
  when: "^Ask (\\S+) (.+)",
  script: '[[SAY I will ask $1.]][[RUN hcom send @$1 --intent request -- "$2"]]',
};
const answering = {
  when: "\\[request #(\\d+)\\] (\\S+) → ",
  script:
    "[[SLOW 400 Let me look.]][[RUN hcom send @$2 --intent ack --reply-to $1 -- " +
    '"$(ls | wc -l | tr -d " ") files: $(echo *)"]]',
};

async function story(): Promise<void> {
  console.log(
    `\n${bold("hcom in a few seconds")}: two scripted agents, each on its own terminal.\n`,
  );
  const hcomDir = join(dir, ".hcom");
  const asker = prepareFakeAgent({
    dir: join(dir, "a"),
    hcomDir,
    withInbox: false,
    version: fakeVersions.bell,
    rules: [asking],
  });
  const helper = prepareFakeAgent({
    dir: join(dir, "b"),
    hcomDir,
    withInbox: true,
    version: fakeVersions.inbox,
    rules: [answering],
  });
  for (const file of ["parser.ts", "parser.test.ts", "README.md"]) {
    writeFileSync(join(helper.cwd, file), "");
  }
  await exchange(asker, helper);
}

async function exchange(asker: FakeAgent, helper: FakeAgent): Promise<void> {
  start(helper);
  const to = await ready(helper);
  say(`${bold(to)} has started and waits, idle: hcom claude`);
  const wish = `Ask ${to} which files are in your project?`;
  start(asker, "--hcom-prompt", wish);
  const from = await ready(asker);
  say(`${bold(from)} has started with a task of its human: "${wish}"`);
  const request = await message(asker, "the request", (data) => data["from"] === from);
  say(`${bold(from)} sent #${request.id} to ${bold(to)}: "${request.text}"`);
  say(await journey(asker, request.id, to));
  const answer = await message(asker, "the answer", (data) => data["from"] === to);
  say(`${bold(to)} answered with #${answer.id}: "${answer.text}"`);
  say(await journey(asker, answer.id, from));
  say("Is it really there? (hcom why ID)");
  say(await proof(asker, request.id, to));
  say(await proof(asker, answer.id, from));
  console.log(`
${bold("With real agents")}
  npm install --global --install-links .
                       puts hcom on your PATH (run it in this directory)
  hcom claude          starts Claude Code; type to it as always, it knows how to talk to others
  hcom codex           in a second terminal: Codex
  hcom list            who is here; hcom --help shows the rest
`);
}

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${dim(`${seconds} s`)}  ${line}`);
}

function start(agent: FakeAgent, ...args: string[]): void {
  let shown = "";
  const child = spawnChild({
    argv: ["sh", launcher, "claude", ...args],
    env: agent.env,
    directory: agent.cwd,
    cols: 100,
    rows: 30,
    onData(bytes) {
      shown = `${shown}${Buffer.from(bytes).toString()}`.slice(-2000);
    },
  });
  children.push(child);
  void child.exited.then((code) => {
    early = `an agent has ended with ${code}: ${Bun.stripANSI(shown).trim()}`;
  });
}

/** Runs a command as a human at another terminal would; its output. */
async function hcom(agent: FakeAgent, ...args: string[]): Promise<string> {
  const child = Bun.spawn(["sh", launcher, ...args], {
    env: agent.env,
    cwd: dir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`hcom ${args.join(" ")} failed: ${err.trim() || out.trim()}`);
  return out;
}

/** Its name, once its session has begun. */
function ready(agent: FakeAgent): Promise<string> {
  return until("an agent to be ready", async () => {
    const rows = asList(parseJson(await hcom(agent, "list", "--json"))).map(asObject);
    const own = rows.find((row) => row["directory"] === agent.cwd);
    return own?.["session_id"] ? asText(own["name"]) : undefined;
  });
}

interface Message {
  id: number;
  text: string;
}

type Data = Readonly<Record<string, unknown>>;

function message(agent: FakeAgent, what: string, fits: (data: Data) => boolean): Promise<Message> {
  return until(what, async () => {
    const lines = (await hcom(agent, "events", "--type", "message", "--full")).split("\n");
    const found = lines
      .map((line) => asObject(parseJson(line)))
      .find((event) => fits(asObject(event["data"])));
    const id = asNumber(found?.["id"]);
    const text = asText(asObject(found?.["data"])["text"]);
    return id === undefined || text === undefined ? undefined : { id, text };
  });
}

/** How it reached its recipient, in plain words. */
function journey(agent: FakeAgent, id: number, to: string): Promise<string> {
  return until(`#${id} to reach ${to}`, async () => {
    const { via, created_at: sentAt, handed_at: handedAt } = await delivery(agent, id);
    if (typeof sentAt !== "number" || typeof handedAt !== "number") return undefined;
    const ms = Math.round((handedAt - sentAt) * 1000);
    return `  ${wayOf(asText(via) ?? "?", to)}: ${bold(`${ms} ms`)} after it was sent`;
  });
}

/** What shows that it stands in the recipient's context, and since when. */
function proof(agent: FakeAgent, id: number, to: string): Promise<string> {
  return until(`a proof that ${to} has #${id}`, async () => {
    const fate = await delivery(agent, id);
    const seenAt = asNumber(fate["in_context_at"]) ?? asNumber(fate["answered_at"]);
    const sentAt = asNumber(fate["created_at"]);
    if (sentAt === undefined || seenAt === undefined) return undefined;
    const ms = Math.round((seenAt - sentAt) * 1000);
    const how = fate["state"] === "answered" ? "proved by its answer" : "found in its transcript";
    return `  #${id} is in the context of ${to}: ${how}, ${bold(`${ms} ms`)} after it was sent`;
  });
}

async function delivery(agent: FakeAgent, id: number): Promise<Data> {
  const trace = asObject(parseJson(await hcom(agent, "why", String(id), "--json")));
  return asObject(asList(trace["deliveries"])[0]);
}

function wayOf(via: string, to: string): string {
  if (via === "inbox") return `${to} was idle; its own inbox woke it`;
  if (via === "bell") return `${to} was idle; a file that it watches (the bell) woke it`;
  if (via === "typing") return `${to} was idle; a word typed into its terminal woke it`;
  if (via === "continue") return `${to} was about to finish its turn and went on with it`;
  return `${to} was at work and got it between two actions (${via})`;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (early !== undefined) throw new Error(early);
    if (performance.now() - startedAt > limitMs) {
      throw new Error(`waited ${limitMs / 1000} s in vain for ${what}`);
    }
    await Bun.sleep(30);
  }
}

async function cleanUp(): Promise<void> {
  for (const child of children) child.kill();
  const ended = Promise.all(children.map((child) => child.exited));
  await Promise.race([ended, Bun.sleep(3000)]);
  for (const child of children) killTree(child.pid);
  rmSync(dir, { recursive: true, force: true });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void cleanUp().then(() => process.exit(1)));
}

try {
  await story();
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
process.exit();
