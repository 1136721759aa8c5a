// Where a tool's settings and our own files are, for everything that edits settings.
import type { Paths } from "../config/paths.ts";

export interface Where {
  configDir: string;
  paths: Paths;
}
