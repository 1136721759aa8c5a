// The reader of arguments does what node:util does: the two are compared on everything that can be
// written.
import { expect, test } from "bun:test";
import { parseArgs } from "node:util";
import fc from "fast-check";
import type { Flag } from "../command.ts";
import { type Token, tokensOf } from "./tokens.ts";

const known: readonly Flag[] = [
  { name: "name", value: "NAME", about: "" },
  { name: "instance", short: "i", value: "NAME", about: "" },
  { name: "verbose", short: "v", about: "" },
  { name: "bigboss", short: "b", about: "" },
];

function byNode(args: string[]): unknown[] {
  const options = Object.fromEntries(
    known.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: true,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.map((token) => {
    if (token.kind === "positional") return [token.value];
    return token.kind === "option" ? [token.name, token.rawName, token.value] : "--";
  });
}

function shown(token: Token): unknown {
  if (token.kind === "positional") return [token.value];
  return token.kind === "option" ? [token.name, token.rawName, token.value] : "--";
}

test("arguments are read as node:util reads them", () => {
  const part = fc.constantFrom(
    ...["--name", "--name=x", "--name=", "--verbose", "--nope", "--nope=1", "-v", "-b", "-vb"],
    ...["-i", "-iX", "-vi", "-viX", "--", "-", "", "word", "a b", "@luna", "5"],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (args) => {
      expect(tokensOf(args, known).map(shown)).toEqual(byNode(args));
    }),
    { numRuns: 3000 },
  );
});
