// The wrapper's local endpoint: a Unix socket that only the same user can open (mode 0600 in a 0700
// directory), one JSON request per line, one JSON answer per line. What the requests do is in
// control-requests.ts.
import { chmodSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { parseJson } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";
import { ensurePrivateDir, removeFile } from "../sys/files.ts";

export type Handler = (request: unknown) => Promise<object>;

export interface Control {
  path: string;
  close(): void;
}

/** sun_path holds 108 bytes on Linux and 104 on macOS, with the end mark. */
const pathBytes = 103;
const requestBytes = 1_000_000;

/** `runDir` is used unless its paths are too long for a socket. */
export async function openControl(runDir: string, pid: number, handle: Handler): Promise<Control> {
  const folder = socketFolder(runDir);
  void removeStale(folder);
  const path = `${folder}/w${pid}.sock`;
  // Nobody alive has our pid: what stands here is left over.
  removeFile(path);
  const server = createServer((socket) => serve(socket, handle));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  server.on("error", () => {});
  chmodSync(path, 0o600);
  server.unref();
  return {
    path,
    close() {
      server.close();
      removeFile(path);
    },
  };
}

/** Where wrappers of this directory listen, or have listened. */
export function controlSockets(runDir: string): string[] {
  try {
    const folder = socketFolder(runDir);
    return readdirSync(folder)
      .filter((file) => /^w\d+\.sock$/.test(file))
      .map((file) => `${folder}/${file}`);
  } catch {
    return [];
  }
}

/** Sends one request and gives the answer. Throws Refusal when nobody answers. */
export function callControl(path: string, request: object, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = "";
    const fail = (reason: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(
        new Refusal({
          code: "no_wrapper",
          message: `the agent's wrapper does not answer: ${reason}`,
          hint: "see whether it still runs: hcom list",
        }),
      );
    };
    const timer = setTimeout(() => fail(`nothing within ${timeoutMs} ms`), timeoutMs);
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("it closed the connection"));
    socket.on("data", (part: string) => {
      text += part;
      const end = text.indexOf("\n");
      if (end < 0) return;
      clearTimeout(timer);
      resolve(parseJson(text.slice(0, end)));
      socket.removeAllListeners("close");
      socket.end();
    });
  });
}

export function refusal(code: string, message: string): object {
  return { error: { code, message } };
}

function serve(socket: Socket, handle: Handler): void {
  let text = "";
  let queue: Promise<void> = Promise.resolve();
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (part: string) => {
    text += part;
    if (text.length > requestBytes) socket.destroy();
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      queue = queue.then(async () => {
        const answer = await answerTo(line, handle);
        if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
      });
    }
  });
}

async function answerTo(line: string, handle: Handler): Promise<object> {
  const request = parseJson(line);
  if (request === undefined) return refusal("bad_request", "the request is not JSON");
  try {
    return await handle(request);
  } catch (error) {
    if (error instanceof Refusal) return refusal(error.code, error.message);
    return refusal("failed", error instanceof Error ? error.message : String(error));
  }
}

/** A private folder for sockets; `runDir` where a path in it is short enough for one. */
export function socketFolder(runDir: string): string {
  if (Buffer.byteLength(`${runDir}/w4194304.sock`) <= pathBytes) {
    ensurePrivateDir(runDir);
    chmodSync(runDir, 0o700);
    return runDir;
  }
  const user = process.getuid?.() ?? 0;
  for (const root of [tmpdir(), "/tmp"]) {
    const folder = `${root}/hcom-${user}`;
    if (Buffer.byteLength(`${folder}/w4194304.sock`) > pathBytes) continue;
    if (isOurs(folder, user)) return folder;
  }
  throw new Refusal({
    code: "no_socket_folder",
    message: `no private directory for a socket: ${runDir} is too long, and ${tmpdir()} has none`,
  });
}

// In a shared directory somebody else may have made it first, or made it a link.
function isOurs(folder: string, user: number): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It exists, or cannot be made: the look below tells.
  }
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === user && (stat.mode & 0o077) === 0;
}

/** Wrappers that were killed leave their sockets: nobody listens there any more. */
async function removeStale(folder: string): Promise<void> {
  for (const file of readdirSync(folder)) {
    if (!/^[mw]\d+\.sock$/.test(file)) continue;
    const path = `${folder}/${file}`;
    if (await isRefused(path)) removeFile(path);
  }
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (isDead: boolean) => {
      socket.destroy();
      resolve(isDead);
    };
    socket.on("connect", () => finish(false));
    socket.on("error", (error) => finish("code" in error && error.code === "ECONNREFUSED"));
  });
}
