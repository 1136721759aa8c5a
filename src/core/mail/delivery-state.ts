// How far a message can be at a recipient: in this log, and in what other devices tell of theirs.

/** In the order in which a delivery passes them; `expired` and `dead` end it short of proof. */
export const deliveryStates = [
  "stored",
  "offered",
  "handed",
  "in_context",
  "answered",
  "expired",
  "dead",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];
