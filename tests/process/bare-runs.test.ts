// What is no session on a terminal is the bare program's: its output, its exit status, its files,
// its process. The program here is a script that says what it was given and does what it is told.
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { launcher } from "./programs.ts";

const root = mkdtempSync("/tmp/br-");
afterAll(() => rmSync(root, { recursive: true, force: true }));
const bin = join(root, "bin");
mkdirSync(bin);
// Only words that tell about it: variables of ours are allowed in an agent's environment.
const program = `#!/bin/sh
[ "$1" = --version ] && [ $# = 1 ] && { echo 2.1.332; exit 0; }
# What hcom passes for its hooks is the one thing that it says on purpose.
skip=
for word; do
  shift
  if [ -n "$skip" ]; then skip=; elif [ "$word" = --settings ]; then skip=1
  else set -- "$@" "$word"; fi
done
echo "$0 called in $(pwd) with $#:"
for word; do printf '<%s>' "$word"; done
echo
[ -p /dev/stdin ] && { echo 'read:'; cat; }
[ -n "$CODEX_HOME" ] && echo "settings in $CODEX_HOME"
echo complaint >&2
case "$*" in *flood*) while :; do echo line || exit 7; done ;; esac
case "$*" in *fail*) exit 42 ;; *die*) kill -KILL $$ ;; esac
`;
for (const name of ["claude", "codex"]) writeFileSync(join(bin, name), program, { mode: 0o755 });

interface Ran {
  out: string;
  err: string;
  code: number | null;
  signal: unknown;
}

let homes = 0;

async function run(words: string[], stdin?: string, more = {}): Promise<Ran & { home: string }> {
  const home = join(root, `home${homes++}`);
  mkdirSync(home);
  const child = Bun.spawn(words, {
    cwd: root,
    env: { HOME: home, HCOM_DIR: join(home, "state"), PATH: `${bin}:/usr/bin:/bin`, ...more },
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { out, err, code: child.exitCode, signal: child.signalCode, home };
}

const plain = [
  ["claude", "--version"],
  ["claude", "-v", "x"],
  ["claude", "mcp", "list"],
  ["claude", "mcp", "add", "--name", "x", "--json", "--dir", "/nowhere"],
  ["claude", "--model", "opus", "doctor"],
  ["claude", "doctor", "fail"],
  ["claude", "doctor", "die"],
  ["codex", "login", "status"],
  ["codex", "mcp", "list", "--json"],
  ["codex", "--version"],
  ["codex", "exec", "--help"],
];

for (const words of plain) {
  test(`hcom ${words.join(" ")} is the program and nothing else`, async () => {
    const { home: _bareHome, ...bare } = await run(words);
    const { home, ...ours } = await run(["sh", launcher, ...words]);
    expect(ours).toEqual(bare);
    expect(readdirSync(home)).toEqual([]);
  });
}

test("a login goes where the agents' settings are", async () => {
  const words = ["sh", launcher, "codex", "login"];
  expect((await run(words)).out).not.toContain("settings in");
  const beside = { HCOM_CONFIG_DIRS: "beside", HCOM_DIR: join(root, "project/.hcom") };
  const { out } = await run(words, undefined, beside);
  expect(out).toContain(`settings in ${root}/project/.codex\n`);
});

test("the program's help is the program's, and ours is named beside it", async () => {
  for (const words of [
    ["claude", "--help"],
    ["codex", "-h"],
  ]) {
    const bare = await run(words);
    const ours = await run(["sh", launcher, ...words]);
    expect([ours.out, ours.code]).toEqual([bare.out, bare.code]);
    expect(ours.err).toBe(`hcom's own flags: hcom help ${words[0]}\n${bare.err}`);
  }
  const behind = await run(["sh", launcher, "claude", "--", "--help"]);
  expect(behind.out).toContain("with 1:\n<--help>\n");
});

const answers = [
  ["claude", "-p", "hi"],
  ["claude", "hi", "--print", "--output-format", "text"],
  ["claude", "-p", "--", "- a list"],
  ["claude", "-p", "--", "words"],
  ["claude", "-p", "fail"],
  ["claude", "-p", "die"],
];

for (const words of answers) {
  for (const stdin of [undefined, "from a pipe\n"]) {
    const how = stdin === undefined ? "" : "echo | ";
    test(`${how}hcom ${words.join(" ")} answers as the program does`, async () => {
      const { home: _bareHome, ...bare } = await run(words, stdin);
      const { home, ...ours } = await run(["sh", launcher, ...words], stdin);
      expect({ ...ours, err: "" }).toEqual({ ...bare, err: "" });
      expect(ours.err).toEndWith(bare.err);
      const left = await list(home);
      expect(left).toEqual([]);
    });
  }
}

test("a session's words on a pipe are the program's to judge", async () => {
  const { home: _bareHome, ...bare } = await run(["claude"], "a prompt\n");
  const { home, ...ours } = await run(["sh", launcher, "claude"], "a prompt\n");
  expect([ours.out, ours.code]).toEqual([bare.out, bare.code]);
  expect(await list(home)).toEqual([]);
});

test("one answer of Codex gets no flag that only its terminal program knows", async () => {
  const { out } = await run(["sh", launcher, "codex", "exec", "hi"]);
  expect(out).toMatch(/with \d+:\n<exec>.*<hi>\n/s);
  expect(out).not.toContain("--no-daemon");
});

test("what starts no agent takes no flag of a launch", async () => {
  for (const flags of [["--headless"], ["--terminal", "tmux"], ["--hcom-prompt", "x"]]) {
    const { code, err } = await run(["sh", launcher, "claude", ...flags, "mcp", "list"]);
    expect(code).toBe(2);
    expect(err).toContain(`"claude mcp list" starts no agent: ${flags[0]} means nothing to it`);
  }
});

test("a reader that goes away ends the program as it ends the bare one", async () => {
  const sigpipe = ["bash", "-c", `"$@" -p flood | true; exit "\${PIPESTATUS[0]}"`, "sh"];
  const bare = await run([...sigpipe, "claude"]);
  const ours = await run([...sigpipe, "sh", launcher, "claude"]);
  expect(ours.code).toBe(bare.code);
  expect(bare.code).toBe(141);
});

async function list(home: string): Promise<unknown[]> {
  const child = Bun.spawn(["sh", launcher, "list", "--json"], {
    env: { HOME: home, HCOM_DIR: join(home, "state"), PATH: "/usr/bin:/bin" },
    stdout: "pipe",
  });
  return asList(parseJson(await child.stdout.text())).map((one) => asObject(one)["name"]);
}
