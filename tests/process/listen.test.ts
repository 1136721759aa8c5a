// `hcom listen` with the conditions of `events`: mail ends it, and so does an event.
import { expect, test } from "bun:test";
import { append } from "../../src/bus/append.ts";
import { openCrew } from "./crew.ts";
import { hcom, openLog, plainEnv, tempDir } from "./lab.ts";

test.concurrent("a person's listen ends with the event that was asked for", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  using bus = openLog(env);
  const step = (action: "ready" | "stopped") => {
    const data = action === "ready" ? { action, by: "test" } : { action, by: "test", reason: "x" };
    append(bus, { type: "life", instance: "luna", data });
  };
  const listening = hcom(env, [
    "listen",
    "20",
    "--action",
    "ready",
    "--sql",
    "instance = 'luna'",
    "--json",
  ]);
  const waiting = hcom(env, ["listen", "20", "--sql", "created:luna"]);
  step("stopped");
  step("ready");
  const match = await listening;
  expect(match).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(match.out)).toEqual({
    event_id: 2,
    type: "life",
    instance: "luna",
    data: { action: "ready", by: "test" },
  });
  append(bus, { type: "life", instance: "luna", data: { action: "created", by: "test" } });
  expect((await waiting).out).toBe("[Match found] #3 life:luna\n");
  const late = await hcom(env, ["listen", "1", "--action", "launch_failed"]);
  expect([late.code, late.out]).toEqual([1, ""]);
});

test.concurrent("mail for the listener comes before an event, and slips are refused", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await hcom(env, ["send", "@bigboss", "--from", "ci", "--", "green"]);
  expect((await hcom(env, ["listen", "5", "--type", "message"])).out).toContain("green");
  const codes = ["--sql=idel:luna", "--sql=msg_form = 1", "--status=sleeping", "--idle=nobody"].map(
    async (flag) => [flag, (await hcom(env, ["listen", "5", flag])).code],
  );
  expect(await Promise.all(codes)).toEqual([
    ["--sql=idel:luna", 2],
    ["--sql=msg_form = 1", 2],
    ["--status=sleeping", 2],
    ["--idle=nobody", 3],
  ]);
  const query = await hcom(env, ["events", "--sql", "collison"]);
  expect(query.err).toContain("did you mean collision?");
});

test.concurrent("an agent listens for another one's end and is busy meanwhile", async () => {
  await using crew = openCrew([
    {
      when: "wait for (\\w+)",
      script: "[[RUN hcom listen 20 --sql stopped:$1; hcom send @bigboss -- it ended]]",
    },
  ]);
  const launched = await crew.hcom("2", "claude", "--headless");
  const [, first = "", second = ""] = /^Names: (\S+) (\S+)$/m.exec(launched.out) ?? [];
  await crew.hcom("send", `@${first}`, "--", `wait for ${second}`);
  await crew.hcom(
    "events",
    "--agent",
    first,
    "--sql",
    "status_detail = 'cmd:listen'",
    "--wait",
    "10",
  );
  await crew.hcom("stop", second);
  expect((await crew.hcom("listen", "20")).out).toContain("it ended");
  const after = await crew.hcom("events", "--agent", first, "--context", "finished listening");
  expect(after.out).toContain('"status":"active"');
});
