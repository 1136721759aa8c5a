// The wrapper as a process on a terminal, around a small program that behaves like an agent.
import { expect, test } from "bun:test";
import { staysTrue } from "../../tests/kit/until.ts";
import { stopInstance } from "../bus/life/stop.ts";
import { collect } from "../bus/mail/collect.ts";
import { send } from "../bus/mail/send.ts";
import { asObject, parseJson } from "../core/json.ts";
import { eventsAfter } from "../store/events.ts";
import { getInstance } from "../store/instances.ts";
import { processStart } from "../sys/process.ts";
import { callControl } from "./control.ts";
import { until, type Wrapped, wrapFake } from "./fixtures/wrapped.ts";

const row = (agent: Wrapped) => getInstance(agent.bus.db, agent.name);
const shows = (agent: Wrapped, text: string) =>
  agent.screen.rows().some((one) => one.text.includes(text));
const life = (agent: Wrapped) =>
  eventsAfter(agent.bus.db, 0, 100)
    .filter((event) => event.type === "life" && event.instance === agent.name)
    .map((event) => asObject(parseJson(event.data)));

async function ready(agent: Wrapped): Promise<void> {
  await until("the box is drawn", () => shows(agent, "❯"));
  await until("the agent listens", () => row(agent)?.status === "listening");
}

function mail(agent: Wrapped, text = "hello"): number {
  const sender = { kind: "external", name: "tester" } as never;
  return send(agent.bus, { sender, targets: [agent.name], text }).id;
}

/** What the prompt hook of a real tool does. */
function takeMail(agent: Wrapped): string[] {
  const offer = collect(agent.bus, agent.name, {
    via: "test",
    limit: 10_000,
    reached: () => ({ reached: [], answered: [] }),
  });
  offer?.commit();
  return offer?.messages.map((message) => message.data.text) ?? [];
}

test.concurrent("keys and output pass, the exit status is the program's", async () => {
  await using agent = await wrapFake();
  await until("the box is drawn", () => shows(agent, "❯ Try something"));
  agent.child.write("hello");
  await until("the echo is shown", () => shows(agent, "❯ hello"));
  agent.child.write("\x7f\x7f\x7f\x7f\x7fexit 42\r");
  expect(await agent.child.exited).toBe(42);
  expect(row(agent)).toBeUndefined();
});

test.concurrent("a launch is seen to be ready, and the row knows its processes", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  const context = asObject(parseJson(row(agent)?.launch_context ?? ""));
  expect(processStart(row(agent)?.pid ?? 0)).toBe(context["pid_start"] as string);
  expect(context["wrapper_pid"]).toBe(agent.child.pid);
  expect(life(agent).map((data) => data["action"])).toEqual(["created", "ready"]);
});

test.concurrent("mail for an idle agent is announced by typing, once", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  mail(agent);
  await until("the nudge is sent", () => agent.notes().includes("prompt <hcom>"));
  expect(takeMail(agent)).toEqual(["hello"]);
  agent.child.write("still there\r");
  await until("the next prompt came", () => agent.notes().includes("prompt still there"));
  expect(agent.notes().filter((line) => line.startsWith("prompt"))).toHaveLength(2);
});

test.concurrent("a draft stays, and the mail waits for it", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.write("my draft");
  await until("the draft is shown", () => shows(agent, "my draft"));
  mail(agent);
  await until("the reason is shown", () => row(agent)?.status_context === "tui:prompt-has-text");
  expect(shows(agent, "❯ my draft")).toBe(true);
  agent.child.write("\r");
  await until("the nudge follows", () => agent.notes().includes("prompt <hcom>"));
  expect(agent.notes().filter((line) => line.startsWith("prompt"))).toEqual([
    "prompt my draft",
    "prompt <hcom>",
  ]);
  takeMail(agent);
});

test.concurrent("while a question is open nothing is typed", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.write("ask\r");
  await until("the row says so", () => row(agent)?.status_context === "pty:approval");
  mail(agent);
  // Longer than every pause of the gate: what was to come would have come.
  const isLeftAlone = () => {
    const notes = agent.notes();
    const prompts = notes.filter((line) => line.startsWith("prompt"));
    return !notes.includes("answered") && prompts.join() === "prompt ask";
  };
  await staysTrue(2500, isLeftAlone, "an open question");
  agent.child.write("y");
  await until("the nudge follows", () => agent.notes().includes("prompt <hcom>"));
  takeMail(agent);
});

test.concurrent("a resize reaches the program", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  expect(agent.notes()[0]).toBe("start 60x12");
  agent.child.resize(91, 20);
  await until("it knows", () => agent.notes().includes("size 91x20"));
});

