// docs/first-ten-minutes.md as its reader lives it: an installed hcom, an empty home, terminals in
// tmux, and agents that are scripted where the page's reader has real ones.
import { afterAll, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { startTmux } from "../kit/tmux.ts";
import { codeBlocksOf, commandsBelow } from "./code-blocks.ts";
import { openSession } from "./session.ts";
import { newStranger } from "./stranger.ts";

const who = newStranger();
const tmux = startTmux();
afterAll(() => {
  tmux[Symbol.dispose]();
  who[Symbol.dispose]();
});

// What a model makes of the page's words.
const rules = [
  { when: "^Ask (\\S+) (.+)", script: '[[RUN hcom send @$1 --intent request -- "$2"]]' },
  {
    when: "\\[request #(\\d+)\\] (\\S+) → ",
    script:
      "[[RUN hcom send @$2 --intent inform --reply-to $1 -- " +
      '"$(ls | wc -l | tr -d " ") files: $(echo *)"]]',
  },
  { when: "\\[inform #\\d+\\] (\\S+) → \\S+: ([^<\\n]+)", script: "[[SAY $1 says: $2]]" },
  {
    when: "Tell me how far you are",
    script: '[[RUN hcom send @bigboss --intent inform -- "two files read"]]',
  },
  { when: "^Clean up the (\\w+) folder", script: "[[ASK rm -r $1]][[SAY It is gone.]]" },
];

const agent = prepareFakeAgent({
  dir: who.home,
  withInbox: true,
  version: fakeVersions.inbox,
  rules,
});
for (const file of ["parser.ts", "README.md"]) writeFileSync(join(agent.cwd, file), "");
const env = {
  ...agent.env,
  ...who.env,
  PATH: `${who.home}/programs:${who.env["PATH"]}`,
  PS1: "$ ",
  NO_COLOR: "1",
  // For the scripted agents, which run from their source.
  BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
};
const session = openSession({ tmux, env, cwd: agent.cwd });

test("hcom is installed as the README says", async () => {
  for (const command of commandsBelow("README.md", "Install")) {
    expect([command, (await who.types(command)).code]).toEqual([command, 0]);
  }
});

const page = "docs/first-ten-minutes.md";
const blocks = codeBlocksOf(page).filter((one) => one.language === "console");
const before = new Set<string>();

for (const title of new Set(blocks.map((one) => one.heading))) {
  test(title, async () => {
    if (before.size === 0) {
      for (const one of readdirSync(who.home)) before.add(one);
    }
    for (const block of blocks.filter((one) => one.heading === title)) {
      await session.follow(block.terminal, block.lines);
    }
  });
}

test("nothing is left in the reader's home", () => {
  const ofTheAgents = /^context\.jsonl$|\.sock$/;
  const left = readdirSync(who.home).filter((one) => !before.has(one) && !ofTheAgents.test(one));
  expect(left).toEqual([]);
});
