// A command that is one operation on channels: what it does and what is told of it is the
// operation's, its words and its place on the command line stand here.
import type { Operation } from "../core/channels/operations.ts";
import type { Kinds, Shape, Values } from "../core/channels/shape.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { Args, Positional, Verb, VerbFlag } from "./verb.ts";

interface OfVerb<S extends Shape, R> {
  words: string;
  about: string;
  /** `as`: the operation's name for it. */
  positionals: readonly (Positional & { as: Extract<keyof S, string> })[];
  flags?: readonly (VerbFlag & { as: Extract<keyof S, string> })[];
  examples: readonly string[];
  /** Says more exactly what was given, or refuses it in this program's words. */
  meant?(given: Values<S>): Values<S>;
  /** Instead of the operation's own. */
  told?(given: Values<S>, result: R): object;
}

export function operationVerb<S extends Shape, R>(
  operation: Operation<S, R>,
  own: OfVerb<S, R>,
): Verb {
  const { meant, told = operation.told, ...common } = own;
  const { positionals, flags = [] } = own;
  return {
    ...common,
    access: operation.isWrite ? "write" : "read",
    run(store, args) {
      const read = Object.fromEntries([
        ...positionals.map((one) => [one.as, positional(args, one)]),
        ...flags.map((one) => [one.as, flag(args, one, operation.shape[one.as])]),
      ]);
      const typed = read as Values<S>;
      const given = meant?.(typed) ?? typed;
      return told(given, operation.run(store, given));
    },
  };
}

function positional(args: Args, { name, isNumber }: Positional): number | string {
  return isNumber ? args.number(name) : args.text(name);
}

function flag(args: Args, own: VerbFlag, kind: keyof Kinds | undefined): unknown {
  if (own.value === undefined) return args.has(own.name);
  if (kind === "flag?") return yesOrNo(args, own.name);
  return own.isNumber ? args.flagNumber(own.name) : args.flag(own.name);
}

function yesOrNo(args: Args, name: string): boolean | undefined {
  const text = args.flag(name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `--${name} is true or false, not "${text}"`,
  });
}
