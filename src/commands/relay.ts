// hcom relay: connect agents on several machines: a group.
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";

const toJoin =
  "[--broker URL] [--password SECRET | --password-stdin] [--ca FILE] [--share-history]";

const command: Command = {
  name: "relay",
  group: "setup",
  summary: "connect agents on several machines: a group",
  usage: [
    "relay [status] [--ping]",
    `relay new ${toJoin}`,
    "relay token",
    `relay connect TOKEN ${toJoin}`,
    "relay on",
    "relay off [--all]",
    "relay push",
    "relay pull",
    "relay daemon [status|start|stop|restart]",
  ],
  firstWords: [
    { word: "status", about: "how the connection is, and who else is in the group" },
    { word: "new", about: "make a group; prints the line that others paste" },
    { word: "token", about: "print that line again, on a terminal also as a QR code" },
    { word: "connect", about: "join a group; - reads the token from standard input" },
    { word: "on", about: "connect again after off" },
    { word: "off", about: "leave until on; the group and its key are kept" },
    { word: "push", about: "send now what waits" },
    { word: "pull", about: "ask the others now for what is missing here" },
    { word: "daemon", about: "the process that talks to the broker" },
  ],
  flags: [
    { name: "broker", value: "URL", about: "mqtts://host:port, or mqtt://host:port without TLS" },
    {
      name: "password",
      value: "SECRET",
      about: "of the broker; others see it in the process list",
    },
    { name: "password-stdin", about: "read the broker's password from standard input" },
    { name: "ca", value: "FILE", about: "trust the certificates in this PEM file, too" },
    { name: "share-history", about: "the group may read what was said here before" },
    { name: "all", about: "off: ask all other devices to leave, too" },
    { name: "ping", about: "status: also measure the way to the broker" },
  ],
  mostWords: 2,
  exits: { 1: "no group, no broker, or the daemon could not be reached" },
  examples: [
    "hcom relay new",
    "hcom relay connect TOKEN",
    "hcom send @luna:BOXE -- hello from here   # luna on the machine BOXE",
  ],
  run: runRelay,
};
export default command;

async function runRelay(call: Call): Promise<number> {
  const [word = "status", more] = call.words;
  switch (word) {
    case "status":
      return (await import("./relay/status.ts")).showStatus(call);
    case "new":
      return (await import("./relay/join.ts")).runNew(call);
    case "token":
      return (await import("./relay/join.ts")).runToken(call);
    case "connect":
    case "on":
      return connect(call, word === "on" ? undefined : more);
    case "off":
    case "disconnect":
      return (await import("./relay/leave.ts")).runOff(call);
    case "push":
    case "pull":
      return (await import("./relay/daemon.ts")).runNow(call, word);
    case "daemon":
      return (await import("./relay/daemon.ts")).runDaemon(call, more ?? "status");
    case "hf":
      return (await import("./relay/join.ts")).runHf(call);
    default:
      // A pasted token alone says what is meant.
      if (word.length > 20 && more === undefined) return connect(call, word);
      throw usageError(command, `"${word}" is nothing that relay does`);
  }
}

async function connect(call: Call, token: string | undefined): Promise<number> {
  const join = await import("./relay/join.ts");
  return token === undefined ? join.runOn(call) : join.runConnect(call, token);
}
