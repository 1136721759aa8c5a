// The rules of the house, as tests. Every rule is one function over a map of files, and each is
// shown a planted violation first: a check that cannot find anything must not pass.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { foldersRunInNoCircle, importsRunInNoCircle } from "./tidy/circles.ts";
import type { Check } from "./tidy/files.ts";
import { projectFiles } from "./tidy/files.ts";
import { membersAreRead } from "./tidy/members.ts";
import * as placement from "./tidy/placement.ts";
import * as ranks from "./tidy/ranks.ts";
import * as sizes from "./tidy/sizes.ts";
import { functionsIn } from "./tidy/sizes.ts";
import * as words from "./tidy/words.ts";

const root = join(import.meta.dir, "..");
const files = projectFiles(root);

const someHome = ["", "home", "someone"].join("/");

/** Violations that we live with, word for word. Empty, and meant to stay empty. */
const exceptions: readonly string[] = [];

interface Rule {
  rule: string;
  check: Check;
  /** Path, content and the words of the report that it must lead to; `together`: all of them. */
  planted: readonly [path: string, text: string, report: string][];
  together?: true;
}

const longFunction = `export function f() {\n${"  work();\n".repeat(70)}}\n`;
const manyParameters = `function f(\n  a: X,\n): void {\n${"  work();\n".repeat(70)}}\n`;
const longMethod = `class A {\n  async run(a: X): Promise<X> {\n${"    b();\n".repeat(70)}  }\n}\n`;

