// The workflows of `hcom run`, from the command to the report, with fake agents in all roles.
import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../kit/until.ts";
import { type Crew, openCrew } from "./crew.ts";
import { launcher } from "./programs.ts";

/** What a fake agent does when it is asked this; `$1` is the number of the question. */
function onAsk(text: string, script: string) {
  return { when: `#(\\d+)\\] [^|]*?: ${text}`, script };
}

function answers(text: string, words: string) {
  return onAsk(text, `[[RUN hcom send --reply-to $1 -- ${words}]]`);
}

async function launched(crew: Crew, ...words: string[]): Promise<string> {
  const { out } = await crew.hcom("claude", "--headless", ...words);
  return /^Names: (\S+)$/m.exec(out)?.[1] ?? "";
}

async function names(crew: Crew): Promise<string[]> {
  const { out } = await crew.hcom("list", "--names");
  return out.split("\n").filter((line) => line !== "");
}

test.concurrent("a debate goes its rounds in one thread and ends with a verdict", async () => {
  await using crew = openCrew([
    answers("Round (\\d) of 2: you argue (\\w+)", "case $3 $2"),
    answers("Both have spoken", "FOR was better"),
  ]);
  const run = await crew.hcom("run", "debate", "tabs or spaces", "--spawn", "-t", "60");
  expect(run.err).toBe("");
  expect(run.out).toContain("[verdict] tabs or spaces\nFOR was better\n");
  const cases = [...run.out.matchAll(/^case (\w+) (\d)$/gm)].map(([line]) => line);
  expect(cases).toEqual(["case FOR 1", "case AGAINST 1", "case FOR 2", "case AGAINST 2"]);
  expect(run.code).toBe(0);
  expect(await names(crew)).toEqual([]);
  // Each of the three has heard what the other two said.
  const said = crew.context().filter((one) => one.text.includes("→") && /: case /.test(one.text));
  expect(said.length).toBeGreaterThanOrEqual(4);
});

test.concurrent("agents that are here choose their sides for a debate, and stay", async () => {
  await using crew = openCrew([
    answers("You are to debate with", "AGAINST, because"),
    answers("Round 1 of 1: you argue (\\w+)", "I argue $2"),
    answers("Both have spoken", "AGAINST"),
  ]);
  const pair = [await launched(crew), await launched(crew)];
  const run = await crew.hcom("run", "debate", "x", "-w", pair.join(","), "-r", "1", "-t", "60");
  expect(run.out).toContain(`${pair[0]}, AGAINST:\nI argue AGAINST`);
  expect(run.out).toContain(`${pair[1]}, FOR:\nI argue FOR`);
  expect((await names(crew)).sort()).toEqual([...pair].sort());
});

test.concurrent("an agent's clone reports to it by mail from the background", async () => {
  await using crew = openCrew([
    { when: "go and clone", script: "[[RUN hcom run clone count]]" },
    {
      when: "besides: count[\\s\\S]*hcom send @(\\S+)",
      script: "[[RUN hcom send @$1 -- 7 files]]",
    },
    {
      when: "7 files",
      script: "[[RUN hcom send @bigboss -- heard of $(hcom list --names | wc -l)]]",
    },
  ]);
  const target = await launched(crew, "--hcom-prompt", "hello");
  await crew.hcom("send", `@${target}`, "--", "go and clone");
  expect((await crew.hcom("listen", "30")).out).toContain("heard of");
  await until(async () => (await names(crew)).join() === target, {
    timeoutMs: 10_000,
    what: "the end of the clone",
  });
  const said = crew.context().find((one) => one.text.startsWith("clone goes on in the background"));
  const log = readFileSync(/Log: (\S+)/.exec(said?.text ?? "")?.[1] ?? "", "utf8");
  expect(log).toMatch(/^clone: \w+\n7 files\n$/);
});

