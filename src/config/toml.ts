// Our settings file as a table. What is no TOML has no keys; who wants to say so is told why.
import { isObject } from "../core/json.ts";
import { isMissingOrEmpty, readText } from "../sys/files.ts";

export function tableOf(
  path: string,
  onFault: (error: unknown) => void = () => {},
): Record<string, unknown> {
  if (isMissingOrEmpty(path)) return {};
  try {
    const parsed = Bun.TOML.parse(readText(path) ?? "");
    return isObject(parsed) ? parsed : {};
  } catch (error) {
    onFault(error);
    return {};
  }
}

/** Why a text is no TOML; undefined where it is. */
export function tomlFault(text: string): string | undefined {
  try {
    Bun.TOML.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
