import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Bus, openBus } from "../bus/bus.ts";
import type { Origin } from "../bus/life/origin.ts";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import { tools } from "../tools/index.ts";
import { shellSplit } from "../tools/shell-quote.ts";
import type { Tool } from "../tools/tool.ts";
import { parseLaunch } from "./grammar.ts";
import { type LaunchPlan, planLaunch } from "./plan.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-plan-`);
const open: Bus[] = [];
let serial = 0;
beforeAll(() => {
  mkdirSync(`${root}/bin`);
  // Says how often it was asked.
  const program = `#!/bin/sh\necho x >> ${root}/asked\necho "2.1.300 (Test)"\n`;
  for (const name of ["claude", "codex", "gemini", "tmux"]) {
    writeFileSync(`${root}/bin/${name}`, program);
    chmodSync(`${root}/bin/${name}`, 0o755);
  }
});
afterEach(() => {
  for (const bus of open.splice(0)) bus[Symbol.dispose]();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function busWith(env: Record<string, string> = {}): Bus {
  const dir = `${root}/${++serial}`;
  const whole = { HOME: root, HCOM_DIR: dir, PATH: `${root}/bin`, ...env };
  const system: System = {
    now: Date.now,
    monotonic: () => 0,
    random: () => 0.5,
    uuid: () => "01234567-89ab-4def-8000-000000000000",
    env: whole,
    home: root,
    cwd: root,
    pid: process.pid,
    log: () => {},
  };
  const bus = openBus(system);
  open.push(bus);
  return bus;
}

/** The plan of a command line such as `2 claude --tag api`. */
async function plan(
  line: string,
  env: Record<string, string> = {},
  hasTerminal = true,
): Promise<LaunchPlan> {
  const order = parseLaunch(shellSplit(line) ?? []);
  const bus = busWith(env);
  return planLaunch(bus, await toolOf(order.toolWord), order, {
    hasTerminal,
    person: bus.system.env,
  });
}

function toolOf(word: string): Promise<Tool> {
  if (word === "gemini") return tools.gemini();
  return word === "codex" ? tools.codex() : tools.claude();
}

async function refusal(line: string, env: Record<string, string> = {}): Promise<Refusal> {
  try {
    await plan(line, env);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`"${line}" was accepted`);
}

const inside = { CLAUDECODE: "1" };

test("a plain launch runs one agent here and now", async () => {
  expect(await plan("claude")).toMatchObject({
    binary: `${root}/bin/claude`,
    version: "2.1.300",
    count: 1,
    directory: root,
    tag: "",
    place: { kind: "here" },
    kind: "interactive",
    userArgs: [],
    prompt: undefined,
    systemPrompt: "",
    batchId: "01234567",
  });
});

test("the order's own words are taken over", async () => {
  const line = "claude --tag a-b --hcom-prompt hi --system be --batch-id mine --headless";
  expect(await plan(line)).toMatchObject({
    tag: "a-b",
    prompt: "hi",
    systemPrompt: "be",
    batchId: "mine",
    place: { kind: "headless" },
  });
});

describe("arguments of the tool", () => {
  test("are the configured ones first, then the caller's, byte for byte", async () => {
    const env = { HCOM_CLAUDE_ARGS: "--model 'o p' --x=''" };
    const { userArgs } = await plan("claude --model y -- --tag ''", env);
    expect(userArgs).toEqual(["--model", "o p", "--x=", "--model", "y", "--tag", ""]);
  });
  test("of one tool are not passed to another", async () => {
    expect((await plan("codex", { HCOM_CLAUDE_ARGS: "--x" })).userArgs).toEqual([]);
  });
  test("decide about a run that answers and ends", async () => {
    expect((await plan("claude -p hi")).kind).toBe("one-shot");
    expect((await plan("claude -- -- -p")).kind).toBe("interactive");
    expect((await plan("codex exec hi")).kind).toBe("one-shot");
  });
});

describe("without a terminal", () => {
  test("the program decides for itself what it can do", async () => {
    expect((await plan("claude", {}, false)).kind).toBe("one-shot");
    expect((await plan("codex resume", {}, false)).kind).toBe("one-shot");
  });
  test("an agent in the background or in a pane has one of ours", async () => {
    expect((await plan("claude --headless", {}, false)).kind).toBe("interactive");
    expect((await plan("2 claude", { TMUX_PANE: "%1" }, false)).kind).toBe("interactive");
  });
  test("one answer is given here, inside an agent, too", async () => {
    const inside = { CLAUDECODE: "1", TMUX_PANE: "%1" };
    expect((await plan("claude -p hi", inside, false)).place).toEqual({ kind: "here" });
    expect((await plan("claude hi", inside, false)).place.kind).toBe("pane");
  });
});

describe("where it runs", () => {
  function check(line: string, env: Record<string, string>, place: object): void {
    test(`${line} ${JSON.stringify(env)}`, async () => {
      const found = (await plan(line, env)).place;
      const shown = found.kind === "pane" ? { ...found, preset: found.preset.name } : found;
      expect(shown).toEqual(place as typeof shown);
    });
  }
  const here = { kind: "here" };
  const tmux = { TMUX_PANE: "%0" };
  const split = { kind: "pane", preset: "tmux-split", isAsked: false };
  check("claude", tmux, here);
  check("2 claude", tmux, split);
  check("claude", { ...tmux, ...inside }, split);
  check("claude --run-here", { ...tmux, ...inside }, here);
  check("claude --terminal here", inside, here);
  check("claude --no-run-here", tmux, split);
  check("claude --terminal tmux", {}, { kind: "pane", preset: "tmux", isAsked: true });
  check("claude", { HCOM_TERMINAL: "tmux" }, { kind: "pane", preset: "tmux", isAsked: true });
  check("claude --terminal here", { HCOM_TERMINAL: "tmux" }, here);
  check("3 claude --headless", {}, { kind: "headless" });
});

describe("the tag", () => {
  test("comes from the flag, else from the settings", async () => {
    const env = { HCOM_TAG: "web" };
    expect((await plan("claude", env)).tag).toBe("web");
    expect((await plan("claude --tag api", env)).tag).toBe("api");
    expect((await plan("claude --tag=", env)).tag).toBe("");
  });
  test("must be one", async () => {
    expect((await refusal("claude --tag a_b")).code).toBe("invalid_tag");
  });
});

describe("the directory", () => {
  test("is the caller's, or a given one, absolute", async () => {
    mkdirSync(`${root}/sub dir`, { recursive: true });
    expect((await plan("claude --dir 'sub dir'")).directory).toBe(`${root}/sub dir`);
    expect((await plan(`claude --dir '${root}/sub dir'`)).directory).toBe(`${root}/sub dir`);
  });
  test("must be there, and a directory", async () => {
    expect((await refusal("claude --dir nowhere")).code).toBe("bad_directory");
    expect((await refusal("claude --dir bin/claude")).code).toBe("bad_directory");
  });
});

describe("is refused before anything happens:", () => {
  function check(what: string, line: string, env: Record<string, string>, code: string): void {
    test(what, async () => expect((await refusal(line, env)).code).toBe(code));
  }
  check("more agents than the tool bears", "11 codex", {}, "usage");
  check("a program that is not installed", "claude", { PATH: "/nowhere" }, "tool_missing");
  check("several agents without a place to put them", "2 claude", {}, "no_terminal");
  check("an agent's child without a terminal", "claude", inside, "no_terminal");
  check("a terminal that we cannot open", "claude --terminal kitty", {}, "no_terminal");
  const own = { HCOM_DIR: `${root}/repo/.git/hcom` };
  check("an HCOM_DIR where agents cannot write", "claude", own, "bad_hcom_dir");
});

test("configured arguments that are no words of a shell are ignored", async () => {
  expect((await plan("claude -x", { HCOM_CLAUDE_ARGS: "'never ends" })).userArgs).toEqual(["-x"]);
});

test("a program is asked for its version once, until its file changes", async () => {
  const bus = busWith();
  const claude = await tools.claude();
  const asked = async () => (await Bun.file(`${root}/asked`).text()).length;
  const order = parseLaunch(["claude"]);
  const from = { hasTerminal: true, person: bus.system.env };
  planLaunch(bus, claude, order, from);
  const before = await asked();
  planLaunch(bus, claude, order, from);
  expect(await asked()).toBe(before);
  writeFileSync(`${root}/bin/claude`, `#!/bin/sh\necho x >> ${root}/asked\necho 3.0.0\n`);
  expect(planLaunch(bus, claude, order, from).version).toBe("3.0.0");
});

describe("a session that is taken up", () => {
  const left = { name: "luna", principal: "p", tag: "api", args: ["--model", "opus"] };
  const origin = { ...left, session: "0f1e", directory: root, isHeadless: true, isLive: false };

  async function taken(
    as: "resume" | "fork",
    words = "luna",
    { hasTerminal = true, ...of }: Partial<Origin> & { hasTerminal?: boolean } = {},
  ) {
    const tool = await toolOf("claude");
    const order = parseLaunch(shellSplit(words) ?? []);
    const env = { HCOM_CLAUDE_ARGS: "--x", HCOM_TAG: "other" };
    const bus = busWith(env);
    const from = { hasTerminal, person: bus.system.env };
    return planLaunch(bus, tool, order, { ...from, origin: { ...origin, ...of, tool, as } });
  }

  test("goes on with the arguments, place and tag of its agent", async () => {
    expect(await taken("resume")).toMatchObject({
      userArgs: ["--resume", "0f1e", "--model", "opus"],
      ...{ directory: root, tag: "api", place: { kind: "headless" } },
    });
    expect((await taken("fork")).userArgs.slice(0, 3)).toEqual([
      ...["--resume", "0f1e", "--fork-session"],
    ]);
  });

  test("what is said now counts more, and a fork runs in front of its person", async () => {
    const now = await taken("resume", "luna --tag t --run-here --model y");
    expect(now).toMatchObject({ tag: "t", place: { kind: "here" } });
    expect(now.userArgs.slice(-2)).toEqual(["--model", "y"]);
    expect((await taken("fork")).place).toEqual({ kind: "here" });
  });

  test("that was never ours has the configured arguments", async () => {
    const { userArgs } = await taken("resume", "x", { name: undefined, args: [] });
    expect(userArgs).toEqual(["--resume", "0f1e", "--x"]);
  });

  test("where no terminal is says so, with the ways in which it comes back", async () => {
    const at = { hasTerminal: false, isHeadless: false };
    const { notes } = await taken("resume", "luna", at);
    expect(notes).toEqual([expect.stringMatching(/no terminal.*hcom resume luna --headless/)]);
    expect((await taken("resume", "luna -p hi", at)).notes).toEqual([]);
    expect((await taken("resume", "luna", { isHeadless: false })).notes).toEqual([]);
  });

  test("whose directory is gone is refused, and told how to go on", async () => {
    await expect(taken("resume", "luna", { directory: `${root}/gone` })).rejects.toMatchObject({
      code: "bad_directory",
      hint: expect.stringContaining("--dir PATH"),
    });
  });
});

test("a prompt that is to be secret is refused where it would stand in arguments", async () => {
  for (const line of ["claude -p --hcom-prompt-file f", "codex exec --hcom-prompt-file f"]) {
    expect((await refusal(line)).hint).toContain("standard input");
  }
});
