// How soon a member wants to read a channel.

/**
 * - push: like any message: in the running turn, and an idle agent is woken for it
 * - next-turn: in full with the next turn that something else starts
 * - digest: then only how many there are and from whom
 * - mute: never by itself
 */
export const wakePolicies = ["push", "next-turn", "digest", "mute"] as const;
export type WakePolicy = (typeof wakePolicies)[number];