const rules: readonly Rule[] = [
  {
    rule: "imports point down, never sideways",
    check: ranks.importsPointDown,
    planted: [
      ["src/core/a.ts", 'import type { S } from "../sys/s.ts";', "core imports sys"],
      ["src/core/a.ts", 'import { x } from "node:path";', "core imports the package node:path"],
      ["src/core/a.ts", 'import v from "../../package.json";', "imports package.json"],
      ["src/tools/x/a.ts", 'import { y } from "../y/b.ts";', "imports its sibling y"],
      ["src/tools/tool.ts", 'import { y } from "./y/b.ts";', "a shared piece of tools"],
      ["src/tools/x/a.ts", 'import fs from "node:fs";', "tools imports node:fs"],
      ["src/tools/x/a.ts", 'const f = await import("bun:ffi");', "tools imports bun:ffi"],
      ["src/sys/a.ts", 'export { x } from "../tools/tool.ts";', "sys imports tools"],
      ["src/config/a.ts", 'import { x } from "../store/x.ts";', "config imports store"],
      ["src/store/a.ts", 'import { x } from "../pty/x.ts";', "store imports pty"],
      ["src/bus/a.ts", 'import {\n  type X,\n  y,\n} from "../pty/x.ts";', "bus imports pty"],
      ["src/bus/a.ts", 'import { x } from "node:sqlite";', "bus imports node:sqlite"],
      ["src/hooks/a.ts", 'import { x } from "../delivery/x.ts";', "hooks imports delivery"],
      ["src/launch/a.ts", 'import "../cli/x.ts";', "launch imports cli"],
      ["src/tui/a.ts", 'import { x } from "../web/x.ts";', "tui imports web"],
      ["src/mcp/a.ts", 'import { x } from "../store/x.ts";', "mcp imports store"],
      ["src/commands/a.ts", 'import b from "./b.ts";', "imports another command"],
      ["src/commands/a.ts", 'import { x } from "../store/x.ts";', "commands imports store"],
      ["src/main.ts", 'import b from "./commands/b.ts";', "main imports a command"],
      ["src/main.ts", 'import { b } from "./bus/b.ts";', "main imports bus"],
      ["src/cli/a.ts", 'import { b } from "../commands/b.ts";', "cli imports commands"],
      ["src/bus/a.ts", 'import { b } from "../../tests/kit/b.ts";', "from outside src/"],
      ["src/bus/a.ts", 'import { b } from "./b.test.ts";', "imports the test"],
      ["src/extra/a.ts", 'import { b } from "../core/b.ts";', "has no rank"],
      ["src/bus/agents/a.ts", 'import { b } from "../mail/b.ts";', "bus/agents imports bus/mail"],
      ["src/bus/life/a.ts", 'import { b } from "../channels/b.ts";', "bus/life imports"],
      ["src/bus/a.ts", 'import { b } from "./agents/b.ts";', "bus imports bus/agents"],
      ["src/bus/new/a.ts", 'import { b } from "../mail/b.ts";', "bus/new/ has no rank"],
    ],
  },
  {
    rule: "folders run in no circle",
    check: foldersRunInNoCircle,
    planted: [
      [
        "src/core/x/a.ts",
        'import { b } from "../y/b.ts";',
        "src/core/x -> src/core/y -> src/core/x",
      ],
      ["src/core/y/c.ts", 'import type { D } from "../x/d.ts";', ""],
    ],
    together: true,
  },
  {
    rule: "imports run in no circle",
    check: importsRunInNoCircle,
    planted: [
      [
        "src/core/a.ts",
        'import { b } from "./b.ts";',
        "core/a.ts -> src/core/b.ts -> src/core/c.ts",
      ],
      ["src/core/b.ts", 'import type { C } from "./c.ts";', ""],
      ["src/core/c.ts", 'const a = await import("./a.ts");', ""],
    ],
    together: true,
  },
  {
    rule: "the hook path loads no door, relay, terminal or package",
    check: (all) => ranks.hookPathStaysLight(new Map([...all, ...mainOf(all)])),
    planted: [
      ["src/pty/x.ts", "", "src/pty/x.ts is loaded by every hook call"],
      ["src/cli/x.ts", 'import * as z from "zod";', "loads zod in every hook call"],
    ],
  },
  {
    rule: "what agents run all the time loads no module of the runtime before it needs one",
    check: (all) => ranks.startsStayLight(new Map([...all, ...mainOf(all)])),
    planted: [["src/bus/x.ts", 'import { connect } from "node:net";', "x.ts:1 loads node:net at"]],
  },
  {
    rule: "no file is dead",
    check: ranks.nothingIsDead,
    planted: [
      ["src/bus/unused.ts", "", "src/bus/unused.ts is not reachable"],
      ["src/store/unused.sql", "", "src/store/unused.sql is not reachable"],
    ],
  },
  {
    rule: "only store contains SQL",
    check: placement.sqlLivesInStore,
    planted: [
      ["src/bus/a.ts", "db.get(`SELECT id\n  FROM events`)", "a.ts:1 SQL"],
      ["src/bus/a.ts", 'run("insert into events values (1)")', "SQL outside"],
      ["src/hooks/a.ts", "const q = 'PRAGMA data_version';", "SQL outside"],
      ["src/launch/a.ts", 'x("UPDATE instances SET a = 1")', "SQL outside"],
      ["src/cli/a.ts", 'x("DELETE FROM events")', "SQL outside"],
      ["src/core/a.sql", "", "belongs into src/store/"],
    ],
  },
  {
    rule: "only the registry names tools",
    check: placement.onlyTheRegistryNamesTools,
    planted: [
      ["src/bus/a.ts", 'if (tool === "claude") run();', "names the tool claude"],
      ["src/launch/a.ts", "const limits = { codex: 10 };", "names the tool codex"],
      ["src/hooks/a.ts", "const dir = `~/.gemini/settings`;", "names the tool gemini"],
      ["src/tools/claude/a.ts", 'const other = "opencode";', "names the tool opencode"],
      ["src/tools/tool.ts", "type Names = 'kilo';", "names the tool kilo"],
    ],
  },
  {
    rule: "only sys reads environment, clock, chance and home",
    check: placement.onlySysReadsTheWorld,
    planted: [
      ["src/bus/a.ts", 'const x = process.env["HOME"];', "process.env is sys/'s to read"],
      ["src/core/a.ts", "const x = Date.now();", "Date.now is"],
      ["src/cli/a.ts", "const x = new Date();", "new Date() is"],
      ["src/relay/a.ts", "const x = Math.random();", "Math.random is"],
      ["src/config/a.ts", 'import { homedir } from "node:os";', "homedir is"],
    ],
  },
  {
    rule: "core and tools cannot observe the world",
    check: placement.coreAndToolsArePure,
    planted: [
      ["src/core/a.ts", "const x = process.pid;", "process in a part that must be pure"],
      ["src/tools/x/a.ts", "await Bun.file(path).text();", "Bun.file in a part"],
      ["src/core/a.ts", "setTimeout(run, 1);", "setTimeout( in a part"],
    ],
  },
  {
    rule: "only main.ts exits",
    check: placement.onlyMainExits,
    planted: [["src/commands/a.ts", "process.exit(1);", "a.ts:1 process.exit outside"]],
  },
  {
    rule: "only cli, commands, hooks and main print",
    check: placement.onlyDoorsPrint,
    planted: [["src/bus/a.ts", 'console.log("x");', "console.log outside"]],
  },
  {
    rule: "files are short",
    check: sizes.filesAreShort,
    planted: [
      ["src/bus/a.ts", "\n".repeat(401), "has 401 lines of at most 400"],
      ["src/bus/a.test.ts", "\n".repeat(601), "has 601 lines of at most 600"],
    ],
  },
  {
    rule: "functions are short",
    check: sizes.functionsAreShort,
    planted: [
      ["src/bus/a.ts", longFunction, "src/bus/a.ts:1 a function of 72 lines"],
      ["src/bus/a.ts", manyParameters, "a function of 74 lines"],
      ["src/bus/a.ts", longMethod, "src/bus/a.ts:2 a function of 72 lines"],
      ["scripts/a.ts", `const f = () => {\n${"\n".repeat(70)}};\n`, "a function of 72 lines"],
    ],
  },
  {
    rule: "lines are short",
    check: sizes.linesAreShort,
    planted: [["src/bus/a.ts", `// ${"x".repeat(98)}`, "src/bus/a.ts:1 has 101 columns"]],
  },
  {
    rule: "members of interfaces are read",
    check: membersAreRead,
    planted: [
      [
        "src/core/a.ts",
        "export interface A {\n  ofNobody: string;\n}\n",
        "nobody reads A.ofNobody",
      ],
      ["src/core/a.ts", "interface A {\n  ofNobody?(): X;\n}\nf({ ofNobody: g });", "A.ofNobody"],
    ],
  },
  {
    rule: "folders are small",
    together: true,
    check: sizes.foldersAreSmall,
    planted: Array.from({ length: 21 }, (_, at) => [
      `src/planted/f${at}.ts`,
      "",
      "src/planted/ has 21 files of at most 20",
    ]),
  },
  {
    rule: "names say something",
    check: words.namesSaySomething,
    planted: [
      ["src/bus/utils.ts", "", "src/bus/utils.ts has a name that says nothing"],
      ["src/common/a.ts", "", "src/common/a.ts has a name"],
      ["tests/helper.ts", "", "tests/helper.ts has a name"],
    ],
  },
  {
    rule: "exports are named, except commands",
    check: words.exportsAreNamed,
    planted: [
      ["src/bus/a.ts", "export default 1;", "a.ts:1 a default export"],
      ["src/commands/index.ts", "export { x as default };", "index.ts:1 a default export"],
    ],
  },
  {
    rule: "nothing is postponed in a comment",
    check: words.nothingIsPostponed,
    planted: [["src/bus/a.ts", "\n// TODO later", "src/bus/a.ts:2 TODO"]],
  },
  {
    rule: "comments refer to nothing outside the repository",
    check: words.commentsStandAlone,
    planted: [
      ["src/bus/a.ts", "const a = 1; // slow otherwise (trap T-4)", "a.ts:1 T-4 is of a document"],
      ["src/bus/a.test.ts", "/**\n * The seed's own format.\n */", "a.test.ts:2 seed's is of"],
    ],
  },
  {
    rule: "no path of a machine is written down",
    check: (all) => words.noPathsOfThisMachine(all, [...words.thisMachine(root), someHome]),
    planted: [
      ["docs/a.md", `see ${["", "work", "notes.md"].join("/")}`, "docs/a.md:1 a path of another"],
      ["src/bus/a.ts", `// ${["..", "shared", "a.md"].join("/")}`, "a path of another machine"],
      ["src/bus/a.ts", `// ${someHome}/notes.md`, "a folder of this machine"],
    ],
  },
];

