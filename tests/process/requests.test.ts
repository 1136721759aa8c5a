// A request whose reader dies under it, with real processes: its sender hears of it once, whoever
// notices, and the list says who waits for whom.
import { expect, test } from "bun:test";
import { getInstance } from "../../src/store/instances.ts";
import { until } from "../kit/until.ts";
import { openCrew } from "./crew.ts";
import { openLog } from "./lab.ts";

test("a request is told to its sender once when kill -9 takes one of its two readers", async () => {
  await using crew = openCrew([
    { when: "ask (\\w+) and (\\w+)", script: "[[RUN hcom send @$1 @$2 --intent request -- look]]" },
    { when: "→ \\w+ \\(\\+1 other\\): look", script: "[[SLOW 60000 looking]]" },
  ]);
  const launched = await crew.hcom("3", "claude", "--headless");
  const [, asker = "", first = "", second = ""] =
    /^Names: (\S+) (\S+) (\S+)$/m.exec(launched.out) ?? [];
  using bus = openLog(crew.env);
  await crew.hcom("send", `@${asker}`, "--", `ask ${first} and ${second}`);
  for (const name of [first, second]) {
    await crew.hcom("events", "--agent", name, "--context", "deliver:*", "--wait", "15");
  }
  const listed = (await crew.hcom("list")).out;
  for (const name of [first, second]) {
    expect(listed).toMatch(new RegExp(`${name} +owes +${asker} +an answer .*"look"`));
  }
  process.kill(getInstance(bus.db, first)?.pid ?? Number.NaN, "SIGKILL");
  const told = () => crew.context().filter((one) => one.text.includes("without responding"));
  await until(() => told().length > 0, {
    timeoutMs: 15_000,
    what: "the notice at the sender",
    dump: async () => (await crew.hcom("events", "--last", "15")).out,
  });
  expect(told()).toHaveLength(1);
  expect(told()[0]?.text).toContain(`${first} stopped without responding to your request`);
  const left = (await crew.hcom("list")).out;
  expect(left).not.toMatch(new RegExp(`${first} +owes`));
  expect(left).toMatch(new RegExp(`${second} +owes +${asker}`));
});
