// The files of a bundle: what each was when it was named, and whether it is still that.
import type { FileFacts } from "../../core/events/bundle.ts";
import { forPeople } from "../../core/printable.ts";
import { contentFacts } from "../../sys/reading/content-facts.ts";
import { type OwnPath, ownPath } from "../../sys/reading/own-path.ts";
import { isInsideTool } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";

const most = { read: 200, excerpts: 20, lines: 6, excerpt: 400 };

/** Each of them as it is now; `note` hears of those that are not there. */
export function factsOf(
  bus: Bus,
  refs: readonly string[],
  note: (warning: string) => void,
): FileFacts[] {
  return refs.map((ref, at) => {
    const path = absolute(bus, ref);
    const found = look(bus, path);
    if (found.kind === "outside") note(`${ref}: not below ${bus.system.cwd}, so not looked at`);
    if (found.kind === "missing") note(`${ref}: there is no such file`);
    if (found.kind !== "there" || at >= most.read) return { ref, path };
    const facts = contentFacts(found.real);
    if (facts === undefined) return { ref, path };
    const { bytes, sha256, head } = facts;
    const excerpt = at < most.excerpts && head !== undefined ? excerptOf(head, bytes) : undefined;
    return {
      ...{ ref, path, bytes },
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(excerpt === undefined ? {} : { excerpt }),
    };
  });
}

/** `there`: nobody noted what it was. `outside`: nobody looks. */
export type FileState = "same" | "changed" | "gone" | "there" | "outside";

/** Has it changed since? */
export function stateOf(bus: Bus, { path, sha256, bytes }: FileFacts): FileState {
  const found = look(bus, path);
  if (found.kind === "outside") return "outside";
  if (found.kind === "missing") return "gone";
  if (bytes === undefined) return "there";
  const now = contentFacts(found.real);
  return now?.bytes === bytes && now.sha256 === sha256 ? "same" : "changed";
}

export function absolute({ system }: Bus, ref: string): string {
  if (ref.startsWith("/")) return ref;
  return ref.startsWith("~/") ? `${system.home}${ref.slice(1)}` : `${system.cwd}/${ref}`;
}

/** An agent is not asked before it makes or opens a bundle: it sees what `send --file` may send. */
function look(bus: Bus, path: string): OwnPath {
  return ownPath(path, isInsideTool(bus) ? bus.system.cwd : undefined);
}

/** Whole lines of the beginning, so that a reader knows the file again. */
function excerptOf(head: string, bytes: number): string | undefined {
  const lines = head.split("\n").slice(0, most.lines);
  const text = forPeople(lines.join("\n").slice(0, most.excerpt)).trimEnd();
  if (text === "") return undefined;
  return Buffer.byteLength(text) < bytes - 1 ? `${text}\n...` : text;
}
