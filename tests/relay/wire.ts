// A wire between devices and their broker that counts what goes through it, and that can be cut,
// held up, and made to speak an older MQTT than the broker behind it.
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Wire extends AsyncDisposable {
  port: number;
  /** Bytes from the devices to the broker, and back. */
  up: number;
  down: number;
  /** Connections that were accepted. */
  opened: number;
  /** Ends all that there are; new ones may come. */
  cut(): void;
  /** From now on nobody gets through, and those who are are cut; undone with false. */
  close(isClosed: boolean): void;
  /** Nothing goes through and nobody is told: as where a cable is pulled. */
  hold(isHeld: boolean): void;
}

export interface WireOptions {
  /** As a broker that knows MQTT 3.1.1 only: with its refusal, or by hanging up. */
  old?: "refuses" | "hangs up";
}

export async function wireTo(brokerPort: number, options: WireOptions = {}): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isClosed = false;
  let isHeld = false;
  const server = createServer((near) => {
    if (isClosed) {
      near.destroy();
      return;
    }
    wire.opened++;
    const far = connect({ host: "127.0.0.1", port: brokerPort });
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const one of pair) one.destroy();
    };
    for (const one of pair) one.on("error", end).on("close", end);
    if (isHeld) for (const one of pair) one.pause();
    let isFirst = true;
    near.on("data", (bytes: Buffer) => {
      wire.up += bytes.length;
      if (isFirst && options.old !== undefined && protocolLevel(bytes) === 5) {
        if (options.old === "refuses") near.end(unacceptableVersion);
        else near.destroy();
        return;
      }
      isFirst = false;
      pass(bytes, near, far);
    });
    far.on("data", (bytes: Buffer) => {
      wire.down += bytes.length;
      pass(bytes, far, near);
    });
  });
  const endAll = () => {
    for (const [near, far] of [...pairs]) {
      near.destroy();
      far.destroy();
    }
  };
  const wire: Wire = {
    ...{ port: await listen(server), up: 0, down: 0, opened: 0 },
    cut: endAll,
    close(closed) {
      isClosed = closed;
      if (closed) endAll();
    },
    hold(held) {
      isHeld = held;
      for (const one of [...pairs].flat()) held ? one.pause() : one.resume();
    },
    async [Symbol.asyncDispose]() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return wire;
}

function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return;
  from.pause();
  to.once("drain", () => from.resume());
}

/** MQTT 3.1.1 §3.1.2.2: return code 1, then the connection is closed. */
const unacceptableVersion = Buffer.from([0x20, 2, 0, 1]);

/** MQTT §3.1.2: behind the packet's type and length and the name "MQTT". */
function protocolLevel(bytes: Buffer): number | undefined {
  const at = bytes.indexOf("MQTT");
  return at < 0 ? undefined : bytes[at + 4];
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
    });
  });
}
