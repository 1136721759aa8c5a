// What values a setting may have: from written text to a value, or what would have been right.
// Which setting follows which rule is the table in `setting.ts`.
import type { Refusal } from "./refusal.ts";

export type SettingValue = string | number | boolean;

export interface Rule {
  kind: "number" | "flag" | "choice" | "list" | "text";
  /** All that it can be, where that is a list. */
  values?: readonly string[];
  /** Of a number: what it counts, as people see it behind the value. */
  unit?: string;
  /** Is never asked about an empty text, except for a flag. */
  check(text: string, refuse: (wanted: string) => Refusal): SettingValue;
}

export const anyText: Rule = { kind: "text", check: (text) => text };

const longest = 86_400;

export function seconds(): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
    if (value >= 1 && value <= longest) return value;
    throw refuse(`a whole number of seconds from 1 to ${longest}`);
  };
  return { kind: "number", unit: "seconds", check };
}

export function flag(): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const word = text.trim().toLowerCase();
    if (["", "0", "false", "no", "off"].includes(word)) return false;
    if (["1", "true", "yes", "on"].includes(word)) return true;
    throw refuse("true or false");
  };
  return { kind: "flag", values: ["true", "false"], check };
}

export function choice(
  values: readonly string[],
  older: Readonly<Record<string, string>> = {},
): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const word = text.trim().toLowerCase();
    if (values.includes(word)) return word;
    if (Object.hasOwn(older, word)) return older[word] ?? word;
    throw refuse(`one of ${values.join(", ")}`);
  };
  return { kind: "choice", values, check };
}

/** Several of these with commas between, or `none`. */
export function list(values: readonly string[]): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const words = text
      .toLowerCase()
      .split(",")
      .map((word) => word.trim());
    if (words.length === 1 && words[0] === "none") return "none";
    if (words.every((word) => values.includes(word))) return [...new Set(words)].join(",");
    throw refuse(`${values.join(", ")} with commas between, or none`);
  };
  return { kind: "list", values: [...values, "none"], check };
}

export function matching(form: RegExp, wanted: string): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const value = text.replace(/\s*,\s*/g, ",").trim();
    if (form.test(value)) return value;
    throw refuse(wanted);
  };
  return { kind: "text", check };
}

/** Splitting is the launcher's; here is only whether it can be done. */
export function shellWords(): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const rest = text.replace(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g, "");
    if (!/['"\\]/.test(rest)) return text;
    throw refuse("words for a shell, with every quote closed");
  };
  return { kind: "text", check };
}

// Which presets there are depends on the platform and on the user's file: the launcher knows.
export function terminal(): Rule {
  const check: Rule["check"] = (text, refuse) => {
    const value = text.trim();
    if (value.includes("{script}")) return value;
    if (/^(default|print|here)$/i.test(value)) return value.toLowerCase();
    if (/^[A-Za-z0-9._-]+$/.test(value)) return value;
    throw refuse("default, print, here, a preset, or a command with {script}");
  };
  return { kind: "text", check };
}
