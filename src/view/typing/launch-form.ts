// The form that launches agents: its fields, how keys change them, and the command it becomes.

import type { Effect, LaunchForm, State } from "../state.ts";
import { edited as editedText, insert } from "./editor.ts";

/** Fields that are typed into, by their place in the form. */
const texts = { 2: "tag", 3: "directory", 6: "prompt" } as const;

/** The form after a key that belongs to the text of its field; undefined where it does not. */
export function typedIn({ form }: State, key: string, text: string): LaunchForm | undefined {
  const name = form.at === 2 || form.at === 3 || form.at === 6 ? texts[form.at] : undefined;
  if (name === undefined || key === "up" || key === "down") return undefined;
  const editor =
    editedText(form[name], key) ?? (text === "" ? undefined : insert(form[name], text));
  return editor === undefined ? undefined : { ...form, [name]: editor };
}

/** A field with a choice of values: the one before or after. */
export function edited(state: State, by: 1 | -1): LaunchForm {
  const { form, world } = state;
  switch (form.at) {
    case 0:
      return { ...form, tool: around(form.tool + by, world.tools.length) };
    case 1:
      return { ...form, count: Math.max(1, Math.min(99, form.count + by)) };
    case 4:
      return { ...form, terminal: around(form.terminal + by, world.terminals.length + 1) };
    case 5:
      return { ...form, isHeadless: !form.isHeadless };
    default:
      return form;
  }
}

function around(at: number, count: number): number {
  return count === 0 ? 0 : (at + count) % count;
}

/** What each field says, in the order of the rows. */
export function fieldValues({ form, world }: State): string[] {
  return [
    world.tools[form.tool] ?? "",
    String(form.count),
    form.tag.text,
    form.directory.text,
    form.terminal === 0 ? "as set" : (world.terminals[form.terminal - 1] ?? ""),
    form.isHeadless ? "yes, without a terminal" : "no",
    form.prompt.text,
  ];
}

export function launchCommand({ form, world }: State): Effect | undefined {
  const tool = world.tools[form.tool];
  if (tool === undefined) return undefined;
  const terminal = form.terminal === 0 ? undefined : world.terminals[form.terminal - 1];
  const argv = [
    ...(form.count > 1 ? [String(form.count)] : []),
    tool,
    ...(form.tag.text === "" ? [] : ["--tag", form.tag.text]),
    ...(form.directory.text === "" ? [] : ["--dir", form.directory.text]),
    ...(terminal === undefined ? [] : ["--terminal", terminal]),
    ...(form.isHeadless ? ["--headless"] : ["--no-run-here"]),
    ...(form.prompt.text === "" ? [] : ["--hcom-prompt", form.prompt.text]),
  ];
  const count = form.count > 1 ? `${form.count} ` : "";
  return { kind: "run", label: `launch ${count}${tool}`, argv };
}
