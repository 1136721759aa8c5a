// What a person reads when something is out of order: what holds mail back, hooks that are dead, a
// directory that cannot be used. Every screen says the same about the same thing.
import { expect, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";

/** An agent of a program, idle but for what `context` says, with one message to read. */
async function heldAgent(env: Env, row: Record<string, unknown>): Promise<string> {
  await hcom(env, ["start", "--as", "luna"]);
  const sent = await hcom(env, ["send", "@luna", "-b", "--json", "--", "are you there?"]);
  using bus = openLog(env);
  const now = Math.floor(Date.now() / 1000);
  updateInstance(bus.db, "luna", { tool: "claude", session_id: "s", last_stop: now, ...row });
  return String(asObject(parseJson(sent.out))["id"]);
}

const wrapped = JSON.stringify({ control_socket: "/nowhere.sock" });

const holds: [what: string, row: Record<string, string>, text: string | RegExp][] = [
  [
    "unsent text",
    { status: "listening", status_context: "tui:prompt-has-text", launch_context: wrapped },
    "unsent text stands in its input box",
  ],
  [
    "an open question",
    { status: "blocked", status_context: "approval", status_detail: "rm -r build" },
    /asks(?: its person)?: rm -r build/,
  ],
  [
    "a failed request",
    { status: "listening", status_context: "failure:rate_limit", status_detail: "429 slow down" },
    "the last request to its model failed: rate_limit, 429 slow down",
  ],
  [
    "a suspended program",
    { status: "listening", status_context: "tui:suspended" },
    "its person has suspended it",
  ],
];

test.each(holds)("%s is said by list, list -v, list NAME, status and why alike", async (...one) => {
  const [, row, text] = one;
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const id = await heldAgent(env, row);
  const screens = [["list"], ["list", "-v"], ["list", "luna"], ["status"], ["why", id], []];
  for (const words of screens) {
    expect([words, (await hcom(env, words)).out]).toEqual([words, expect.stringMatching(text)]);
  }
  const again = await hcom(env, ["send", "@luna", "-b", "--", "and now?"]);
  expect(again.out).toMatch(text);
  if (row["status_context"] === "tui:prompt-has-text")
    expect(again.out).toContain("next: hcom term luna");
  if (row["status"] === "blocked") {
    for (const words of [...screens.slice(1, 4), ["why", id]]) {
      const { out } = await hcom(env, words);
      expect(out).not.toContain("hcom term");
      expect(out).toContain("answer it in luna's own terminal");
    }
  }
  for (const words of [["list"], ["list", "luna"]]) {
    const found = parseJson((await hcom(env, [...words, "--json"])).out);
    const agent = Array.isArray(found) ? found[0] : found;
    expect(agent).toMatchObject({ hold: { text: expect.stringMatching(text) } });
  }
});

test("why alone is about the newest message of the caller that has not arrived", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const none = await hcom(env, ["why"]);
  expect([none.code, none.out]).toEqual([0, expect.stringContaining("hcom why ID")]);
  for (const name of ["luna", "nova"]) await hcom(env, ["start", "--as", name]);
  const say = async (to: string, ...who: string[]) => {
    const sent = await hcom(env, ["send", to, "--json", ...who, "--", "well?"]);
    return String(asObject(parseJson(sent.out))["id"]);
  };
  const [read, open] = [await say("@luna"), await say("@nova")];
  await hcom(env, ["listen", "1", "--name", "luna"]);
  const ofNova = await say("@luna", "--name", "nova");
  const asked = await hcom(env, ["why"]);
  expect(asked.out).toMatch(
    new RegExp(`^Your newest message that has not arrived:\n#${open}  [\\d:]+  bigboss → nova\n`),
  );
  const other = await hcom(env, ["why", "--json", "--name", "nova"]);
  expect(asObject(parseJson(other.out))).toMatchObject({ id: Number(ofNova), from: "nova" });
  await hcom(env, ["listen", "1", "--name", "nova"]);
  // The time for listening is over, the agent is not.
  await hcom(env, ["listen", "--timeout", "0.1", "--name", "nova"]);
  const late = await hcom(env, ["send", "@nova", "--", "still there?"]);
  expect(late.out).toContain("it reads when it asks");
  await hcom(env, ["listen", "1", "--name", "nova"]);
  const over = await hcom(env, ["why"]);
  expect(over.out).toStartWith("All that you have sent has been handed over; the newest:\n#");
  expect(over.out).toContain('"still there?"');
  expect(Number(open)).toBeGreaterThan(Number(read));
  for (const _ of [1, 2]) await say("@luna");
  expect((await hcom(env, ["why"])).out).toStartWith(
    "Your newest message that has not arrived (2 have not). " +
      "All you sent: hcom events --from bigboss\n#",
  );
});

