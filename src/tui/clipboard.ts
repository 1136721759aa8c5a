/** The plain OSC 52: a terminal puts the text into the clipboard, and tmux takes it, too. */
export function toClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
}
