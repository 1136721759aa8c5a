// The MCP server: channels, and on the bus the agents too, as tools of a model's client. It serves
// one client over standard input and output and ends with it.
import type { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { exitCode } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import { choiceIn } from "./choice.ts";
import { clientNameIn } from "./incoming.ts";
import { openDoor } from "./open-door.ts";
import { readResource } from "./resources.ts";
import { serverOf } from "./server.ts";
import { standardStreams } from "./streams.ts";
import { noteSubscriptions, watchResources } from "./watch.ts";
import { openWire } from "./wire.ts";

export interface McpOptions {
  /** On the bus: the agents besides the channels, and callers are known by their sessions. */
  withBusTools?: boolean;
}

/** Resolves with the exit code when the client has closed its end, or a signal asked us to go. */
export async function runMcp(
  argv: readonly string[],
  system: System,
  options: McpOptions = {},
): Promise<number> {
  using opened = await openDoor(system, choiceIn(argv), options.withBusTools === true);
  const { door } = opened;
  let server: Server | undefined;
  using watch = watchResources({
    read: async (uri) => (await readResource(door, uri).catch(() => undefined))?.text,
    listen: opened.listen,
    tell: async (uri) => server?.sendResourceUpdated({ uri }),
  });
  const wire = openWire(standardStreams(), {
    onMessage(message) {
      door.connection.clientName = clientNameIn(message) ?? door.connection.clientName;
      return noteSubscriptions(watch, message);
    },
    onAnswered: (hasLeft) => {
      const putOff = door.afterAnswer.splice(0);
      if (hasLeft) for (const run of putOff) run();
    },
  });
  const connection = serveStdio(
    ({ era }) => {
      server = serverOf({ door, watch, isModern: era === "modern" });
      return server;
    },
    {
      transport: wire.transport,
      onerror: (error) =>
        system.log({ level: "warn", subsystem: "mcp", event: "protocol", msg: error.message }),
    },
  );
  using _signals = onSignals(wire.stop);
  await wire.ended;
  await connection.close();
  return exitCode.ok;
}

function onSignals(stop: () => void): Disposable {
  const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