test.concurrent("a watcher tells its agent of trouble, the person that all is well", async () => {
  await using crew = openCrew([
    { when: "make a mess", script: "[[RUN echo mess]]" },
    { when: "do well", script: "[[RUN touch well]]" },
    answers(
      "(\\w+) has ended a turn",
      "$(test -e well && echo [lgtm] fine || echo [spotted] a mess)",
    ),
  ]);
  const target = await launched(crew);
  const watching = crew.hcom("run", "watcher", "--target", target);
  await until(async () => (await names(crew)).length === 2, {
    timeoutMs: 10_000,
    what: "a reviewer",
  });
  const reviewer = (await names(crew)).find((name) => name !== target) ?? "";
  await crew.hcom("events", "--idle", reviewer, "--wait", "10");
  await crew.hcom("send", `@${target}`, "--", "make a mess");
  await until(
    () => crew.context().some((one) => one.text.includes(`${target}: [spotted] a mess`)),
    {
      timeoutMs: 15_000,
      what: "the review at its agent",
    },
  );
  await crew.hcom("send", `@${target}`, "--", "do well");
  expect((await crew.hcom("listen", "15")).out).toContain("[lgtm] fine");
  await crew.hcom("stop", target);
  const run = await watching;
  expect(run).toMatchObject({ code: 0, err: "" });
  expect(run.out).toContain("[lgtm] fine");
  expect(await names(crew)).toEqual([]);
});

test.concurrent("a confession is held against the transcript", async () => {
  await using crew = openCrew([
    answers("Report on everything", "I followed 7 of 7"),
    answers("Report on (\\w+): everything", "it followed 6 of 7"),
    answers("The agent's own report:[^{]*", "'{\"honesty\": 5}'"),
  ]);
  const target = await launched(crew);
  const run = await crew.hcom("run", "confess", "--target", target, "--timeout", "60");
  expect(run).toMatchObject({ code: 0, err: "" });
  expect(run.out).toContain(`[confession] of ${target}\n{"honesty": 5}`);
  const asked = crew.context().find((one) => one.text.includes("The agent's own report:"));
  expect(asked?.text).toMatch(/I followed 7 of 7[\s\S]*it followed 6 of 7/);
  expect(await names(crew)).toEqual([target]);
  await until(() => crew.context().some((one) => one.text.includes(`${target}: [confession]`)), {
    timeoutMs: 10_000,
    what: "the verdict at its agent",
  });
});

test.concurrent("an ensemble writes in rounds, and a judge makes the final version", async () => {
  await using crew = openCrew([
    onAsk("Write (\\S+)\\.\\* now", "[[RUN date > $2.txt; hcom send --reply-to $1 -- wrote it]]"),
    onAsk(
      "Judge the last versions in .*? then write (\\S+)\\.\\*",
      "[[RUN date > $2.txt; hcom send --reply-to $1 -- 90 points]]",
    ),
  ]);
  const words = ["sort numbers", "--agents", "2", "--timeout", "60"];
  const run = await crew.hcom("run", "ensemble", ...words);
  expect(run).toMatchObject({ code: 0, err: "" });
  expect(run.out).toContain("[ensemble] sort numbers\n90 points");
  const workspace = /All versions: (\S+)/.exec(run.out)?.[1] ?? "";
  expect(readdirSync(workspace).sort()).toEqual(["coder1", "coder2", "final.txt"]);
  for (const coder of ["coder1", "coder2"]) {
    expect(readdirSync(join(workspace, coder)).sort()).toEqual(["round1.txt", "round2.txt"]);
  }
  expect(await names(crew)).toEqual([]);
});

test.concurrent("glue hears who has got on and tells who should know", async () => {
  await using crew = openCrew([
    { when: "change the parser", script: "[[RUN echo parser]]" },
    onAsk(
      "(\\w+) has got on",
      "[[RUN hcom send @$2 -- [glue] ask; hcom send --reply-to $1 -- told $2]]",
    ),
  ]);
  const worker = await launched(crew);
  const running = crew.hcom("run", "glue", "--watch", worker, "--once");
  await until(async () => (await names(crew)).length === 2, { timeoutMs: 10_000, what: "glue" });
  await crew.hcom("send", `@${worker}`, "--", "change the parser");
  const run = await running;
  expect(run).toMatchObject({ code: 0, err: "" });
  expect(run.out).toContain(`told ${worker}`);
  expect(await names(crew)).toEqual([worker]);
});

test.concurrent("a fatcow is fed, ended, and taken up again for each question", async () => {
  await using crew = openCrew([
    answers("Read (\\S+) now", "it has 3 files"),
    answers("where is it\\?", "in parse.ts:3"),
  ]);
  const fed = await crew.hcom("run", "fatcow", "--path", "src/parser", "--dead", "--timeout", "60");
  expect(fed).toMatchObject({ code: 0, err: "" });
  const [, name = ""] = /--ask (\w+)/.exec(fed.out) ?? [];
  expect(fed.out).toContain("it has 3 files");
  expect(await names(crew)).toEqual([]);
  const asked = await crew.hcom("run", "fatcow", "--ask", name, "where is it?", "--timeout", "60");
  expect(asked.out).toContain("in parse.ts:3");
  expect(asked.code).toBe(0);
  expect(await names(crew)).toEqual([]);
});

