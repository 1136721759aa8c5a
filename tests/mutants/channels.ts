// Bugs in channels: rows, documents, and who hears.
import { inFile, type Mutant } from "./mutant.ts";

const scenario = ["tests/scenario/channels.test.ts"];
const documents = ["src/bus/channels/document.test.ts", "tests/process/acomm.test.ts"];

export const ofChannels: readonly Mutant[] = [
  ...inFile("src/bus/channels/announce.ts", scenario, [
    ["a muted reader is interrupted", ' || wake === "mute") continue', ") continue"],
    ["who has stopped is handed every line", 'if (row === undefined) return "digest";', ""],
    [
      "mail for later is handed over at once",
      "filter((one) => one.policy === undefined)",
      "filter(() => true)",
    ],
    ["a sender's name is cut into the next field", '.replace(/→|\\\\u2192/gi, "-")', ""],
  ]),
  ...inFile(
    "src/bus/channels/live-for-agents.ts",
    ["tests/process/channel.test.ts"],
    [
      ["a change that says nothing wakes everybody", "if (isSaid) await poke", "await poke"],
      ["what is said in a channel wakes nobody", "      isSaid = true;\n", ""],
    ],
  ),
  ...inFile("src/bus/channels/document-owner.ts", documents, [
    ["a write-protected document is replaced", "if ((mode & 0o222) === 0)", "if (false)"],
    ["a document loses its mode", "fs().chmodSync(fresh, mode);", ""],
  ]),
  ...inFile(
    "src/store/file-lock.ts",
    ["src/store/file-lock.test.ts"],
    [
      [
        "two writers hold one lock",
        "const isSame = identityOf(this.#path) === this.#identity;",
        "const isSame = true;",
      ],
      [
        "a lock's file stays behind",
        "if (this.#isHeld) fs().rmSync(this.#path, { force: true });",
        "",
      ],
    ],
  ),
  ...inFile(
    "src/acomm/read-document.ts",
    ["src/acomm/read-document.test.ts"],
    [
      [
        "a document with half its messages is read",
        "counts.channels !== store.channels.length || counts.messages !== messages",
        "false",
      ],
      ["messages without a channel are not told", "if (first === undefined) return;", "return;"],
    ],
  ),
  ...inFile(
    "src/acomm/pile.ts",
    ["src/acomm/pile.test.ts"],
    [
      ["what is odd about ids is not looked at", "id !== key ||", "false &&"],
      ["the last message gives the time, not the latest", "isLater(moment, latest)", "true"],
    ],
  ),
];
