// The mechanisms that start a turn in an idle session from outside: a line into its inbox, a touch
// of its bell file. They carry a nudge and never mail.
import { ensurePrivateDir, readText } from "../../../sys/files.ts";
import { fs } from "../../../sys/fs.ts";
import type { LiveSession, Rung, Tool } from "../../../tools/tool.ts";

export interface Nudge {
  text: string;
  id: string;
}

/** A session as its program publishes it. */
export interface Published {
  tool: Tool;
  pid: number;
  configDir: string;
  live: LiveSession | undefined;
}

/** The socket that takes prompts, when it is there. */
export function inboxOf(target: Pick<Published, "live">): string | undefined {
  const socket = target.live?.inboxSocket;
  if (socket === undefined) return undefined;
  try {
    return fs().statSync(socket).isSocket() ? socket : undefined;
  } catch {
    return undefined;
  }
}

const inboxMs = 2000;
const lingerMs = 300;

/** Resolves with the reason when it did not work. */
export function writeToInbox(
  rung: Extract<Rung, { kind: "inbox" }>,
  target: Published,
  nudge: Nudge,
): Promise<string | undefined> {
  const path = inboxOf(target);
  if (path === undefined) return Promise.resolve("the inbox is gone");
  const lines = rung.lines(inboxToken(target, path), nudge.text, nudge.id);
  return new Promise((resolve) => {
    const socket = net().connect(path);
    const finish = (failure?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure);
    };
    const timer = setTimeout(() => finish("the inbox does not answer"), inboxMs);
    socket.on("error", (error) => finish(error.message));
    socket.on("connect", () => {
      // Closing at once could cut off an answer that it wants to write.
      socket.write(lines.map((line) => `${line}\n`).join(""), () => setTimeout(finish, lingerMs));
    });
    socket.on("close", () => finish());
    socket.resume();
  });
}

function inboxToken(target: Published, socket: string): string | undefined {
  const { live } = target.tool;
  if (live === undefined) return undefined;
  const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const text = readText(live.keyPath(target.configDir, target.pid, socket, sha256));
  return text === undefined ? undefined : live.readKey(text);
}

export function ringBell(bell: string, id: string): undefined {
  ensurePrivateDir(bell.slice(0, bell.lastIndexOf("/")));
  // New content each time: a watcher may compare more than the time.
  fs().writeFileSync(bell, `${id}\n`, { mode: 0o600 });
}

/** Fetched when somebody is really reached this way: importing it costs every send 6 ms. */
function net(): typeof import("node:net") {
  return process.getBuiltinModule("node:net");
}
