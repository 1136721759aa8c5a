// What an operation takes, by name. Doors read the same shape in their own way: strictly from JSON,
// leniently from a model, from the words of a command line.

/** What each word of a shape stands for; a `?` may be left out. */
export interface Kinds {
  /** An id or a handle. */
  id: number;
  text: string;
  "id?": number | undefined;
  "count?": number | undefined;
  "text?": string | undefined;
  "flag?": boolean | undefined;
  "order?": "asc" | "desc" | undefined;
  /** From 0 on, with fractions. */
  "seconds?": number | undefined;
  "texts?": string[] | undefined;
  /** What SQL can be given. */
  "values?": (string | number | null)[] | undefined;
}

export type Shape = Readonly<Record<string, keyof Kinds>>;
export type Values<S extends Shape> = { [Name in keyof S]: Kinds[S[Name]] };
