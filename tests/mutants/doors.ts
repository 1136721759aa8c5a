// Bugs where something comes in from outside: commands, bodies, settings and directories of others.
import { inFile, type Mutant } from "./mutant.ts";

const manners = ["tests/process/hook-manners.test.ts"];
const doors = ["tests/process/every-door.test.ts"];
const edits = ["src/config/edit.test.ts", "src/hooks/install.test.ts"];
const changeover = ["tests/changeover/import.test.ts"];

export const ofDoors: readonly Mutant[] = [
  ...inFile(
    "src/relay/wake-readers.ts",
    ["src/mcp/hub.test.ts"],
    [
      [
        "a message to another machine waits for a worker that nobody starts",
        'some((name) => name.includes(":"))',
        "some(() => false)",
      ],
    ],
  ),
  ...inFile(
    "src/bus/mail/send.ts",
    ["src/mcp/hub.test.ts"],
    [
      [
        "a model sends to everybody unasked where a person's shell started its server",
        "draft.isFromAgent === true || ",
        "",
      ],
    ],
  ),
  ...inFile("src/cli/agent/own-mail.ts", manners, [
    ["a person who names a program's agent takes its mail", "isItself && ", ""],
    ["a command takes what a hook delivers", " && newestHookEvent(bus, row.name) === 0", ""],
  ]),
  ...inFile("src/cli/utf8.ts", doors, [
    ["a body that is no UTF-8 is stored altered", "fatal: true", "fatal: false"],
    ["a mark at the beginning of a body is lost", ", ignoreBOM: true", ""],
  ]),
  ...inFile("src/sys/files.ts", edits, [
    ["a settings file that is no UTF-8 is altered", 'text?.includes("\\ufffd") && ', "false && "],
  ]),
  ...inFile("src/bus/life/import-dir.ts", changeover, [
    ["agents of another directory are taken for running here", "    restAll(bus);\n", ""],
    [
      "a failed import says that our file is wrong",
      "error.message.replaceAll(copy, source)",
      "error.message",
    ],
  ]),
  ...inFile(
    "src/store/open/adopt.ts",
    ["src/store/open/adopt.test.ts"],
    [
      ["a log that somebody has used is written over", "if (!isBlank(db)) return false;", ""],
      ["ids of deleted events are used again", "      keepSequences(db);\n", ""],
      ["what came in with an import is not found in channels", "      indexBodies(db);\n", ""],
    ],
  ),
  ...inFile("src/bus/agents/earlier.ts", changeover, [
    ["whoever has the number of a process is that agent", "!mayBeOf(id, times)", "false"],
  ]),
  ...inFile("src/bus/life/end.ts", changeover, [
    [
      "a process of an earlier program is dropped and runs on",
      "order.killsProcess && mayRunUnproved(row)",
      "false",
    ],
  ]),
  ...inFile(
    "src/store/archive.ts",
    ["tests/changeover/reset.test.ts"],
    [
      [
        "a reset forgets what was said",
        "const copy = copyToArchive(db, nowMs);",
        'const copy = "";',
      ],
    ],
  ),
];
