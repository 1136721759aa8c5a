// What Claude Code publishes about a running session: `sessions/<pid>.json`, rewritten with every
// change of state, and the key file beside it for the session's inbox socket.
import { asNumber, asText, isObject, parseJson } from "../../core/json.ts";
import type { LiveRegistry, LiveSession } from "../tool.ts";

export const live: LiveRegistry = {
  path: (configDir, pid) => `${configDir}/sessions/${pid}.json`,
  read: readSession,
  // Claude Code 2.1.329: sessions/<pid>.<sha256 of the socket's path>.key
  keyPath: (configDir, pid, socket, sha256) => `${configDir}/sessions/${pid}.${sha256(socket)}.key`,
  readKey(text) {
    const key = parseJson(text);
    return isObject(key) ? asText(key["peerToken"]) : undefined;
  },
};

function readSession(text: string): LiveSession | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const status = value["status"];
  if (status !== "idle" && status !== "busy" && status !== "waiting") return undefined;
  const session: LiveSession = { status };
  const waitingFor = asText(value["waitingFor"]);
  const id = asText(value["sessionId"]);
  const start = asText(value["procStart"]) ?? asNumber(value["procStart"])?.toString();
  // The wire format is not documented: only the protocol that was seen working is used.
  const socket = value["peerProtocol"] === 1 ? asText(value["messagingSocketPath"]) : undefined;
  if (waitingFor !== undefined) session.waitingFor = waitingFor;
  if (id !== undefined) session.session = id;
  if (start !== undefined) session.processStart = start;
  if (socket !== undefined) session.inboxSocket = socket;
  return session;
}
