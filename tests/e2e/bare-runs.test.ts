// `hcom X ...` against `X ...` with the real programs: the same standard output, exit status and
// project files. What differs by chance (ids, times, costs) and the directories are made equal.
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { startModelServer } from "../kit/model-server.ts";
import { prepareClaude, prepareCodex, shortTempDir } from "../kit/real-agent.ts";
import { findVendor } from "../kit/vendor.ts";

const repository = join(import.meta.dir, "../..");

/** Words of a shell, so that pipes are as users write them. */
const lines = {
  claude: [
    "claude --version",
    "claude -v",
    "claude --help",
    "claude -h",
    "claude mcp list",
    "claude mcp --help",
    "claude mcp get nope",
    "claude mcp add --transport stdio one -- true && claude mcp list && claude mcp remove one",
    "claude mcp bogus",
    "claude plugin list",
    "claude plugin marketplace list",
    "claude --model opus mcp list",
    "claude doctor --help",
    "claude auth status",
    "claude --bogus-flag",
    "claude -p --output-format bogus hi",
    "claude -p '[[SAY plain-answer]]'",
    "claude -p --output-format text '[[SAY text-answer]]'",
    "claude --print -- '[[SAY behind-dashes]]'",
    "echo '[[SAY piped-answer]]' | claude -p",
    "echo '[[SAY piped-alone]]' | claude",
    "claude -p --max-turns 1 '[[SAY turns]]' | cat",
    "claude '[[SAY redirected]]' >out.txt; echo $?; cat out.txt",
    "claude -p </dev/null",
    "claude update --help",
  ],
  codex: [
    "codex --version",
    "codex -V",
    "codex --help",
    "codex -h",
    "codex exec --help",
    "codex help exec",
    "codex mcp list",
    "codex mcp list --json",
    "codex mcp get nope",
    "codex mcp add one -- true && codex mcp list && codex mcp remove one",
    "codex mcp bogus",
    "codex login status",
    "codex features list",
    "codex completion bash",
    "codex --bogus-flag",
    "codex exec --bogus-flag",
    "codex exec --skip-git-repo-check '[[SAY plain-answer]]'",
    "codex e --skip-git-repo-check '[[SAY short-answer]]'",
    "echo '[[SAY piped-answer]]' | codex exec --skip-git-repo-check -",
    "echo '[[SAY piped-alone]]' | codex",
    "codex exec --skip-git-repo-check --color never '[[SAY colourless]]' | cat",
    "codex exec --skip-git-repo-check -o last.txt '[[SAY kept]]' >/dev/null; cat last.txt",
    "codex resume --help",
    "codex apply nope",
    "codex sandbox --help",
  ],
};

for (const tool of ["claude", "codex"] as const) {
  test(`twenty-five command lines of ${tool} are compared`, () => {
    expect(new Set(lines[tool]).size).toBe(25);
  });
  describe.skipIf(findVendor(tool, "newest") === null)(tool, () => {
    for (const line of lines[tool]) {
      test(`hcom ${line}`, async () => {
        const bare = await run(tool, line, "");
        const ours = await run(tool, line, "hcom ");
        expect(ours).toEqual(bare);
      });
    }
  });
}

async function run(tool: "claude" | "codex", line: string, prefix: string) {
  using temp = shortTempDir();
  using model = startModelServer();
  const options = { dir: temp.path, modelUrl: model.url, version: "newest" } as const;
  const place = tool === "claude" ? prepareClaude(options) : prepareCodex(options);
  const bin = join(temp.path, "bin");
  mkdirSync(bin);
  symlinkSync(place.binary, join(bin, tool));
  const PATH = `${bin}:${repository}/bin:${place.env["PATH"] ?? ""}`;
  const env = { ...place.env, HCOM_DIR: join(temp.path, ".hcom"), PATH, TERM: "dumb" };
  const words = line.replaceAll(new RegExp(`(^|[|&;] *)${tool} `, "g"), `$1${prefix}${tool} `);
  const whole = words.replace(new RegExp(`\\| ${tool}$`), `| ${prefix}${tool}`);
  expect(whole.includes(`hcom ${tool}`)).toBe(prefix !== "");
  const child = Bun.spawn(["sh", "-c", whole], {
    cwd: place.cwd,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const out = (await child.stdout.text()).replaceAll(temp.path, "PLACE").replace(/\d+ms/g, "Nms");
  return { out, code: await child.exited, files: filesIn(place.cwd, temp.path) };
}

/** Each file of the project with what is in it. */
function filesIn(folder: string, root: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(join(folder, name), "utf8").replaceAll(root, "PLACE")]),
  );
}
