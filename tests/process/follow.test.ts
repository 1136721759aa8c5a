// `hcom events --follow`: what is written from now on, as it comes, one JSON line each.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { renameSync, rmSync } from "node:fs";
import { asNumber, asObject, asText, parseJson } from "../../src/core/json.ts";
import { spawnChild } from "../../src/pty/child.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
const env: Env = { ...plainEnv(dir.path), PATH: "/usr/bin:/bin" };

beforeAll(async () => {
  for (const name of ["luna", "nova"]) await hcom(env, ["start", "--as", name]);
});

interface Followed extends AsyncDisposable {
  lines: Record<string, unknown>[];
  /** Resolves with the first line that fits. */
  sees(what: string, fits: (line: Record<string, unknown>) => boolean): Promise<unknown>;
  child: { exited: Promise<number>; kill(): void };
}

function follow(args: readonly string[], where: Env = env): Followed {
  const child = Bun.spawn(["sh", launcher, "events", "--follow", ...args], {
    ...{ env: where, cwd: dir.path, stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  });
  const lines: Record<string, unknown>[] = [];
  const read = async () => {
    let rest = "";
    for await (const bytes of child.stdout) {
      const parts = (rest + new TextDecoder().decode(bytes)).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts.map((line) => asObject(parseJson(line))));
    }
  };
  const over = read();
  return {
    lines,
    child,
    sees: (what, fits) => until(() => lines.find(fits), { timeoutMs: 10_000, what }),
    async [Symbol.asyncDispose]() {
      child.kill();
      await over;
    },
  };
}

async function say(text: string, where: Env = env): Promise<number> {
  const { out } = await hcom(where, ["send", "@luna", "-b", "--json", "--", text]);
  return asNumber(asObject(parseJson(out))["id"]) ?? 0;
}

const textOf = (line: Record<string, unknown>) => asText(asObject(line["data"])["text"]);

test("with --last it begins with what was and goes on with what comes", async () => {
  const [, two] = [await say("one"), await say("two")];
  await using seen = follow(["--type", "message", "--last", "1"]);
  await seen.sees("the last one", (line) => line["id"] === two);
  await hcom(env, ["stop", "nova"]);
  const three = await say("three");
  await seen.sees("the new one", (line) => line["id"] === three);
  expect(seen.lines.map(textOf)).toEqual(["two", "three"]);
});

test("only what SQL and filters let through comes, behind the event named", async () => {
  const before = await say("red before");
  await say("blue between");
  const sql = ["--sql", "msg_text LIKE 'red%'", "--type", "message"];
  await using seen = follow([...sql, "--after-id", String(before)]);
  await say("blue after");
  const red = await say("red after");
  await seen.sees("the red one", (line) => line["id"] === red);
  expect(seen.lines.map(textOf)).toEqual(["red after"]);
});

test("an event that is not there yet is the end of the log, and no sign of a new one", async () => {
  await using marked = follow(["--last", "1"]);
  await marked.sees("that it runs", () => true);
  await using seen = follow(["--after-id", "900000", "--type", "message"]);
  const texts: string[] = [];
  // It may begin a moment after the first of them.
  await until(
    async () => {
      texts.push(`still here ${texts.length}`);
      await say(texts.at(-1) ?? "");
      return seen.lines.length > 0;
    },
    { timeoutMs: 10_000, what: "a new message" },
  );
  expect(seen.lines.filter((line) => "db_reset" in line)).toEqual([]);
  expect(textOf(seen.lines[0] ?? {})).toStartWith("still here");
});

test("a log that begins anew is said and read from its beginning, however long it is", async () => {
  const other: Env = { ...env, HCOM_DIR: `${dir.path}/other` };
  await hcom(other, ["start", "--as", "luna"]);
  await say("of the first log", other);
  await using seen = follow(["--last", "1"], other);
  await seen.sees("the first log", (line) => textOf(line) === "of the first log");
  const next: Env = { ...env, HCOM_DIR: `${dir.path}/next` };
  await hcom(next, ["start", "--as", "luna"]);
  for (const text of ["a", "b", "c", "d", "e", "f"]) await say(text, next);
  for (const end of ["-wal", "-shm"]) rmSync(`${dir.path}/other/hcom.db${end}`, { force: true });
  renameSync(`${dir.path}/next/hcom.db`, `${dir.path}/other/hcom.db`);
  await seen.sees("the new one said", (line) => line["db_reset"] === true);
  await say("g", other);
  await seen.sees("what came last", (line) => textOf(line) === "g");
  expect(seen.lines.map(textOf).filter((text) => text !== undefined)).toEqual([
    ...["of the first log", "a", "b", "c", "d", "e", "f", "g"],
  ]);
});

test("a person at a terminal gets lines, in columns that stay", async () => {
  let text = "";
  const child = spawnChild({
    argv: ["sh", launcher, "events", "--follow", "--type", "message", "--last", "1"],
    ...{ env: { ...env, NO_COLOR: "1", TERM: "xterm" }, directory: dir.path, cols: 100, rows: 20 },
    onData: (bytes) => {
      text += new TextDecoder().decode(bytes);
    },
  });
  const lines = () => text.split("\r\n").filter(Boolean);
  await until(() => lines().length > 0, { timeoutMs: 10_000, what: "the last one" });
  await say("to a person");
  await until(() => lines().length > 1, { timeoutMs: 10_000, what: "the new one" });
  child.kill();
  await child.exited;
  const places = lines().map((line) => line.indexOf("→"));
  expect([text.includes("{"), new Set(places).size, (places[0] ?? 0) > 10]).toEqual([
    false,
    1,
    true,
  ]);
  expect(lines()[1]).toMatch(/^ *#\d+ +\d\d:\d\d:\d\d +bigboss → luna +to a person$/);
}, 30_000);

test("who reads no more ends it with the next line", async () => {
  const line = `sh '${launcher}' events --follow --last 1 | head -n 1 >/dev/null; echo done`;
  const child = Bun.spawn(["/bin/sh", "-c", line], { env, cwd: dir.path, stdout: "pipe" });
  const over = child.stdout.text();
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  await until(
    async () => {
      await say("go on");
      return isOver;
    },
    { timeoutMs: 10_000, what: "the end" },
  );
  expect(await over).toBe("done\n");
});
