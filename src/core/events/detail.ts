// How much of an exchange is shown.

export const details = ["normal", "full", "detailed"] as const;
export type Detail = (typeof details)[number];