/** The real main.ts, or for planted files one that imports them all. */
function mainOf(all: ReadonlyMap<string, string>): [string, string][] {
  if (all.has("src/main.ts")) return [];
  const paths = [...all.keys()].filter((path) => path.startsWith("src/"));
  return [["src/main.ts", paths.map((path) => `import "./${path.slice(4)}";\n`).join("")]];
}

describe("tidy", () => {
  for (const { rule, check, planted, together } of rules) {
    test(rule, () => {
      const plants = together ? [planted] : planted.map((one) => [one]);
      for (const plant of plants) {
        const reports = check(new Map(plant.map(([path, text]) => [path, text])));
        expect(reports.join("\n")).toContain(plant[0]![2]);
      }
      expect(check(files).filter((report) => !exceptions.includes(report))).toEqual([]);
    });
  }

  test("there are no exceptions", () => {
    expect(exceptions).toEqual([]);
  });
});

describe("what tidy must not report", () => {
  const clean: Record<string, string> = {
    "src/core/version.ts": 'import { version } from "../../package.json" with { type: "json" };',
    "src/tools/index.ts":
      'import { claude } from "./claude/claude.ts";\nexport const t = [claude];',
    "src/tools/claude/claude.ts":
      'import type { Tool } from "../tool.ts";\nimport { x } from "../../core/x.ts";\n' +
      'export const claude = { name: "claude", dir: "/.claude/", process: 1 };',
    "src/bus/text.ts":
      "// process.env and Date.now() in a comment, a seed and T-shirts\n" +
      'const label = "T-4: the seed\'s";\n' +
      'const hint = "Select one from the list, then import { x } from the file";\n' +
      'const pattern = /`"process.env/;\nconst t = `a ${x({ b: `process.env` })} Date.now()`;\n' +
      "const half = (a / b) / c; // it's fine\nconst iso = new Date(ms);\n",
    "src/main.ts":
      'import { dispatch } from "./commands/registry/dispatch.ts";\nprocess.exit(0);\n',
    "src/commands/registry/dispatch.ts": 'export { commands as dispatch } from "../index.ts";\n',
    "src/commands/index.ts": 'export const commands = { a: () => import("./a.ts") };\n',
    "src/commands/a.ts": 'import { t } from "../bus/text.ts";\nexport default { t };\n',
    "src/store/a.ts": 'import one from "./a.sql" with { type: "text" };\nx("SELECT 1 FROM a");\n',
    "src/store/a.test.ts": 'import { x } from "../bus/text.ts";\nprocess.env;\n',
    "src/pty/a.ts": "if (a) {\n}\nrun(\n  a,\n);\nfunction f() {\n}\n",
  };
  const map = new Map(Object.entries(clean));
  const notHere = new Set([
    "no file is dead",
    "the hook path loads no door, relay, terminal or package",
  ]);
  for (const { rule, check } of rules.filter((one) => !notHere.has(one.rule))) {
    test(rule, () => {
      expect(check(map)).toEqual([]);
    });
  }

  test("a function ends where its own brace closes", () => {
    expect(functionsIn("const f = ({\n  a,\n}: X) => {\n  b();\n};\n")).toEqual([
      { line: 3, lines: 3 },
    ]);
    expect(functionsIn("function f({\n  a,\n}: X) {\n  b();\n}\n")).toEqual([
      { line: 1, lines: 5 },
    ]);
    expect(functionsIn("  if (a) {\n  }\n  run(\n    b,\n  );\n  call(1, {\n  });\n")).toEqual([]);
  });
});
