// A tool that is one operation on channels: what it takes and does follows from the operation, what
// a model must know of it stands with the tool.
import type { CommStore } from "../../core/channels/comm-store.ts";
import type { Operation } from "../../core/channels/operations.ts";
import type { Kinds, Shape, Values } from "../../core/channels/shape.ts";
import type { RelatedKind } from "../connection.ts";
import type { Arguments, Range } from "./arguments.ts";
import { inputOf, type Properties, type Property } from "./schema.ts";
import type { McpTool, ToolCall } from "./tool.ts";

interface OfTool<S extends Shape, R> {
  description: string;
  /** The parameters that it has; the operation's others stay as they are when left out. */
  properties: Partial<Readonly<Record<keyof S, Property>>>;
  actor?: Extract<keyof S, string>;
  /** What the call is about, where that is known before it is done. */
  subject?(given: Values<S>): readonly [RelatedKind, number];
  /** Refuses, or says more exactly, what was given; before the store is touched. */
  meant?(given: Values<S>): Values<S>;
  /** Instead of the operation's own. */
  run?(store: CommStore, given: Values<S>): R;
  after?(result: R, call: ToolCall, given: Values<S>): void;
}

export function channelTool<S extends Shape, R>(
  name: string,
  operation: Operation<S, R>,
  own: OfTool<S, R>,
): McpTool {
  const parameters = Object.entries(operation.shape).flatMap(([parameter, kind]): Parameter[] => {
    const property = own.properties[parameter];
    return property === undefined ? [] : [{ name: parameter, kind, property }];
  });
  const { run = operation.run } = own;
  return {
    name,
    description: own.description,
    isReadOnly: !operation.isWrite,
    input: inputOf(
      propertiesOf(parameters.filter((one) => !isOptional(one))),
      propertiesOf(parameters.filter(isOptional)),
    ),
    ...(own.actor === undefined ? {} : { actor: own.actor }),
    async run(call) {
      const read = Object.fromEntries(parameters.map((one) => [one.name, readOne(one, call.args)]));
      const typed = read as Values<S>;
      const given = own.meant?.(typed) ?? typed;
      const subject = own.subject?.(given);
      if (subject !== undefined) call.about(...subject);
      const work = (store: CommStore) => run(store, given);
      const result = await (operation.isWrite ? call.store.write(work) : call.store.read(work));
      own.after?.(result, call, given);
      return operation.told(given, result);
    },
  };
}

interface Parameter {
  name: string;
  kind: keyof Kinds;
  property: Property;
}

function isOptional({ kind }: Parameter): boolean {
  return kind.endsWith("?");
}

function propertiesOf(parameters: readonly Parameter[]): Properties {
  return Object.fromEntries(parameters.map(({ name, property }) => [name, property]));
}

function readOne({ name, kind, property }: Parameter, args: Arguments): unknown {
  switch (kind) {
    case "id":
      return args.integer(name);
    case "text":
      return args.text(name);
    case "text?":
      return args.optionalText(name);
    case "flag?":
      return args.optionalFlag(name);
    case "id?":
    case "count?":
      return args.optionalInteger(name, rangeOf(property));
    default:
      throw new Error(`no tool has a parameter of the kind ${kind}`);
  }
}

/** Only where there is an upper limit: that no number is below 0 is asked of all of them. */
function rangeOf({ minimum = 0, maximum }: Property): Range | undefined {
  return maximum === undefined ? undefined : { least: minimum, most: maximum };
}