test.concurrent("the title is ours, with the program's behind it", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.write("title proj\r");
  await until("it is written", () => agent.output().includes(`\x1b]2;◉ ${agent.name} - proj\x07`));
  expect(agent.output()).not.toContain("\x1b]0;proj");
});

test.concurrent("half a megabyte of output passes whole", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.write("flood\r");
  await until("all has come", () => agent.output().split("x").length > 500_000);
});

test.concurrent("SIGTERM ends the program; the agent leaves as killed", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.signal("SIGTERM");
  expect(await agent.child.exited).toBe(143);
  expect(row(agent)).toBeUndefined();
  expect(life(agent).at(-1)).toMatchObject({ action: "stopped", reason: "killed" });
});

test.concurrent("a wrapper that is killed takes the program along", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  const pid = row(agent)?.pid ?? 0;
  agent.child.signal("SIGKILL");
  await until("the program is gone", () => processStart(pid) === undefined);
});

test.concurrent("a program that crashes leaves its status and a plain terminal", async () => {
  await using agent = await wrapFake();
  await ready(agent);
  agent.child.write("crash\r");
  expect(await agent.child.exited).toBe(137);
  expect(agent.output()).toContain("\x1b[?25h");
  expect(row(agent)).toBeUndefined();
});

test.concurrent("a program that does not exist is said on screen and in the log", async () => {
  await using agent = await wrapFake({ FAKE_PROGRAM: "/nonexistent/agent" });
  expect(await agent.child.exited).toBe(127);
  expect(agent.output()).toContain("could not be started");
  expect(life(agent)).toContainEqual(
    expect.objectContaining({ action: "launch_failed", reason: "spawn_failed" }),
  );
  expect(row(agent)).toBeUndefined();
});

test.concurrent("a program that ends at once is a failed launch, with its output", async () => {
  await using agent = await wrapFake({ FAKE_PROGRAM: "/bin/false" });
  expect(await agent.child.exited).toBe(1);
  expect(life(agent).map((data) => data["action"])).toContain("launch_failed");
});

test.concurrent("a locked or missing database does not hold up the terminal", async () => {
  await using agent = await wrapFake();
  agent.bus.db.exec("BEGIN EXCLUSIVE");
  await until("the box is drawn", () => shows(agent, "❯ Try something"));
  agent.child.write("abc");
  await until("the echo is shown", () => shows(agent, "❯ abc"));
  agent.bus.db.exec("COMMIT");
  await until("the agent listens", () => row(agent)?.status === "listening");

  await using lonely = await wrapFake({ HCOM_DIR: `${agent.folder}/nothing/here` });
  await until("the box is drawn", () => shows(lonely, "❯ Try something"));
  lonely.child.write("exit 3\r");
  expect(await lonely.child.exited).toBe(3);
});

test.concurrent("headless there is no input, the rest works", async () => {
  await using agent = await wrapFake({ FAKE_HEADLESS: "1" });
  await until("the agent listens", () => row(agent)?.status === "listening");
  mail(agent);
  await until("the nudge is sent", () => agent.notes().includes("prompt <hcom>"));
  takeMail(agent);
  expect(agent.output()).toBe("");
  const socket = agent.controlSocket() ?? "";
  const screen = asObject(await callControl(socket, { op: "screen" }, 2000));
  expect(screen["size"]).toEqual([40, 120]);
  expect(await callControl(socket, { op: "kill" }, 2000)).toEqual({ ok: true });
  expect(await agent.child.exited).toBe(143);
});

test.concurrent("signals that would end the wrapper at once end the program first", async () => {
  for (const name of ["SIGQUIT", "SIGUSR1", "SIGALRM", "SIGXCPU"] as const) {
    await using agent = await wrapFake();
    await ready(agent);
    const pid = row(agent)?.pid ?? 0;
    agent.child.signal("SIGPIPE");
    agent.child.signal(name);
    expect([name, await agent.child.exited]).toEqual([name, 143]);
    expect(processStart(pid)).toBeUndefined();
    expect(life(agent).at(-1)).toMatchObject({ action: "stopped", reason: "killed" });
  }
});

test.concurrent("without its row a headless agent ends, one before a human lives on", async () => {
  await using headless = await wrapFake({ FAKE_HEADLESS: "1" });
  await using seen = await wrapFake();
  await until("the agent listens", () => row(headless)?.status === "listening");
  await ready(seen);
  for (const { bus, name } of [headless, seen]) stopInstance(bus, name, { by: "t", reason: "t" });
  expect(await headless.child.exited).toBe(143);
  seen.child.write("abc");
  await until("the echo is shown", () => shows(seen, "❯ abc"));
});
