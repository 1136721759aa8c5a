// The form that launches agents.
import { style } from "../../cli/style.ts";
import { fit, folded, type Line } from "../line.ts";
import { launchFields } from "../rows.ts";
import type { State } from "../state.ts";
import { fieldValues } from "../typing/launch-form.ts";
import { filled } from "../window.ts";
import { chosenLine } from "./agents.ts";

const hints: Readonly<Record<(typeof launchFields)[number], string>> = {
  tool: "left and right choose",
  count: "left and right choose",
  tag: "what they have in common",
  directory: "where they work; empty: here",
  terminal: "left and right choose",
  headless: "left and right change it",
  prompt: "what they are asked first; enter launches",
};

export function showLaunch(state: State, width: number, height: number): Line[] {
  const values = fieldValues(state);
  const lines = launchFields.map((name, at): Line => {
    const isChosen = at === state.form.at;
    const value = isChosen && isTyped(name) ? `${values[at]}▏` : (values[at] ?? "");
    const isChoice = isChosen && !isTyped(name);
    const [first = ""] = folded(value, Math.max(8, width - 16)).slice(-1);
    const parts = [
      ...[isChosen ? "❯ " : "  ", style.strong(name.padEnd(10)), "  "],
      ...(isChoice ? ["◂ ", first, " ▸"] : [first]),
      ...(isChosen ? [style.faint(`   ${hints[name]}`)] : []),
    ];
    return chosenLine(fit(parts, width), isChosen, name);
  });
  const below: Line = {
    parts: ["  ", style.faint("enter goes on, and launches in the last field")],
  };
  return filled([...lines, { parts: [] }, below], height, width);
}

function isTyped(name: (typeof launchFields)[number]): boolean {
  return name === "tag" || name === "directory" || name === "prompt";
}
