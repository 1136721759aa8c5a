// Completion in real shells, as a person meets it: a line is begun, Tab is pressed, and the line on
// the screen is complete. PowerShell is not in Debian: its script is read by it where there is one,
// and everywhere by the few rules that a slip would break.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { launcher } from "../process/programs.ts";

const root = realpathSync(mkdtempSync("/tmp/hc-"));
const work = join(root, "work");
const env = {
  HOME: root,
  HCOM_DIR: join(root, "state"),
  PATH: `${dirname(launcher)}:/usr/bin:/bin`,
  LANG: "C.UTF-8",
};
afterAll(() => rmSync(root, { recursive: true, force: true }));

function hcom(...words: string[]) {
  return run([launcher, ...words]);
}

function run(words: string[], extra: Record<string, string> = {}) {
  const child = Bun.spawnSync(words, { env: { ...env, ...extra }, cwd: root, stdin: "ignore" });
  return { code: child.exitCode, out: child.stdout.toString(), err: child.stderr.toString() };
}

beforeAll(() => {
  mkdirSync(join(work, "drafts"), { recursive: true });
  writeFileSync(join(work, "body.md"), "");
  for (const name of ["luna", "nova"]) expect(hcom("start", "--as", name).code).toBe(0);
  for (const name of ["ops", "release-notes"]) hcom("channel", "create", name, "--name", "luna");
  hcom("config", "-i", "nova", "tag", "api");
  hcom("send", "@api-", "--name", "luna", "--thread", "migration", "--", "x");
});

/** What is typed before Tab, and the line afterwards. */
const lines: readonly [typed: string, line: string][] = [
  ["hcom comple", "hcom completions"],
  ["hcom hooks ad", "hcom hooks add"],
  ["hcom help tran", "hcom help transcript"],
  ["hcom list --verb", "hcom list --verbose"],
  ["hcom send @lu", "hcom send @luna"],
  ["hcom --name luna send @ap", "hcom --name luna send @api-nova"],
  ["hcom send @luna --intent req", "hcom send @luna --intent request"],
  ["hcom send @luna --intent=inf", "hcom send @luna --intent=inform"],
  ["hcom send --thread mig", "hcom send --thread migration"],
  ["hcom channel join rel", "hcom channel join release-notes"],
  ["hcom channel wake ops dig", "hcom channel wake ops digest"],
  ["hcom kill lu", "hcom kill luna"],
  ["hcom kill tag:ap", "hcom kill tag:api"],
  ["hcom send --file bo", "hcom send --file body.md"],
  ["hcom 2 claude --dir dra", "hcom 2 claude --dir drafts/"],
  ["hcom mcp install gem", "hcom mcp install gemini"],
];

const shells = {
  bash: ["--norc", "--noprofile", "-i"],
  zsh: ["-f", "-i"],
  fish: ["--no-config", "-i"],
} as const;

const setUp = {
  bash: `PS1='> '; eval "$(hcom completions bash)"; clear`,
  zsh: `PS1='> '; eval "$(hcom completions zsh)"; clear`,
  fish: "function fish_prompt; echo '> '; end; hcom completions fish | source; clear",
} as const;

for (const shell of ["bash", "zsh", "fish"] as const) {
  const program = Bun.which(shell);
  describe.skipIf(program === null || Bun.which("tmux") === null)(`in ${shell}`, () => {
    test("Tab completes commands, flags, values, names and paths", async () => {
      using tmux = startTmux();
      const pane = tmux.newPane([program ?? "", ...shells[shell]], env, work);
      const lastLine = () => pane.capture().split("\n").at(-1)?.trim() ?? "";
      const shows = (wanted: string) =>
        until(() => lastLine() === wanted, {
          timeoutMs: 10_000,
          what: `${shell} to show "${wanted}"`,
          dump: () => pane.capture(),
        });
      await until(() => lastLine() !== "", { timeoutMs: 10_000, what: "a prompt" });
      pane.type(setUp[shell]);
      pane.enter();
      await shows(">");
      for (const [typed, line] of lines) {
        pane.type(typed);
        await shows(`> ${typed}`);
        pane.key("Tab");
        await shows(`> ${line}`);
        pane.key("C-c");
        pane.type("clear");
        pane.enter();
        await shows(">");
      }
    }, 60_000);
  });
}

test("completing makes no directory and no error where there is no database", () => {
  const nowhere = join(root, "nowhere", ".hcom");
  for (const words of [["send", "@"], ["channel", "join", ""], ["no", "such"], [""], []]) {
    const { code, err } = run([launcher, "complete", ...words], { HCOM_DIR: nowhere });
    expect([words, code, err]).toEqual([words, 0, ""]);
  }
  expect(existsSync(dirname(nowhere))).toBe(false);
});

test("completing neither upgrades nor mends a database", () => {
  const broken = join(root, "broken");
  mkdirSync(broken);
  writeFileSync(join(broken, "hcom.db"), "no database ".repeat(500));
  const asked = run([launcher, "complete", "send", "@"], { HCOM_DIR: broken });
  expect(asked).toEqual({ code: 0, out: "", err: "" });
  expect(Bun.file(join(broken, "hcom.db")).size).toBe(6000);
});

const powershell = Bun.which("pwsh");
test.skipIf(powershell === null)("PowerShell reads its script without an error", () => {
  const file = join(root, "hcom.ps1");
  writeFileSync(file, hcom("completions", "powershell").out);
  const parser = "[System.Management.Automation.Language.Parser]";
  const read = `[void]${parser}::ParseFile('${file}', [ref]$null, [ref]$e)`;
  const parse = `$e = $null; ${read}; exit $e.Count`;
  expect(run([powershell ?? "", "-NoProfile", "-Command", parse]).code).toBe(0);
});

test("PowerShell's script closes what it opens and names nothing that it does not have", () => {
  const script = hcom("completions", "powershell").out;
  expect(script).toMatchSnapshot();
  const code = script.replace(/^\s*#.*$/gm, "").replace(/'[^']*'|"(?:`.|[^"`])*"/g, "''");
  const open: string[] = [];
  const partner: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
  for (const sign of code.match(/[()[\]{}]/g) ?? []) {
    if (partner[sign] === undefined) open.push(sign);
    else expect(open.pop()).toBe(partner[sign]);
  }
  expect(open).toEqual([]);
  expect(code.replaceAll("''", "")).not.toMatch(/['"]/);
  // `@words` passes a list on word by word.
  const used = [...code.matchAll(/[$@](\w+)/g)].map(([, name = ""]) => name);
  const given = [...code.matchAll(/\$(\w+)(?=[^|]*?(?:\s\+?=\s|,|\)\s*\n))/g)].map((one) => one[1]);
  expect(used.filter((name) => !["_", "null", ...given].includes(name))).toEqual([]);
  const cmdlets = new Set(code.match(/\b[A-Z][A-Za-z]+-[A-Z]\w+/g));
  expect([...cmdlets].toSorted()).toEqual([
    ...["ForEach-Object", "Register-ArgumentCompleter", "Select-Object", "Where-Object"],
  ]);
});

test("a shell that there is no script for is a usage error that names those there are", () => {
  const { code, err } = hcom("completions", "tcsh");
  expect(code).toBe(2);
  for (const shell of ["bash", "zsh", "fish", "powershell"]) expect(err).toContain(shell);
});
