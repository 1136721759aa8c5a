// Job control around a wrapped agent: Ctrl+Z, `kill -TSTP`, `fg`, `bg`, with a shell that controls
// jobs and with shells that do not. The agent acts as Claude Code does; real ones are in
// tests/e2e/job-control.test.ts.
import { expect, test } from "bun:test";
import { asNumber, asObject, parseJson } from "../../src/core/json.ts";
import { listInstances } from "../../src/store/instances.ts";
import { isStopped, processStart } from "../../src/sys/process.ts";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { type Pane, startTmux, type Tmux } from "../kit/tmux.ts";
import { staysTrue, until } from "../kit/until.ts";
import { hcom, openLog, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

const bash = ["bash", "--norc", "--noprofile", "-i"];

interface Session extends AsyncDisposable {
  pane: Pane;
  name: string;
  wrapper: number;
  /** The program itself. */
  program: number;
  env: Record<string, string>;
  agent: ReturnType<typeof prepareFakeAgent>;
  shows(text: string, what?: string): Promise<void>;
  send(text: string): Promise<void>;
  isInContext(text: string): boolean;
  status(): string | undefined;
  remark(): string | undefined;
}

async function open(dir: string, tmux: Tmux, shell: string[], line: string): Promise<Session> {
  const agent = prepareFakeAgent({ dir, withInbox: false, version: fakeVersions.typing });
  const env = { ...agent.env, PS1: "at-the-shell$ " };
  const pane = tmux.newPane(shell, env, agent.cwd);
  const dump = () => pane.capture();
  const shows = async (text: string, what = text) => {
    await until(() => pane.capture().includes(text), { timeoutMs: 20_000, what, dump });
  };
  await shows("at-the-shell$");
  await pane.submit(line.replaceAll("HCOM", `sh ${launcher}`));
  using bus = openLog(agent.env);
  const row = await until(
    () => listInstances(bus.db).find((one) => one.session_id !== null && one.pid !== null),
    { timeoutMs: 20_000, what: "an idle agent", dump },
  );
  const wrapper = asNumber(asObject(parseJson(row.launch_context))["wrapper_pid"]) ?? 0;
  return {
    pane,
    name: row.name,
    wrapper,
    program: row.pid ?? 0,
    env: agent.env,
    agent,
    shows,
    async send(text) {
      const { code, err } = await hcom(env, ["send", `@${row.name}`, "-b", "--", text]);
      if (code !== 0) throw new Error(err);
    },
    isInContext: (text) => agent.context().some((one) => one.text.includes(text)),
    status() {
      using log = openLog(agent.env);
      return listInstances(log.db)[0]?.status;
    },
    remark() {
      using log = openLog(agent.env);
      return listInstances(log.db)[0]?.status_context;
    },
    [Symbol.asyncDispose]: async () => {
      pane.kill();
    },
  };
}

const isReady = "manual mode on";
const limit = { timeoutMs: 15_000 };

async function isSuspended(session: Session): Promise<void> {
  const { wrapper, program, pane } = session;
  const what = "both to be stopped";
  const dump = () => pane.capture();
  await until(() => isStopped(wrapper) && isStopped(program), { ...limit, what, dump });
}

async function goesOn(session: Session): Promise<void> {
  const { wrapper, program, pane } = session;
  await until(() => !isStopped(wrapper) && !isStopped(program), {
    ...limit,
    what: "both to go on",
    dump: () => pane.capture(),
  });
  await session.shows(isReady, "the screen painted anew");
}

/** The shell's terminal is as it was: lines, echo, and no report of ours typed into it. */
async function hasItsShell(session: Session, word: string): Promise<void> {
  await session.pane.submit(`clear; echo ${word}; stty -a | grep -c -E '^isig icanon.* echo '`);
  await session.shows(`${word}\n1\nat-the-shell$`, "the shell's own terminal");
}

test.concurrent("Ctrl+Z suspends to the shell, mail waits, fg brings the screen back", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  await using session = await open(dir.path, tmux, bash, "HCOM claude");
  await session.shows(isReady);
  for (const round of ["first", "second"]) {
    session.pane.key("C-z");
    await isSuspended(session);
    await session.shows("Stopped");
    await hasItsShell(session, `${round}-shell`);
    expect(session.remark()).toBe("tui:suspended");
    await session.send(`mail of the ${round} round`);
    await staysTrue(1000, () => !session.isInContext(`mail of the ${round} round`));
    await session.pane.submit("fg");
    await goesOn(session);
    await until(() => session.isInContext(`mail of the ${round} round`), {
      ...limit,
      what: "the mail that waited",
      dump: () => session.pane.capture(),
    });
    await until(() => session.status() === "listening", { ...limit, what: "an idle agent" });
    expect(session.remark()).not.toBe("tui:suspended");
  }
  await session.pane.submit("/exit");
  await session.shows("at-the-shell$");
  await hasItsShell(session, "afterwards");
});

