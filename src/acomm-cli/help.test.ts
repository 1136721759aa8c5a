import { expect, test } from "bun:test";
import { acommHelp } from "./help.ts";
import { verbs } from "./verbs.ts";

test("the overview names every command and the way the store is found", () => {
  const text = acommHelp("", verbs);
  for (const verb of verbs) expect(text).toContain(`\n  ${verb.words} `);
  expect(text).toContain("$ACOMM_STORE");
  expect(text).toContain("HCOM_ACOMM_MAX_BYTES");
});

test("a first word names its commands", () => {
  const text = acommHelp("channel", verbs);
  expect(text).toContain("Usage: acomm channel COMMAND");
  expect(text).toContain("  channel join ");
  expect(text).not.toContain("  publish ");
});

test("a command's help names arguments, options, defaults and examples", () => {
  expect(acommHelp("channel create", verbs)).toBe(
    [
      "acomm channel create - create a channel; several may have the same name",
      "",
      "Usage: acomm channel create <NAME> [options]",
      "",
      "Arguments:",
      "  <NAME>  letters, digits, - and _, at most 128 bytes",
      "",
      "Options:",
      "  --type TYPE  direct (two participants), group, broadcast or pubsub [default: group]",
      "",
      "Everywhere:",
      "  --file PATH    the store: an .acomm file, or bus:SPACE",
      "  --bus          the live store of hcom, through which running agents hear",
      "  --json         accepted: the output is always JSON",
      "  -h, --help     show help",
      "  -V, --version  show the version",
      "",
      "Examples:",
      "  acomm channel create reviews",
      "  acomm channel create deploys --type pubsub",
    ].join("\n"),
  );
});

test("a command that names its own file offers no other store", () => {
  const text = acommHelp("info", verbs);
  expect(text).not.toContain("--file");
  expect(text).not.toContain("--bus");
});

test("every command has an example, and the overview the first steps", () => {
  expect(verbs.filter((verb) => (verb.examples ?? []).length === 0)).toEqual([]);
  expect(acommHelp("", verbs)).toContain("acomm channel create reviews\n  acomm channel join 1");
});
