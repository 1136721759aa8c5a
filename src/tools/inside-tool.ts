// Does an agent program run us, or a person at a shell? Told by the environment alone.
import { detectTool } from "./index.ts";

export function isInsideTool(env: Readonly<Record<string, string | undefined>>): boolean {
  if (detectTool(env) !== undefined || env["HCOM_LAUNCHED"] === "1") return true;
  // A launch of ours whose agent is gone: an expired session, never the person.
  return Boolean(env["HCOM_PROCESS_ID"]);
}
