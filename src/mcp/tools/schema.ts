// The input schemas of our tools, written down by hand: plain JSON Schema, so that no validator
// has to be loaded to list them. They guide clients; `arguments.ts` decides.

/** For clients. */
export interface Property {
  type: "integer" | "string" | "boolean" | "array";
  description: string;
  items?: { type: "string" };
  format?: "date-time";
  enum?: readonly string[];
  default?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

export type Properties = Readonly<Record<string, Property>>;

/** For clients. */
export interface InputSchema {
  type: "object";
  properties: Properties;
  required: readonly string[];
  additionalProperties: false;
}

export function inputOf(required: Properties, optional: Properties = {}): InputSchema {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

export const text = (description: string): Property => ({ type: "string", description });

export const flag = (description: string): Property => ({ type: "boolean", description });

/** Ids, counts and seconds: none of them is ever negative. */
export const count = (description: string): Property => ({
  type: "integer",
  minimum: 0,
  description,
});

export const time = (description: string): Property => ({
  type: "string",
  format: "date-time",
  description,
});

export const word = (description: string, known: readonly string[]): Property => ({
  type: "string",
  enum: known.map((one) => one.toLowerCase()),
  description,
});

export const channelId = count("Id of the channel, as list_channels shows it");

export const messageId = count("Id of the message");

/** Of somebody, who must be called something. */
export const name = (description: string): Property => ({ ...text(description), minLength: 1 });

export const sender = name("Who is speaking: any name, e.g. your own");

export const content: Property = {
  type: "string",
  minLength: 1,
  description: "The text, at most 1 MiB of UTF-8",
};
