// Terminals that the owner describes in the settings file: `[terminal.presets.NAME]`.
import { asObject, asTexts, isObject } from "../core/json.ts";
import { tableOf } from "./toml.ts";

/** Fields that are absent are those of the terminal of the same name, where there is one. */
export interface OwnTerminal {
  name: string;
  binary?: string;
  app?: string;
  /** As written: one text for all words, or a list. */
  open?: string | string[];
  close?: string | string[];
  /** The variable in which a pane finds its id. */
  paneIdEnv?: string;
}

export function ownTerminals(configToml: string): OwnTerminal[] {
  const presets = asObject(asObject(tableOf(configToml)["terminal"])["presets"]);
  return Object.entries(presets).flatMap(([name, value]) =>
    isObject(value) ? [ownTerminal(name, value)] : [],
  );
}

function ownTerminal(name: string, given: Readonly<Record<string, unknown>>): OwnTerminal {
  const text = (key: string) => {
    const value = given[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const words = (key: string) => (Array.isArray(given[key]) ? asTexts(given[key]) : text(key));
  const found = {
    binary: text("binary"),
    app: text("app_name"),
    open: words("open"),
    close: words("close"),
    paneIdEnv: text("pane_id_env"),
  };
  const present = Object.entries(found).filter(([, value]) => value !== undefined);
  return { name, ...Object.fromEntries(present) };
}
