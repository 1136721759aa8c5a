// `hcom term debug on`: every few seconds the wrapper writes down what it sees and intends, so that
// a delivery that hangs can be understood afterwards. A flag file says so, for all wrappers.
import { ensurePrivateDir } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";

const everyMs = 5000;
/** A trace that is forgotten must not fill the disk. */
const mostBytes = 20 << 20;

export interface TraceOptions {
  flag: string;
  logs: string;
  /** Base name of the agent, once there is one. */
  name(): string | undefined;
  /** What is to be written down, as JSON. */
  seen(): object;
  now(): number;
}

export function startTrace(options: TraceOptions): Disposable {
  const timer = setInterval(() => {
    try {
      if (fs().existsSync(options.flag)) note(options);
    } catch {
      // It is there to help; it must never be in the way.
    }
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function note({ logs, name, seen, now }: TraceOptions): void {
  const who = name();
  if (who === undefined) return;
  const path = `${logs}/pty_debug_${who}.log`;
  if (fs().existsSync(path) && fs().statSync(path).size > mostBytes) return;
  ensurePrivateDir(logs);
  const line = JSON.stringify({ ts: new Date(now()).toISOString(), name: who, ...seen() });
  fs().appendFileSync(path, `${line}\n`, { mode: 0o600 });
}
