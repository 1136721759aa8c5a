// The help of `acomm`, made from its table of verbs. It is text for people, unlike all other
// output.
import { globalFlags } from "./arguments.ts";
import type { Verb, VerbFlag } from "./verb.ts";

/** `topic`: a command, the first word of several, or "" for the overview. */
export function acommHelp(topic: string, verbs: readonly Verb[]): string {
  const verb = verbs.find((one) => one.words === topic);
  if (verb !== undefined) return verbHelp(verb);
  const members = verbs.filter((one) => topic === "" || one.words.startsWith(`${topic} `));
  return overview(topic, members);
}

function overview(topic: string, members: readonly Verb[]): string {
  const name = topic === "" ? "acomm" : `acomm ${topic}`;
  const lines = [
    "acomm - channels, topics and messages for agents, in a file or in hcom's live store",
    "",
    `Usage: ${name} COMMAND [arguments]`,
    "",
    "Commands:",
    ...columns(members.map((one) => [one.words, one.about])),
    "",
    "Everywhere:",
    ...columns(globalFlags.map(flagRow)),
    "",
    "The store is the first of: --file PATH or --bus; $ACOMM_STORE; .acomm/store.acomm when the",
    "directory .acomm is here; ~/.store.acomm. Results are JSON; an error is a JSON object on",
    'standard error: {"error": TEXT, "code": NAME}.',
    "",
    "A file may unpack to at most 1 GiB; HCOM_ACOMM_MAX_BYTES sets another number of bytes.",
    "",
    "Exit codes: 0 done, 1 failed and nothing stored, 2 wrong usage, 3 stored, but the answer",
    "could not be written: asking again would store it twice",
    "",
    "Example:",
    "  acomm channel create reviews",
    "  acomm channel join 1 ana",
    '  acomm send 1 "ready for review" --sender bob',
    "  acomm receive 1 --recipient ana",
    "",
    `More: ${name} COMMAND --help`,
  ];
  return lines.join("\n");
}

function verbHelp(verb: Verb): string {
  const words = [...verb.positionals.map((one) => `<${one.name}>`), "[options]"];
  const lines = [`acomm ${verb.words} - ${verb.about}`, ""];
  lines.push(`Usage: acomm ${verb.words} ${words.join(" ")}`);
  if (verb.positionals.length > 0) {
    lines.push("", "Arguments:");
    lines.push(...columns(verb.positionals.map((one) => [`<${one.name}>`, one.about])));
  }
  const own = verb.flags ?? [];
  if (own.length > 0) lines.push("", "Options:", ...columns(own.map(flagRow)));
  const isWithoutStore = verb.access === "wide" && verb.namesFile === true;
  const everywhere = globalFlags.filter(
    ({ name }) => !(isWithoutStore && (name === "file" || name === "bus")),
  );
  lines.push("", "Everywhere:", ...columns(everywhere.map(flagRow)));
  if (verb.examples !== undefined) {
    lines.push("", "Examples:", ...verb.examples.map((line) => `  ${line}`));
  }
  return lines.join("\n");
}

function flagRow(flag: VerbFlag): [string, string] {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const value = flag.value === undefined ? "" : ` ${flag.value}`;
  const usual = flag.default === undefined ? "" : ` [default: ${flag.default}]`;
  return [`${short}--${flag.name}${value}`, flag.about + usual];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