test.concurrent("kill -TSTP to the wrapper suspends both and leaves a clean terminal", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  await using session = await open(dir.path, tmux, bash, "HCOM claude");
  await session.shows(isReady);
  process.kill(session.wrapper, "SIGTSTP");
  await isSuspended(session);
  await hasItsShell(session, "a-shell");
  await session.pane.submit("fg");
  await goesOn(session);
  await session.pane.submit("[[SAY still-there]]");
  await session.shows("● still-there");
});

test.concurrent("a script between the shell and us is part of the job", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  const line = "sh -c 'HCOM claude; echo the-script-went-on'";
  await using session = await open(dir.path, tmux, bash, line);
  await session.shows(isReady);
  session.pane.key("C-z");
  await isSuspended(session);
  await hasItsShell(session, "a-shell");
  await session.pane.submit("fg");
  await goesOn(session);
  await session.pane.submit("/exit");
  await session.shows("\nthe-script-went-on");
});

test.concurrent("in the background it waits for the terminal; its shell can end it", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  await using session = await open(dir.path, tmux, bash, "HCOM claude");
  await session.shows(isReady);
  session.pane.key("C-z");
  await isSuspended(session);
  await session.pane.submit("bg; sleep 0.5; jobs");
  await until(() => isStopped(session.wrapper), { ...limit, what: "it to be stopped again" });
  await hasItsShell(session, "a-shell");
  await session.pane.submit("kill %1");
  await until(() => !isThere(session.wrapper) && !isThere(session.program), {
    ...limit,
    what: "both to be gone",
    dump: () => session.pane.capture(),
  });
  expect(session.remark()).toBeUndefined();
});

function isThere(pid: number): boolean {
  return processStart(pid) !== undefined;
}

for (const [name, shell, line] of [
  ["dash", ["dash", "+m", "-i"], "HCOM claude"],
  ["bash", bash, "set +m; HCOM claude"],
] as const) {
  test(`under ${name} without job control nobody could take it back: it goes on`, async () => {
    using dir = tempDir();
    using tmux = startTmux();
    await using session = await open(dir.path, tmux, [...shell], line);
    await session.shows(isReady);
    // In one piece, as what is typed ahead of a slow machine.
    session.pane.type("\x1a[[SAY still-there]]");
    await until(
      () => {
        session.pane.enter();
        return session.pane.capture().includes("● still-there");
      },
      { ...limit, what: "Enter to be a key again", dump: () => session.pane.capture() },
    );
    process.kill(session.wrapper, "SIGTSTP");
    await answers(session, "and-again");
  });
}

/** Keys that come while it hands the terminal over are lost, as they are with every program. */
async function answers(session: Session, word: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    await session.pane.submit(`[[SAY ${word}]]`);
    try {
      await until(() => session.pane.capture().includes(`● ${word}`), {
        timeoutMs: 5000,
        what: word,
      });
      return;
    } catch {
      await goesOn(session);
    }
  }
  await session.shows(`● ${word}`);
}