test("no screen for people shows a word that is meant for programs", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const held = { status: "blocked", status_context: "launch_blocked" };
  const id = await heldAgent(env, held);
  for (const words of [["list"], ["list", "-v"], ["list", "luna"], ["status"], ["why", id], []]) {
    const { out } = await hcom(env, words);
    expect([words, out.includes("launch_blocked"), /its launch asks|asking/.test(out)]).toEqual([
      ...[words, false, true],
    ]);
  }
});

test("why and list say that a silent hook is switched off, and where", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  mkdirSync(join(dir.path, ".claude"));
  writeFileSync(join(dir.path, ".claude/settings.json"), '{ "disableAllHooks": true }');
  const silent = { status: "listening", status_context: "tui:hooks-silent" };
  const id = await heldAgent(env, silent);
  const told = await hcom(env, ["why", id]);
  expect(told.out).toContain("none of hcom's hooks ran in it");
  expect(told.out).toMatch(/because: .*disableAllHooks/);
  const { deliveries } = asObject(parseJson((await hcom(env, ["why", id, "--json"])).out));
  expect(asList(deliveries)[0]).toMatchObject({
    hold: { kind: "hooks-silent", because: [expect.stringContaining("disableAllHooks")] },
  });
  expect((await hcom(env, ["list"])).out).toContain("none of hcom's hooks ran in it");
});

test("status says of a directory what every other command says", async () => {
  using dir = tempDir();
  const shared = join(dir.path, "shared");
  mkdirSync(shared);
  writeFileSync(join(shared, "report.pdf"), "x");
  const env = { ...plainEnv(dir.path), HCOM_DIR: shared };
  const refused = (await hcom(env, ["list"])).err;
  const sentence = /^Error: (.*?); nothing/m.exec(refused)?.[1] ?? "none";
  const status = await hcom(env, ["status"]);
  expect(status.out).toContain(sentence);
  expect(status.out).toContain("HCOM_DIR=");
  expect((await hcom(env, ["config"])).err).toContain(sentence);
  expect(asObject(parseJson((await hcom(env, ["status", "--json"])).out))).toMatchObject({
    hcom_writable: false,
    hcom_dir_problem: expect.stringContaining(sentence),
  });
});

test("a relative HCOM_DIR is said aloud where it begins, and once", async () => {
  using dir = tempDir();
  const env = { ...plainEnv(dir.path), HCOM_DIR: "state" };
  const first = await hcom(env, ["start", "--as", "luna"]);
  expect(first.err).toContain(`HCOM_DIR is relative: here it is ${dir.path}/state`);
  expect((await hcom(env, ["list"])).err).toBe("");
  mkdirSync(join(dir.path, "other"));
  const elsewhere = await hcom(env, ["list"], { cwd: join(dir.path, "other") });
  expect(elsewhere.err).toContain(`${dir.path}/other/state`);
  expect((await hcom(env, ["status"])).out).toContain("relative");
});

