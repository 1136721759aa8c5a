// Our module inside Claude Code: which versions take it, and how. It ran in 2.1.332, a sample of it
// in 2.1.329; from 2.1.300 on it loads, but is not told which rows a request has carried.
import { asObject, parseJson } from "../../../core/json.ts";
import type { ModPlug } from "../../tool.ts";
import { managedFiles } from "../managed.ts";

export const mod: ModPlug = {
  since: "2.1.329",
  variable: "HCOM_MOD_SOCKET",
  args: (folder) => ["--plugin-dir", folder],
  refusal: "--plugin-dir",
  files: async () => (await import("./files.ts")).files,
  obstacle(readFile) {
    // Claude Code 2.1 ends at its start over the flag where this is set.
    const key = "disableSideloadFlags";
    const path = managedFiles.find((one) => asObject(parseJson(readFile(one) ?? ""))[key] === true);
    return path === undefined ? undefined : `${path} forbids plugins of a launch ("${key}")`;
  },
};
