// hcom bundle: what belongs to a piece of work, put together for whoever takes it up.
import { openBus } from "../../bus/bus.ts";
import { bundleFlags } from "../../cli/bundle/flags.ts";
import type { Call, Command } from "../../cli/command.ts";
import { unknownWord, usageError } from "../../cli/parse.ts";
import { runCreate } from "./create.ts";
import { runPrepare } from "./prepare.ts";
import { printCat, printChain, printList, printShow } from "./print.ts";

const command: Command = {
  name: "bundle",
  group: "log",
  summary: "events, files and transcripts for whoever takes over the work",
  usage: [
    "bundle [--last N]",
    "bundle list [--last N]",
    "bundle ID",
    "bundle show ID",
    "bundle cat ID",
    "bundle chain ID",
    "bundle prepare|preview [--for AGENT] [--last-transcript N] [--last-events N] [--compact]",
    "bundle create TITLE --description TEXT --events IDS --files PATHS --transcript RANGES " +
      "[--extends ID]",
    "bundle create --title TEXT --description TEXT --events IDS --files PATHS " +
      "--transcript RANGES [--extends ID]",
    "bundle create --bundle JSON",
    "bundle create --bundle-file PATH",
  ],
  firstWords: [
    { word: "list", about: "the newest bundles" },
    { word: "show", about: "what a bundle points to" },
    { word: "cat", about: "all that it points to: files, what was said, events" },
    { word: "chain", about: "the bundles that it goes on from" },
    { word: "prepare", about: "propose what to point to, with the command that makes it" },
    { word: "preview", about: "the same" },
    { word: "create", about: "make a bundle; prints its id" },
  ],
  flags: [
    { name: "last", value: "N", about: "how many (default 20)" },
    { name: "for", value: "AGENT", about: "whose work, where it is not one's own" },
    { name: "last-transcript", value: "N", about: "how many exchanges are proposed (default 20)" },
    { name: "last-events", value: "N", about: "how many events of each kind (default 30)" },
    { name: "compact", about: "numbers only, without what was said" },
    ...bundleFlags,
    {
      name: "bundle",
      value: "JSON",
      about: "all of it as JSON: title, description, refs, extends",
    },
    { name: "bundle-file", value: "PATH", about: "the same from a file" },
  ],
  exits: {
    1: "the JSON's file cannot be read, or who asks has no identity",
    2: "wrong usage, or a bundle that lacks something",
    3: "no such bundle or agent",
  },
  examples: [
    "hcom bundle prepare --for luna",
    "hcom bundle create Login --description why --events 12 --files a.ts --transcript 3-14:full",
    "hcom bundle cat 1a2b",
  ],
  mostWords: 2,
  run: runBundle,
};
export default command;

async function runBundle(call: Call): Promise<number> {
  const [word = "list", id, ...more] = call.words;
  if (word === "create") return await runCreate(call, command);
  if (word === "prepare" || word === "preview") {
    if (id !== undefined)
      throw usageError(command, `${word} takes no words; an agent: --for ${id}`);
    return await runPrepare(call);
  }
  using bus = openBus(call.system, { writer: "bundle" });
  if (word === "list" && id === undefined) return printList(call, bus);
  const verbs = { show: printShow, cat: printCat, chain: printChain };
  if (Object.hasOwn(verbs, word)) {
    if (id === undefined) throw usageError(command, `which bundle? hcom bundle ${word} ID`);
    return await verbs[word as keyof typeof verbs](call, bus, id);
  }
  const isId = /^(?:bundle:)?[0-9a-f]{1,8}$|^\d+$/i.test(word) && id === undefined;
  if (isId && more.length === 0) return printShow(call, bus, word);
  if (word === "list") throw usageError(command, "list takes no words");
  const known = (command.firstWords ?? []).map((one) => one.word);
  throw unknownWord(command, { what: "bundle or word", word, known });
}
