// What writing a snapshot in another form would drop, in words, so that a door can warn first.
import { sectionLine } from "../core/channels/merging.ts";
import { type Form, type Kept, laterFields, type Snapshot } from "../core/channels/snapshot.ts";
import type { Json } from "../core/json.ts";
import { partsOf } from "./layout/codec.ts";
import { channelFields, messageFields, typesOfChannels } from "./layout/fields.ts";
import { sections } from "./layout/sections.ts";
import type { Field, Shape } from "./layout/shape.ts";
import { field, fillOf } from "./layout/shape.ts";

/** One phrase for each kind of thing that is lost; none when nothing is. */
export function lossesOf(snapshot: Snapshot, { generation }: Form): string[] {
  if (generation === snapshot.form.generation) return [];
  const { channels, messages, rest = {} } = snapshot;
  const ofChannels = [field("channel_type", typesOfChannels), ...channelFields];
  return [
    ...ofChannels.flatMap((one) => lostOf(one, channels, generation, "channel")),
    ...messageFields.flatMap((one) => lostOf(one, messages, generation, "message", laterFields)),
    ...sections()
      .filter((one) => isFieldLost(one, rest[one.name], generation))
      .map((one) => {
        const whole = rest[one.name];
        if (one.since > generation) return sectionLine(one.name, whole, undefined);
        return `a part of ${sectionLine(one.name, whole, whole)}`;
      }),
  ];
}

function lostOf<Entry>(
  one: Field,
  all: readonly Kept<Entry>[],
  generation: number,
  what: string,
  fills?: (record: Entry) => { [name: string]: Json },
): string[] {
  const count = all.filter(({ record, extension }) => {
    const value = extension?.[one.name];
    return isFieldLost(one, value, generation, () => fills?.(record)[one.name]);
  }).length;
  return count === 0 ? [] : [`${one.name} of ${count} ${what}${count === 1 ? "" : "s"}`];
}

/** Whether the value is more than what would be filled in for it again. */
function isFieldLost(
  one: Field,
  value: Json | undefined,
  generation: number,
  fill?: () => Json | undefined,
): boolean {
  if (value === undefined || value === null) return false;
  if (one.since <= generation) return isPartLost(one.shape, value, generation);
  return JSON.stringify(value) !== JSON.stringify(fill?.() ?? fillOf(one));
}

/** Whether something inside of a value that the generation has is unknown to it. */
function isPartLost(shape: Shape, value: Json, generation: number): boolean {
  switch (shape.kind) {
    case "optional":
      return value !== null && isPartLost(shape.of, value, generation);
    case "list":
      return Array.isArray(value) && value.some((item) => isPartLost(shape.of, item, generation));
    case "map":
      return (
        Array.isArray(value) &&
        value.some((entry) => Array.isArray(entry) && isItemLost(shape.of, entry[1], generation))
      );
    case "struct":
      return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        shape.fields.some((one) => isFieldLost(one, value[one.name], generation))
      );
    case "variant": {
      const [name, payload] = partsOf(value);
      const variant = shape.variants.find((one) => one.name === name);
      if (variant === undefined || variant.since > generation) return true;
      return variant.payload !== undefined && isItemLost(variant.payload, payload, generation);
    }
    default:
      return false;
  }
}

function isItemLost(shape: Shape, item: Json | undefined, generation: number): boolean {
  return item !== undefined && isPartLost(shape, item, generation);
}
