// What an agent's primer is made of, by the first word of each title. Who it is stands in the first
// part, which nobody can leave out; what a person wrote goes by being taken out of `notes`.

export const bootstrapParts = ["messages", "delivery", "commands", "around"] as const;
