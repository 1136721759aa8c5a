// Keys of the terminal by the names that the key table has for them.
export interface Key {
  /** `a`, `enter`, `ctrl+c`, `alt+enter`, `shift+tab`. */
  key: string;
  /** What it types; empty for keys that type nothing. */
  text: string;
}

/** What the library tells of a key. */
export interface PressedKey {
  name: string;
  sequence: string;
  ctrl: boolean;
  meta: boolean;
  option: boolean;
  shift: boolean;
  eventType: string;
}

const names: Readonly<Record<string, string>> = {
  ...{ return: "enter", linefeed: "ctrl+j", escape: "esc", kpenter: "enter" },
};

export function keyOf(pressed: PressedKey): Key | undefined {
  if (pressed.eventType === "release") return undefined;
  const name = names[pressed.name] ?? pressed.name;
  const isAlt = pressed.meta || pressed.option;
  if (name === "space") return { key: "space", text: " " };
  const typed = typedBy(pressed);
  if (typed !== "") return { key: typed, text: typed };
  if (name === "") return undefined;
  const isShifted = pressed.shift && name === "tab";
  const prefix = `${pressed.ctrl ? "ctrl+" : ""}${isAlt ? "alt+" : ""}${isShifted ? "shift+" : ""}`;
  return { key: name.startsWith("ctrl+") ? name : `${prefix}${name}`, text: "" };
}

/** A character that was typed; AltGr comes as Ctrl+Alt on some layouts. */
function typedBy({ sequence, name, ctrl, meta, option, shift }: PressedKey): string {
  const isModified = (ctrl || meta || option) && !(ctrl && (meta || option));
  if (isModified) return "";
  const isOne = [...new Intl.Segmenter().segment(sequence)].length === 1;
  if (isOne && !/[\x00-\x1f\x7f-\x9f]/.test(sequence)) return sequence;
  // With the keyboard protocol of kitty the sequence is a code, and the name says what was typed.
  if (sequence.startsWith("\x1b") && [...name].length === 1) {
    return shift ? name.toUpperCase() : name;
  }
  return "";
}