test("status --json has the fields that scripts of the original read", async () => {
  using dir = tempDir();
  const env = { ...plainEnv(dir.path), PATH: "/usr/bin:/bin" };
  await hcom(env, ["start", "--as", "luna"]);
  {
    using bus = openLog(env);
    updateInstance(bus.db, "luna", {
      status: "inactive",
      status_context: "new",
      created_at: Date.now() / 1000 - 60,
      session_id: null,
    });
  }
  await hcom(env, ["list"]);
  const facts = asObject(parseJson((await hcom(env, ["status", "--json"])).out));
  expect(facts).toMatchObject({
    version: { current: expect.any(String), latest: null, update_available: false },
    terminal: { config: "default", available: true },
    relay: { configured: false, enabled: false, health: { kind: "not_configured" } },
    tools: { claude: { hook_mode: "per_run" }, codex: { hook_mode: "per_run" } },
    instances: { launch_failures: [{ name: "luna", reason: "no_session" }] },
  });
  expect((await hcom(env, ["status"])).out).toContain("luna could not be launched");
  await hcom(env, ["hooks", "add", "claude"]);
  const after = asObject(parseJson((await hcom(env, ["status", "--json"])).out));
  expect(after["tools"]).toMatchObject({ claude: { hook_mode: "settings" } });
});

test.skipIf(process.platform !== "linux")(
  "status names the process that holds a log which was removed",
  async () => {
    using dir = tempDir();
    const env = plainEnv(dir.path);
    await hcom(env, ["start", "--as", "luna"]);
    const wal = join(dir.path, ".hcom/hcom.db-wal");
    writeFileSync(wal, "");
    const holder = Bun.spawn(["sh", "-c", `exec 9<"$1"; echo open; exec sleep 60`, "sh", wal], {
      stdout: "pipe",
    });
    try {
      await holder.stdout.getReader().read();
      rmSync(wal);
      const told = await until(
        async () => {
          const { out } = await hcom(env, ["status"]);
          return out.includes(`pid ${holder.pid} (sleep 60`) && out;
        },
        { timeoutMs: 10_000, what: "the holder's name" },
      );
      expect(told).toContain("was removed while this process has it open");
    } finally {
      holder.kill();
    }
  },
);

test("hooks whose program is gone are named by status, and mended by the next launch", async () => {
  using dir = tempDir();
  const env = withClaude(dir.path);
  await hcom(env, ["hooks", "add", "claude"]);
  const path = join(dir.path, ".claude/settings.json");
  const text = readFileSync(path, "utf8");
  const main = /exec .* (\/\S+\/main\.(?:ts|js)) /.exec(text)?.[1] ?? "none";
  writeFileSync(path, text.replaceAll(main, join(dir.path, "gone/main.js")));
  const status = await hcom(env, ["status"]);
  expect(status.out).toContain("claude:     installed, hooks out of date: hcom hooks add claude");
  expect(status.out).toMatch(/hooks do not run: .*gone\/main\.js.*install hcom again/);
  const launch = await hcom(env, ["claude", "-p", "hello"]);
  expect(launch.err).toContain("updated hcom's hooks");
  expect(readFileSync(path, "utf8")).toBe(text);
});

test.each([true, false])("a launch names a cut-off program; hooks added: %p", async (isAdded) => {
  using dir = tempDir();
  const root = join(import.meta.dir, "../..");
  const copy = join(dir.path, "package");
  for (const part of ["bin", "dist", "package.json"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const env = withClaude(dir.path);
  const run = async (...words: string[]) => {
    const child = Bun.spawn(["sh", join(copy, "bin/hcom"), ...words], {
      ...{ env, cwd: dir.path, stdin: "ignore", stdout: "ignore", stderr: "pipe" },
    });
    return await new Response(child.stderr).text();
  };
  if (isAdded) await run("hooks", "add", "claude");
  expect(await run("claude", "-p", "hello")).not.toContain("damaged");
  writeFileSync(join(copy, "dist/main.js"), "export const cut = (");
  expect(await run("claude", "-p", "hello")).toMatch(/main\.js.* damaged .*install hcom again/);
});

/** With a program of Claude's name that ends at once. */
function withClaude(dir: string): Env {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), '#!/bin/sh\necho "2.1.332 (Claude Code)"\n', { mode: 0o755 });
  return { ...plainEnv(dir), PATH: `${bin}:/usr/bin:/bin` };
}
