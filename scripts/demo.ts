// What `npm start` shows: two scripted agents on real terminals, started by the built `hcom claude`,
// ask and answer each other, and the log says how every message travelled. No account, no network,
// nothing left behind: all of it lives in a temporary directory and is ended by process id.
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

const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
const bold = (text: string) => (isColoured ? `\x1b[1m${text}\x1b[22m` : text);
const dim = (text: string) => (isColoured ? `\x1b[2m${text}\x1b[22m` : text);

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
    rules: [
      {
        when: "^Ask (\\S+) (.+)",
        script: '[[SAY I will ask $1.]][[RUN hcom send @$1 --intent request -- "$2"]]',
      },
    ],
  });
  const helper = prepareFakeAgent({
    dir: join(dir, "b"),
    hcomDir,
    withInbox: true,
    version: fakeVersions.inbox,
    rules: [
      {
        when: "\\[request #(\\d+)\\] (\\S+) → ",
        script:
          "[[SLOW 400 Let me look.]]" +
          '[[RUN hcom send @$2 --intent ack --reply-to $1 -- "$(ls | wc -l) files: $(echo *)"]]',
      },
    ],
  });
  for (const file of ["parser.ts", "parser.test.ts", "README.md"]) {
    writeFileSync(join(helper.cwd, file), "");
  }
  await exchange(asker, helper);
}

async function exchange(asker: FakeAgent, helper: FakeAgent): Promise<void> {
  start(asker);
  start(helper);
  const [from, to] = await Promise.all([ready(asker), ready(helper)]);
  say(`${bold(from)} and ${bold(to)} have started, both with: hcom claude`);
  const wish = `Ask ${to} which files are in your project?`;
  await hcom(asker, "term", "inject", from, wish, "--enter");
  say(`The human typed to ${bold(from)}: ${wish}`);
  const request = await message(asker, "the request", (data) => data["from"] === from);
  say(`${bold(from)} sent #${request.id} to ${bold(to)}: ${request.text}`);
  say(await journey(asker, request.id, to));
  const answer = await message(asker, "the answer", (data) => data["from"] === to);
  say(`${bold(to)} answered with #${answer.id}: ${answer.text}`);
  say(await journey(asker, answer.id, from));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`
The whole exchange took ${seconds} s. The times come from the log (hcom why ID): a message counts as
"in its context" only when it was found in the recipient's own transcript.

${bold("With real agents")}
  npm install -g .     puts hcom on your PATH (run it in this directory)
  hcom claude          starts Claude Code; type to it as always, it knows how to talk to others
  hcom codex           in a second terminal: Codex
  hcom list            who is here; hcom --help shows the rest
`);
}

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${dim(`${seconds} s`)}  ${line}`);
}

function start(agent: FakeAgent): void {
  const child = spawnChild({
    argv: ["sh", launcher, "claude"],
    env: agent.env,
    directory: agent.cwd,
    cols: 100,
    rows: 30,
    onData() {},
  });
  children.push(child);
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

/** Its name, once it is there and idle. */
function ready(agent: FakeAgent): Promise<string> {
  return until("an agent to be ready", async () => {
    const rows = asList(parseJson(await hcom(agent, "list", "--json"))).map(asObject);
    const own = rows.find((row) => row["directory"] === agent.cwd);
    return own?.["status"] === "listening" && own["session_id"] ? asText(own["name"]) : undefined;
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
  return until(`#${id} to be in the context of ${to}`, async () => {
    const trace = asObject(parseJson(await hcom(agent, "why", String(id), "--json")));
    const delivery = asObject(asList(trace["deliveries"])[0]);
    const sentAt = asNumber(delivery["created_at"]);
    const seenAt = asNumber(delivery["in_context_at"]);
    if (sentAt === undefined || seenAt === undefined) return undefined;
    const ms = Math.round((seenAt - sentAt) * 1000);
    const via = asText(delivery["via"]) ?? "an unknown way";
    return `  ${wayOf(via, to)}; in its context ${bold(`${ms} ms`)} after it was sent`;
  });
}

function wayOf(via: string, to: string): string {
  if (via === "inbox") return `${to} was idle and was woken through its own inbox`;
  if (via === "bell") return `${to} was idle and was woken by a file that it watches (the bell)`;
  if (via === "typing") return `${to} was idle and was woken by typing into its terminal`;
  if (via === "continue") return `${to} was about to finish, and a hook (${via}) kept it going`;
  return `${to} was at work and got it between two actions (${via})`;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
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