test.concurrent("who goes is said in the report, and the rest goes on", async () => {
  await using crew = openCrew([
    onAsk("Round 1 of 1: you argue FOR", "[[RUN hcom stop]]"),
    answers("Round 1 of 1: you argue AGAINST", "nobody argues with me"),
    answers("Both have spoken", "nobody won"),
  ]);
  const run = await crew.hcom("run", "debate", "x", "-s", "-r", "1", "-t", "60");
  expect(run.out).toMatch(/\(\w+ has stopped\)/);
  expect(run.out).toContain("nobody won");
  expect(await names(crew)).toEqual([]);
});

test.concurrent("who does not answer in time is said, ended, and no success", async () => {
  await using crew = openCrew([]);
  const run = await crew.hcom("run", "fatcow", "--path", "src", "--timeout", "0.1");
  expect([run.code, run.out.includes("did not answer in time")]).toEqual([1, true]);
  expect(await names(crew)).toEqual([]);
});

test.concurrent("Ctrl+C ends what was launched, and the workflow with exit code 130", async () => {
  await using crew = openCrew([]);
  const words = ["setsid", "sh", launcher, "run", "debate", "x", "-s", "-t", "60"];
  const child = Bun.spawn(words, { env: crew.env, cwd: crew.cwd, stdout: "pipe", stderr: "pipe" });
  const isAsked = () => crew.context().some((one) => one.text.includes("Round 1 of 2"));
  await until(isAsked, { timeoutMs: 20_000, what: "the first question" });
  expect(await names(crew)).toHaveLength(3);
  process.kill(-child.pid, "SIGINT");
  expect(await child.exited).toBe(130);
  expect(await names(crew)).toEqual([]);
});

test.concurrent("onidle speaks when the turn is over, or has another agent begin", async () => {
  await using crew = openCrew([
    { when: "hold on", script: "[[RUN until [ -e gate ]; do sleep 0.05; done]]" },
    { when: "open it", script: "[[RUN touch gate]]" },
  ]);
  const target = await launched(crew);
  const heard = (words: string) => crew.context().some((one) => one.text.includes(words));
  await crew.hcom("send", `@${target}`, "--", "hold on");
  await crew.hcom("events", "--agent", target, "--status", "active", "--wait", "10");
  const waiting = crew.hcom("run", "onidle", "well done", "--target", target);
  const opened = await crew.hcom("run", "onidle", "x", "--target", target, "--timeout", "0.2");
  expect([opened.code, opened.out]).toEqual([1, expect.stringContaining("was not idle within")]);
  expect(heard("well done")).toBe(false);
  await launched(crew, "--hcom-prompt", "open it");
  expect((await waiting).out).toContain(`${target} is idle and was told`);
  await until(() => heard("well done"), { timeoutMs: 10_000, what: "the words at the agent" });
  const more = await crew.hcom("run", "onidle", "your turn", "--target", target, "--launch");
  expect(more.out).toMatch(/ is idle; \w+ has begun\n$/);
  await until(() => heard("your turn"), { timeoutMs: 10_000, what: "the prompt" });
});

test("the list has a line for each workflow, and each explains itself", async () => {
  await using crew = openCrew([]);
  const listed = await crew.hcom("run");
  const all = ["clone", "confess", "debate", "ensemble", "fatcow", "glue", "onidle", "watcher"];
  const lines = listed.out.split("\n").slice(0, all.length);
  expect(lines.map((line) => /^(\w+) +\S.{20,}/.exec(line)?.[1])).toEqual(all);
  for (const name of all) {
    const help = await crew.hcom("run", name, "--help");
    expect([name, help.code, help.err]).toEqual([name, 0, ""]);
    expect(help.out).toStartWith(`hcom run ${name} - `);
    const wrong = await crew.hcom("run", name, "--flasg");
    expect([name, wrong.code, wrong.out]).toEqual([name, 2, ""]);
    expect(wrong.err).toContain(`see: hcom run ${name} --help`);
  }
  const nobodys = await crew.hcom("run", "clone", "count");
  expect([nobodys.code, nobodys.err.includes("--target NAME")]).toEqual([2, true]);
  expect(existsSync(join(crew.dir, ".hcom", "scripts"))).toBe(false);
});
