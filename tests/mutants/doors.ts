// Bugs where something comes in from outside: commands, bodies, settings and directories of others.
import { inFile, type Mutant } from "./mutant.ts";

const manners = ["tests/process/hook-manners.test.ts"];
const doors = ["tests/process/every-door.test.ts"];
const edits = ["src/config/edit.test.ts", "src/hooks/install.test.ts"];
const changeover = ["tests/changeover/import.test.ts"];

export const ofDoors: readonly Mutant[] = [
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
    ["a log that somebody has used is dropped for an import", "!isBlank(bus.db)", "false"],
  ]),
];
