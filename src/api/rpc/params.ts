// Parameters of one call, by name. A shape says what a method takes; whatever else comes is
// refused, so that a misspelt name cannot pass for a default.

import type { Kinds, Shape, Values } from "../../core/channels/shape.ts";
import { isObject } from "../../core/json.ts";

/** The caller's fault: answered with -32602. */
export class InvalidParams extends Error {}

export function readParams<S extends Shape>(params: unknown, shape: S): Values<S> {
  const given = params ?? {};
  if (!isObject(given)) throw new InvalidParams("parameters go by name, in an object");
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(shape, name)) throw new InvalidParams(`there is no parameter ${name}`);
  }
  const entries = Object.entries(shape).map(([name, kind]) => [name, read(given, name, kind)]);
  return Object.fromEntries(entries) as Values<S>;
}

function read(given: Record<string, unknown>, name: string, kind: keyof Kinds): unknown {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value === null) {
    if (kind.endsWith("?")) return undefined;
    throw new InvalidParams(`${name} is required`);
  }
  const type = kind.replace("?", "");
  if (type === "text") return of(typeof value === "string", value, `${name} must be a string`);
  if (type === "order") return of(isOrder(value), value, `${name} must be asc or desc`);
  if (type === "flag") return of(typeof value === "boolean", value, `${name} must be a boolean`);
  if (type === "texts") return of(isListOf(value, isText), value, `${name} must be strings`);
  if (type === "values") {
    return of(isListOf(value, isSqlValue), value, `${name} must be strings, numbers or nulls`);
  }
  if (type === "seconds") return of(isDuration(value), value, `${name} must be seconds from 0 on`);
  const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return of(isCount, value, `${name} must be an integer from 0 to 2^53-1`);
}

function of(isRight: boolean, value: unknown, otherwise: string): unknown {
  if (!isRight) throw new InvalidParams(otherwise);
  return value;
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isSqlValue(value: unknown): boolean {
  return value === null || isText(value) || (typeof value === "number" && Number.isFinite(value));
}

function isOrder(value: unknown): boolean {
  return value === "asc" || value === "desc";
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
