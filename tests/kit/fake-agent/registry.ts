// What the fake agent publishes about itself, as Claude Code 2.1 does: `sessions/<pid>.json`, from
// 2.1.216 on, and in newer versions an inbox socket with its key.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { asObject, asText, isObject, parseJson } from "../../../src/core/json.ts";
import { processStart } from "../../../src/sys/process.ts";

export type PublishedStatus = "idle" | "busy" | "waiting";

export interface Registry {
  publish(status: PublishedStatus, waitingFor?: string): void;
  remove(): void;
}

export interface RegistryOptions {
  configDir: string;
  cwd: string;
  session: string;
  version: string;
  /** Folder for the inbox socket; without it there is no inbox. */
  socketDir: string | undefined;
  onMessage(text: string): void;
}

export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { configDir, socketDir, version } = options;
  const folder = `${configDir}/sessions`;
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${process.pid}.json`;
  const procStart = processStart(process.pid);
  const socket = socketDir === undefined ? undefined : `${socketDir}/cc-${process.pid}.sock`;
  const key = socket && `${folder}/${process.pid}.${sha256(socket)}.key`;
  if (socket !== undefined && key !== undefined) {
    const peerToken = crypto.randomUUID().replaceAll("-", "");
    writeFileSync(key, JSON.stringify({ peerToken, procStart }), { mode: 0o600 });
    await listen(socket, peerToken, options.onMessage);
  }
  const base = {
    pid: process.pid,
    sessionId: options.session,
    cwd: options.cwd,
    startedAt: Date.now(),
    procStart,
    version,
    peerProtocol: 1,
    kind: "interactive",
    entrypoint: "cli",
    ...(socket === undefined ? {} : { messagingSocketPath: socket }),
  };
  // Claude Code 2.1.329 writes its first record without a status.
  writeFileSync(path, JSON.stringify(base));
  return {
    publish(status, waitingFor) {
      const now = Date.now();
      const state = { status, ...(waitingFor === undefined ? {} : { waitingFor }) };
      writeFileSync(
        path,
        JSON.stringify({ ...base, ...state, updatedAt: now, statusUpdatedAt: now }),
      );
    },
    remove() {
      for (const file of [path, key, socket]) if (file !== undefined) rmSync(file, { force: true });
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function listen(path: string, token: string, onMessage: (text: string) => void): Promise<void> {
  const server = createServer((socket) => serve(socket, token, onMessage));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}

/** Newline-delimited JSON: the key first, then messages. */
function serve(socket: Socket, token: string, onMessage: (text: string) => void): void {
  let text = "";
  let isKnown = false;
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (part: string) => {
    text += part;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = parseJson(text.slice(0, end));
      text = text.slice(end + 1);
      if (!isObject(line)) return void socket.destroy();
      if (line["type"] === "auth") isKnown = line["token"] === token;
      if (!isKnown) return void socket.destroy();
      const content = asText(asObject(line["message"])["content"]);
      if (line["type"] === "user" && content !== undefined) onMessage(content);
    }
  });
}
