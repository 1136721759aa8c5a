// Many processes at once on one log: nobody gets a name twice, no message is lost, nobody fails.
import { expect, test } from "bun:test";
import { queryLog } from "../../src/bus/log/events.ts";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { senderProgram } from "./programs.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

test("50 that start at once get 50 names", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const runs = await Promise.all(numbers(50).map(() => started(env)));
  expect(runs.filter((run) => run.code !== 0 || run.err !== "")).toEqual([]);
  const names = runs.map((run) => asText(asObject(parseJson(run.out))["name"]));
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(50);
});

test("8 that send 1,000 messages each store 8,000", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  const name = asText(asObject(parseJson((await hcom(env, ["start", "--json"])).out))["name"]);
  const senders = numbers(8).map((at) => `sender${at}`);
  const runs = await Promise.all(senders.map((from) => sendMany(env, from, name ?? "")));
  expect(runs.map((run) => run.err)).toEqual(senders.map(() => ""));
  expect(runs.map((run) => run.code)).toEqual(senders.map(() => 0));
  using bus = openLog(env);
  const stored = queryLog(bus, { filters: { type: ["message"] }, last: 10_000 });
  expect(stored).toHaveLength(8000);
  for (const [at, from] of senders.entries()) {
    const own = stored
      .map((row) => asObject(parseJson(row.data)))
      .filter((d) => d["from"] === from);
    expect(own.map((data) => data["text"])).toEqual(numbers(1000).map((n) => `${from} ${n}`));
    expect(runs[at]?.out.trim().split("\n")).toHaveLength(1000);
  }
});

/** On a loaded machine the log may be busy for longer than a command waits: then it says so. */
async function started(env: Record<string, string>): ReturnType<typeof hcom> {
  const run = await hcom(env, ["start", "--json"]);
  const isBusy = asObject(asObject(parseJson(run.out))["error"])["code"] === "database_busy";
  return isBusy ? started(env) : run;
}

async function sendMany(env: Record<string, string>, from: string, to: string) {
  const argv = [process.execPath, senderProgram, from, to, "1000", "100"];
  const child = Bun.spawn(argv, { env, cwd: env["HOME"] ?? "/", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}
