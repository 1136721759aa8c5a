// A text as one TOML basic string on one line.

/** JSON escapes are TOML escapes, but for two: DEL must be escaped, half surrogates cannot be. */
export function tomlString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007f", "\\u007F");
}
