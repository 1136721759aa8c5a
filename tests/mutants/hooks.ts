// Bugs between a hook's answer and what is written down about it.
import { inFile, type Mutant } from "./mutant.ts";

const near = ["tests/process/promises.test.ts"];

export const ofHooks: readonly Mutant[] = [
  ...inFile("src/hooks/run.ts", near, [
    [
      "mail is handed over before it is said",
      "if (await say(output, patienceMs)) given.commit();",
      "given.commit(); await say(output, patienceMs);",
    ],
    [
      "mail is handed over whether it is said or not",
      "if (await say(output, patienceMs)) given.commit();",
      "await say(output, patienceMs); given.commit();",
    ],
    [
      "a hook that fails makes the tool fail",
      "logFailure(system, hook, error);\n    return 0;",
      "logFailure(system, hook, error);\n    return 1;",
    ],
  ]),
  ...inFile("src/sys/heard.ts", near, [
    ["a closed output counts as heard", "return stat.isCharacterDevice() && ", "return false && "],
  ]),
];
