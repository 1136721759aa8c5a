// Who speaks and who reads, as whole commands.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

async function adhoc(env: Env): Promise<string> {
  const { name } = JSON.parse((await hcom(env, ["start", "--json"])).out);
  return name;
}

test("a person reads what agents wrote without becoming one", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  const sent = await hcom(env, ["send", "@bigboss", "--name", luna, "--", "may", "I?"]);
  expect([sent.code, sent.out]).toEqual([0, expect.stringMatching(/^Sent to: bigboss \(#\d+\)/)]);
  const id = /#(\d+)/.exec(sent.out)?.[1] ?? "";
  expect((await hcom(env, ["why", id])).out).toContain("bigboss: waiting in the inbox");
  expect((await hcom(env, ["list"])).out).toContain("1 unread: hcom inbox");
  const read = await hcom(env, ["listen", "5", "--json"]);
  expect(JSON.parse(read.out)).toMatchObject({ from: luna, text: "may I?", reply_id: null });
  expect((await hcom(env, ["why", id])).out).toContain("bigboss: read");
  expect((await hcom(env, ["inbox"])).err).toContain("No new mail");
  expect((await hcom(env, ["list", "--names"])).out.trim()).toBe(luna);
});

test("from inside an agent tool nobody is bigboss", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  for (const inside of [
    { CLAUDECODE: "1" },
    { HCOM_PROCESS_ID: "gone" },
    { CODEX_THREAD_ID: "t" },
  ]) {
    for (const words of [["-b"], ["--from", "bigboss"], ["--from", "BigBoss"], []]) {
      const tried = await hcom({ ...env, ...inside }, ["send", `@${luna}`, ...words, "--", "ok"]);
      // A look-alike is right from nowhere.
      const code = words.includes("BigBoss") ? 2 : 1;
      expect([words, tried.code, tried.out]).toEqual([words, code, ""]);
    }
    expect((await hcom({ ...env, ...inside }, ["inbox"])).code).toBe(1);
  }
  expect((await hcom(env, ["send", `@${luna}`, "-b", "--", "ok"])).code).toBe(0);
});

test("a forgotten @, oneself and nobody are no successes; a beginning is named", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  const forgotten = await hcom(env, ["send", luna]);
  expect([forgotten.code, forgotten.err]).toEqual([2, expect.stringContaining(`@${luna}?`)]);
  const self = await hcom(env, ["send", `@${luna}`, "--name", luna, "--", "me"]);
  expect([self.code, self.err]).toEqual([1, expect.stringContaining("is you")]);
  const begun = await hcom(env, ["send", `@${luna.slice(0, 2)}`, "--", "x"]);
  expect(begun.err).toContain(`was taken for ${luna}`);
  const json = await hcom(env, ["send", `@${luna}`, "--json", "--", "x"]);
  expect(JSON.parse(json.out)).toMatchObject({
    delivered_to: [luna],
    event_id: expect.any(Number),
  });
  const killed = await hcom(env, ["kill", luna, "--json"]);
  expect(JSON.parse(killed.out)).toMatchObject({ ok: true, results: [{ name: luna }] });
  expect((await hcom(env, ["start", "luna"])).code).toBe(2);
});

test("an agent sends files of its own directory only, anybody only regular ones", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  const project = join(dir.path, "project");
  mkdirSync(project);
  writeFileSync(join(dir.path, "secret"), "s3cret");
  writeFileSync(join(project, "report"), "fine");
  const send = (file: string, more: Env = {}) =>
    hcom({ ...env, ...more }, ["send", "@bigboss", "--name", luna, "--file", file], {
      cwd: project,
    });
  const inside = { CLAUDECODE: "1" };
  expect((await send("report", inside)).code).toBe(0);
  expect((await send("../secret", inside)).err).toContain("is not below");
  expect((await send("../secret")).code).toBe(0);
  expect((await send("/dev/zero")).err).toContain("no regular file");
});

test("listen ends at once on a signal, and its agent does not count as working", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const child = Bun.spawn(["sh", launcher, "listen", "600", "--name", luna], {
      env,
      stdout: "ignore",
      stderr: "ignore",
    });
    const status = async () => JSON.parse((await hcom(env, ["list", luna, "--json"])).out).status;
    await until(async () => (await status()) === "listening", {
      timeoutMs: 10_000,
      what: "listening",
    });
    const begun = performance.now();
    child.kill(signal);
    expect(await child.exited).toBe(130);
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(await status()).toBe("inactive");
  }
});

test("an agent without hooks gets its mail behind its commands, which are its status", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  const status = async () => (await hcom(env, ["list", luna, "status_context"])).out.trim();
  await hcom(env, ["send", `@${luna}`, "-b", "--", "first", "word"]);
  const ran = await hcom(env, ["list", "--name", luna]);
  expect(ran.err).toMatch(/\n─{40}\n\[hcom\]\n─{40}\n/);
  expect(ran.err.match(/first word/g)).toHaveLength(1);
  expect(await status()).toBe("tool:list");
  expect((await hcom(env, ["list", "--name", luna])).err).not.toContain("first word");
  // A script reads JSON; what fails hands nothing over; a person's command is nobody's.
  await hcom(env, ["send", `@${luna}`, "-b", "--", "second", "word"]);
  for (const words of [
    ["list", "--json", "--name", luna],
    ["list", "nobody", "--name", luna],
    ["list"],
  ]) {
    const { out, err } = await hcom(env, words);
    expect(out + err).not.toContain("second word");
  }
  expect((await hcom(env, ["send", "@bigboss", "--name", luna, "--", "hi"])).out).toContain(
    "second",
  );
  expect(await status()).toBe("tool:send");
  expect((await hcom(env, ["listen", "0", "--name", luna])).code).toBe(1);
  expect(await status()).toBe("exit:timeout");
});

test("events --wait ends when mail comes for whoever waits", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const luna = await adhoc(env);
  const waiting = hcom(env, [
    "events",
    "--wait",
    "30",
    "--type",
    "life",
    "--agent",
    luna,
    "--action",
    "stopped",
    "--name",
    luna,
  ]);
  await hcom(env, ["send", `@${luna}`, "-b", "--", "look", "here"]);
  const ended = await waiting;
  expect([ended.code, ended.out]).toEqual([0, expect.stringContaining('"interrupted":"mail"')]);
  expect(ended.err).toContain("look here");
});

test("what an unknown session inside a tool does to others is no person's act", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const [luna, nova] = [await adhoc(env), await adhoc(env)];
  await hcom({ ...env, CLAUDECODE: "1" }, ["stop", luna]);
  await hcom(env, ["stop", nova]);
  const by = async (name: string) => {
    const { out } = await hcom(env, ["events", "--agent", name, "--action", "stopped"]);
    return JSON.parse(out).data.by;
  };
  expect([await by(luna), await by(nova)]).toEqual(["an unknown session", "user"]);
});
