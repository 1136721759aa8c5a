// Sets of channels of the live store, each with numbers of its own.

/** The one that is meant where none is named. */
export const mainSpace = "main";
