// Bugs in who is meant.
import { inFile, type Mutant } from "./mutant.ts";

export const ofNames: readonly Mutant[] = [
  ...inFile(
    "src/core/mail/scope.ts",
    ["src/core/mail/scope.test.ts"],
    [
      [
        "an empty target is the beginning of every name",
        'if (target !== "") return target;',
        "return target;",
      ],
      [
        "the agent luna cannot be written to while luna-2 is there",
        "exactHits(target, question.candidates) ?? ",
        "",
      ],
      [
        "a name in another case is unknown",
        "const wanted = target.toLowerCase();\n  const local",
        "const wanted = target;\n  const local",
      ],
      [
        "many hit by a prefix are not told",
        "if (hit.isPrefix && hit.names.length > 1)",
        "if (false)",
      ],
    ],
  ),
];
