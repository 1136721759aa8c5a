// The words in which the layouts of the records are written down as data, see `fields.ts`. A field
// or variant exists from the generation `since` on: additions only ever came at the end of
// something, except where a layout says otherwise.
import type { Json } from "../../core/json.ts";

export type Shape =
  | { readonly kind: "u32" | "u64" | "bool" | "f32" | "f64" | "text" | "uuid" }
  | { readonly kind: "optional"; readonly of: Shape }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly key: "text" | "u64"; readonly of: Shape }
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  | { readonly kind: "variant"; readonly variants: readonly Variant[] };

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly since: number;
  /** What a record that comes from an older layout gets, where the shape's own is not right. */
  readonly fill?: Json;
}

export interface Variant {
  readonly name: string;
  readonly since: number;
  readonly payload?: Shape;
}

export const u32: Shape = { kind: "u32" };
export const u64: Shape = { kind: "u64" };
export const bool: Shape = { kind: "bool" };
export const f32: Shape = { kind: "f32" };
export const f64: Shape = { kind: "f64" };
export const text: Shape = { kind: "text" };
export const uuid: Shape = { kind: "uuid" };

export function optional(of: Shape): Shape {
  return { kind: "optional", of };
}

export function list(of: Shape): Shape {
  return { kind: "list", of };
}

export function map(key: "text" | "u64", of: Shape): Shape {
  return { kind: "map", key, of };
}

export function field(name: string, shape: Shape, since = 0, fill?: Json): Field {
  return fill === undefined ? { name, shape, since } : { name, shape, since, fill };
}

export function struct(...fields: readonly Field[]): Shape {
  return { kind: "struct", fields };
}

/** Names separated by spaces, in the order of their indices; `name@4` exists from generation 4. */
export function oneOf(names: string, payloads: Readonly<Record<string, Shape>> = {}): Shape {
  const variants = names.split(" ").map((entry) => {
    const [name = "", since = "0"] = entry.split("@");
    const payload = payloads[name];
    const variant = { name, since: Number(since) };
    return payload === undefined ? variant : { ...variant, payload };
  });
  return { kind: "variant", variants };
}

/** What stands for a value that an older layout did not have. */
function emptyOf(shape: Shape): Json {
  switch (shape.kind) {
    case "u32":
    case "u64":
    case "f32":
    case "f64":
      return 0;
    case "bool":
      return false;
    case "text":
      return "";
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    case "optional":
      return null;
    case "list":
    case "map":
      return [];
    case "struct":
      return Object.fromEntries(shape.fields.map((one) => [one.name, fillOf(one)]));
    case "variant":
      return shape.variants[0]?.name ?? null;
  }
}

export function fillOf(one: Field): Json {
  return one.fill ?? emptyOf(one.shape);
}

export function hasVariant(shape: Shape, name: string, generation: number): boolean {
  return (
    shape.kind === "variant" &&
    shape.variants.some((one) => one.name === name && one.since <= generation)
  );
}
