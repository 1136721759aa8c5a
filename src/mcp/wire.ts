// The line between a client and the protocol package: one message per line over our standard
// streams. Messages are handed on strictly one after the other, the next one when the answer to the
// last has left, and what was received before the end of input is answered.
import type { JSONRPCMessage, JSONRPCRequest, Transport } from "@modelcontextprotocol/server";
import { asObject, asText } from "../core/json.ts";
import { echoedId } from "../core/json-id.ts";
import { linesOf } from "../sys/stream-lines.ts";
import { errorCode, type Incoming, noBatches, readLine, tooLong } from "./incoming.ts";

export interface Streams {
  input: ReadableStream<Uint8Array>;
  /** Resolves when the text has left; false when nobody reads any more. */
  write(text: string): Promise<boolean>;
}

export interface Wire {
  transport: Transport;
  /** Resolves when the input has ended or was stopped, and all of it was answered. */
  ended: Promise<void>;
  /** The message in hand is answered; what comes after it is not read. */
  stop(): void;
}

/** A message of 1 MiB in the longest spelling of JSON, `\u0000` for each byte, and its envelope. */
const longestLine = 8 * 1024 * 1024;

/** Answered when it ends, not when it begins: nothing may wait for it. */
const longLived = "subscriptions/listen";

/** The one version in which several messages may come in one line, to be answered in one. */
const withBatches = "2025-03-26";

interface InHand {
  id: string | number;
  /** What goes back in place of the id. */
  spelled: string | undefined;
  method: string;
  done(): void;
}

export interface Watchers {
  /** Sees every message before it is handed on. */
  onMessage(message: JSONRPCMessage): Promise<void>;
  /** The answer to a request has left, or nobody was there to take it. */
  onAnswered(hasLeft: boolean): void;
}

export function openWire(streams: Streams, watchers: Watchers): Wire {
  const reader = streams.input.getReader();
  let inHand: InHand | undefined;
  let isOver = false;
  let version = "";
  /** The answers to a batch that is under way. */
  let batch: object[] | undefined;
  const stop = () => {
    isOver = true;
    // The reader may be in the middle of a read: then that one ends.
    reader.cancel().catch(() => {});
  };
  const write = writer(streams, stop);
  const transport: Transport = {
    start: async () => {},
    close: async () => transport.onclose?.(),
    async send(message) {
      const answered = answeredBy(message, inHand);
      version = versionIn(message) ?? version;
      const said = withMethod(message, answered?.method);
      if (answered === undefined) return void (await write(said));
      try {
        const answer = { ...said, id: echoedId(answered.id, answered.spelled) };
        if (batch === undefined) watchers.onAnswered(await write(answer));
        else batch.push(answer);
      } finally {
        answered.done();
      }
    },
  };
  const handOn = async (message: JSONRPCMessage, spelled?: string): Promise<void> => {
    await watchers.onMessage(message);
    const deliver = () => transport.onmessage?.(message);
    if (!isRequest(message) || message.method === longLived) return deliver();
    await new Promise<void>((done) => {
      inHand = { id: message.id, spelled, method: message.method, done };
      deliver();
    });
  };
  const handle = async (incoming: Incoming): Promise<void> => {
    if (incoming.kind === "message") await handOn(incoming.message, incoming.spelled);
    else if (incoming.kind === "batch") await handleBatch(incoming.parts);
    else if (incoming.kind === "refused") {
      if (batch === undefined) await write(incoming.answer);
      else batch.push(incoming.answer);
    }
    inHand = undefined;
  };
  const handleBatch = async (parts: readonly Incoming[]): Promise<void> => {
    if (version !== withBatches) return void (await write(noBatches()));
    batch = [];
    for (const part of parts) await handle(part);
    const answers = batch;
    batch = undefined;
    if (answers.length > 0) watchers.onAnswered(await write(answers));
  };
  const pump = async (): Promise<void> => {
    for await (const line of linesOf(reader, longestLine)) {
      if (isOver) return;
      if (line.kind === "too_long") {
        await write(tooLong(longestLine, line.head, line.tail));
        continue;
      }
      await handle(readLine(line.bytes));
      if (isOver) return;
    }
  };
  return { transport, stop, ended: startLater(pump) };
}

/** One line after the other; `onGone` when nobody reads them any more. */
function writer(streams: Streams, onGone: () => void): (message: object) => Promise<boolean> {
  let written: Promise<boolean> = Promise.resolve(true);
  return async (message) => {
    const line = `${JSON.stringify(message)}\n`;
    written = written.then((isRead) => isRead && streams.write(line));
    const hasLeft = await written;
    if (!hasLeft) onGone();
    return hasLeft;
  };
}

/** The package sets its callbacks in the same turn in which it was given the transport. */
function startLater(pump: () => Promise<void>): Promise<void> {
  return Promise.resolve().then(pump);
}

function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return "method" in message && "id" in message;
}

/** Of the answer to a handshake. */
function versionIn(message: JSONRPCMessage): string | undefined {
  return asText(asObject("result" in message ? message.result : undefined)["protocolVersion"]);
}

function answeredBy(message: JSONRPCMessage, inHand: InHand | undefined): InHand | undefined {
  const isAnswer = !("method" in message) && "id" in message;
  return isAnswer && inHand?.id === message.id ? inHand : undefined;
}

/** The package says that a method is unknown, but not which one. */
function withMethod(message: JSONRPCMessage, method: string | undefined): JSONRPCMessage {
  if (method === undefined || !("error" in message)) return message;
  if (message.error.code !== errorCode.methodNotFound) return message;
  return { ...message, error: { ...message.error, message: `Method not found: ${method}` } };
}
