// The library as programs use it, under Bun and under Node: those of examples/, with fake agents.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openCrew } from "./crew.ts";

const answers = [
  {
    when: "\\[request #(\\d+)\\] \\S+ → \\S+: what is tested",
    script: "[[SAY I look]][[RUN hcom send @bigboss --reply-to $1 -- the parser is]]",
  },
];
const engines = Bun.which("node") === null ? (["bun"] as const) : (["bun", "node"] as const);

for (const engine of engines) {
  test.concurrent(`a short program under ${engine} asks and prints a transcript`, async () => {
    await using crew = openCrew(answers);
    const launched = await crew.hcom("claude", "--headless");
    const [, name = ""] = /^Names: (\S+)$/m.exec(launched.out) ?? [];
    const run = await crew.program(engine, "examples/converse.ts", [name, "what is tested?"]);
    expect(run.err).toBe("");
    expect(run.out).toStartWith(`${name}: the parser is\n> `);
    expect(run.out).toContain("what is tested?");
    expect(run.out).toEndWith("I look\n");
    const gone = await crew.program(engine, "examples/converse.ts", ["nobody", "there?"]);
    expect(gone).toMatchObject({ code: 1, out: "" });
    expect(gone.err).toStartWith("unknown_target: ");
  });
}

test.concurrent("a program launches agents, hears from each, and ends them", async () => {
  const when = "^count the files\\. Then report with: hcom send @(\\w+)";
  await using crew = openCrew([{ when, script: "[[RUN hcom send @$1 -- I see $(ls | wc -l)]]" }]);
  const run = await crew.program("bun", "examples/two-workers.ts", ["count the files"]);
  expect(run).toEqual({ code: 0, err: "", out: "started 2\nreport: I see 0\nreport: I see 0\n" });
  expect((await crew.hcom("list", "--names")).out).toBe("");
});

test.concurrent("an agent for which a program subscribed is told once", async () => {
  await using crew = openCrew([
    { when: "hcom-events", script: "[[RUN hcom send @bigboss -- told]]" },
    { when: "go on", script: "[[RUN ls /usr]][[RUN ls /usr/bin]][[RUN ls /]]" },
  ]);
  const launched = await crew.hcom("2", "claude", "--headless");
  const [, first = "", second = ""] = /^Names: (\S+) (\S+)$/m.exec(launched.out) ?? [];
  const run = await crew.program("bun", "examples/told-of-edits.ts", [first, "ls /usr"]);
  expect(run.out).toMatch(/^sub-[0-9a-f]{8}: 2 subscriptions of /);
  await crew.hcom("send", `@${second}`, "--", "go on");
  expect((await crew.hcom("listen", "20")).out).toContain("told");
  await crew.hcom("events", "--agent", second, "--cmd", "=ls /", "--wait", "20");
  const heard = crew.context().filter((one) => one.text.includes("[sub:sub-"));
  expect(heard).toHaveLength(1);
  expect((await crew.hcom("events", "sub", "--json")).out).not.toContain('"mode":"once"');
});

const contract = {
  names: [true, "ci", "bigboss"],
  info: [true, "claude", true, "listening"],
  outside: [false, "external"],
  instances: 1,
  one: true,
  nobody: "not_found",
  "no name": "usage",
  unknown: "unknown_identity",
  taken: "name_in_use",
  sent: [true, true],
  answer: ["seen", "ack", "t1", true],
  own: ["look at it"],
  all: 1,
  "no ack without id": "ack_without_reply",
  "no reader": "unknown_target",
  events: [
    ["message", false, "look at it"],
    ["message", true, "seen"],
  ],
  "bad sql": "bad_sql",
  "writing sql": "bad_sql",
  "values missing": "bad_sql",
  after: true,
  timeout: null,
  "look back": "look at it",
  subscription: [true, false, 2, true, false],
  "outside is not told": "not_an_agent",
  transcript: [],
  range: "no_exchange",
  "no program": "unknown_tool",
  "no agent": "usage",
  "no number": "usage",
  stop: 0,
  stopped: "unknown_identity",
};

for (const engine of engines) {
  test.concurrent(`every call of a session does under ${engine} what it says`, async () => {
    await using crew = openCrew([]);
    const launched = await crew.hcom("claude", "--headless");
    const [, name = ""] = /^Names: (\S+)$/m.exec(launched.out) ?? [];
    const run = await crew.program(engine, "tests/process/fixtures/library-contract.ts", [name]);
    expect(run.err).toBe("");
    expect(JSON.parse(run.out)).toEqual(contract);
  });
}

test("the declarations of the library hold no any", async () => {
  const folder = join(import.meta.dir, "../../dist/types");
  for await (const path of new Bun.Glob("api/**/*.d.ts").scan(folder)) {
    const text = await Bun.file(join(folder, path)).text();
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect({ path, any: code.match(/\bany\b/g) }).toEqual({ path, any: null });
  }
});
