// The flags by which a bundle is written down, the same for `bundle create` and `send`.
import type { Call, Flag } from "../command.ts";

export const bundleFlags: readonly Flag[] = [
  { name: "title", value: "TEXT", about: "a bundle's title, one line" },
  { name: "description", value: "TEXT", about: "what a bundle is for" },
  { name: "events", value: "IDS", many: true, about: "events of a bundle: 12,20-25" },
  { name: "files", value: "PATHS", many: true, about: "files of a bundle: src/a.ts,README.md" },
  {
    name: "transcript",
    value: "RANGES",
    many: true,
    about: "parts of a bundle: 3-14, 3-14:full, 3:detailed; of another: NAME:3-14",
  },
  { name: "extends", value: "ID", about: "the bundle that it goes on from" },
];

/** As `readBundle` takes it; undefined when none of the flags is there. */
export function bundleIn(call: Call, title = call.flags.value("title")): object | undefined {
  const { flags } = call;
  if (!bundleFlags.some(({ name }) => flags.has(name)) && title === undefined) return undefined;
  const list = (name: string) =>
    flags.values(name).flatMap((text) => text.split(",").filter((one) => one.trim() !== ""));
  return {
    title,
    description: flags.value("description"),
    refs: { events: list("events"), files: list("files"), transcript: list("transcript") },
    extends: flags.value("extends"),
  };
}
