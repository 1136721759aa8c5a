// What the agent programs' own files tell about sessions that hcom may never have seen.
import { findFiles } from "../../sys/file-find.ts";
import { readLines } from "../../sys/file-lines.ts";
import { readAnyLines } from "../../sys/reading/any-lines.ts";
import type { Tool } from "../../tools/tool.ts";

/** Enough for years of conversations; the newest of them are looked at. */
const mostFiles = 500;

/** Sessions whose last title is this one, in whatever case. */
export async function titledSessions(
  tool: Tool,
  folder: string,
  wanted: string,
): Promise<string[]> {
  const titles = new Map<string, string>();
  const files = await findFiles(folder, tool.transcript.titled);
  for (const path of files.slice(0, mostFiles).toReversed()) {
    await readLines(path, 0, (line) => {
      const { session, title } = tool.transcript.about(line);
      if (session !== undefined && title !== undefined) titles.set(session, title);
    });
  }
  return [...titles]
    .filter(([, title]) => title.toLowerCase() === wanted.toLowerCase())
    .map(([session]) => session);
}

/** Where the session of that file ran, as it said first. */
export async function directoryIn(tool: Tool, path: string): Promise<string | undefined> {
  let found: string | undefined;
  await readAnyLines(path, (line) => {
    found ??= tool.transcript.about(line).directory;
  });
  return found;
}
