// Words of others where a terminal or an agent shows them.

/** Without what could steer a terminal. Tabs and ends of lines stay. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/g, "\ufffd");
}
