// A real broker on loopback with a password and TLS, and devices: directories with a program of
// their own, as people start it.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { realSystem } from "../../src/sys/system.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, type Run } from "../process/lab.ts";

export const brokerPassword = "s3cret-of-the-broker";

export interface LabBroker extends AsyncDisposable {
  /** With TLS. */
  url: string;
  plainUrl: string;
  port: number;
  tlsPort: number;
  ca: string;
  /** Stops it; what it kept is gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  log(): Promise<string>;
}

export interface BrokerOptions {
  /** Lines for its configuration. */
  extra?: readonly string[];
}

/** Debian keeps a broker where only root looks. */
function programAt(name: string): string | undefined {
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`;
  return Bun.which(name, { PATH: path }) ?? undefined;
}

const mosquitto = programAt("mosquitto");
const mosquittoPasswd = programAt("mosquitto_passwd");

/** Without a real one on this machine its tests are skipped; `.ci/run` installs it. */
export const hasBroker =
  mosquitto !== undefined && mosquittoPasswd !== undefined && Bun.which("openssl") !== null;

export async function startBroker(dir: string, options: BrokerOptions = {}): Promise<LabBroker> {
  const folder = join(dir, "broker");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  certificates(folder);
  const [port, tlsPort] = await Promise.all([freePort(), freePort()]);
  run([mosquittoPasswd ?? "", "-b", "-c", join(folder, "passwords"), "hcom", brokerPassword]);
  writeFileSync(join(folder, "conf"), configuration(folder, port, tlsPort, options));
  let child: Bun.Subprocess | undefined;
  const logPath = join(folder, "log");
  const start = async () => {
    child = Bun.spawn([mosquitto ?? "", "-c", join(folder, "conf")], {
      stdin: "ignore",
      stdout: Bun.file(logPath),
      stderr: Bun.file(logPath),
    });
    await until(() => isListening(port), { timeoutMs: 10_000, what: "the broker" });
  };
  const stop = async () => {
    child?.kill("SIGTERM");
    await child?.exited;
    child = undefined;
  };
  await start();
  return {
    url: `mqtts://127.0.0.1:${tlsPort}`,
    plainUrl: `mqtt://127.0.0.1:${port}`,
    port,
    tlsPort,
    ca: join(folder, "ca.pem"),
    start,
    stop,
    log: () => Bun.file(logPath).text(),
    [Symbol.asyncDispose]: stop,
  };
}

function configuration(
  folder: string,
  port: number,
  tlsPort: number,
  options: BrokerOptions,
): string {
  const own = typeof process.getuid === "function" && process.getuid() === 0 ? ["user root"] : [];
  return [
    ...own,
    "per_listener_settings false",
    "allow_anonymous false",
    `password_file ${folder}/passwords`,
    "log_type all",
    "log_dest stdout",
    "persistence false",
    `listener ${port} 127.0.0.1`,
    `listener ${tlsPort} 127.0.0.1`,
    `cafile ${folder}/ca.pem`,
    `certfile ${folder}/server.pem`,
    `keyfile ${folder}/server.key`,
    ...(options.extra ?? []),
    "",
  ].join("\n");
}

function certificates(folder: string): void {
  const at = (name: string) => join(folder, name);
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  run([
    ...["openssl", "req", "-x509", ...ec, "-keyout", at("ca.key"), "-out", at("ca.pem")],
    ...["-days", "2", "-subj", "/CN=test authority"],
  ]);
  run([
    ...["openssl", "req", ...ec, "-keyout", at("server.key"), "-out", at("server.csr")],
    ...["-subj", "/CN=127.0.0.1"],
  ]);
  writeFileSync(at("ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  run([
    ...["openssl", "x509", "-req", "-in", at("server.csr"), "-CA", at("ca.pem")],
    ...["-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("ext")],
    ...["-out", at("server.pem")],
  ]);
}

function run(words: string[]): void {
  const done = Bun.spawnSync(words, { stdout: "ignore", stderr: "pipe" });
  if (done.exitCode !== 0) throw new Error(`${words[0]}: ${done.stderr.toString()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

async function isListening(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

export interface Device extends AsyncDisposable {
  short: string;
  env: Env;
  bus: Bus;
  hcom(...args: string[]): Promise<Run>;
  /** The same, with something on its standard input. */
  tell(input: string, ...args: string[]): Promise<Run>;
  /** Rows of `hcom list --json`. */
  list(): Promise<Record<string, unknown>[]>;
  events(...args: string[]): Promise<Record<string, unknown>[]>;
  /** An ad-hoc agent of that name. */
  agent(name: string): Promise<void>;
  worker(): Promise<number>;
  /** Joins the group of a token, at another address of its broker where one is given. */
  join(token: string, broker: Pick<LabBroker, "ca">, url?: string): Promise<void>;
}

/** A directory with its own home; its short id is the given one. */
export function device(dir: string, short: string, given?: Env): Device {
  const env = given ?? plainEnv(join(dir, short.toLowerCase()));
  const home = env["HOME"] ?? dir;
  const state = env["HCOM_DIR"] ?? join(home, ".hcom");
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(join(state, "relay.device"), `${short}\n`);
  const call = (...args: string[]) => hcom(env, args);
  let bus: Bus | undefined;
  return {
    short,
    env,
    get bus() {
      bus ??= openBus({ ...realSystem(), env, home, log: () => {} }, { writer: "test" });
      return bus;
    },
    hcom: call,
    tell: (input, ...args) => hcom(env, args, { stdin: input }),
    list: async () => rowsOf(await call("list", "--json")),
    events: async (...args) => rowsOf(await call("events", ...args)),
    async agent(name) {
      const started = await call("start", "--as", name);
      if (started.code !== 0) throw new Error(`start ${name}: ${started.err}${started.out}`);
    },
    async worker() {
      const found = asObject(parseJson((await call("relay", "daemon", "--json")).out));
      return Number(found["pid"] ?? 0);
    },
    async join(token, { ca }, url) {
      const flags = [
        "--password-stdin",
        "--ca",
        ca,
        ...(url === undefined ? [] : ["--broker", url]),
      ];
      const stdin = `${token}\n${brokerPassword}\n`;
      const joined = await hcom(env, ["relay", "connect", "-", ...flags], { stdin });
      if (joined.code !== 0) throw new Error(`connect: ${joined.out}${joined.err}`);
    },
    async [Symbol.asyncDispose]() {
      await call("relay", "daemon", "stop");
      bus?.[Symbol.dispose]();
    },
  };
}

function rowsOf({ out }: Run): Record<string, unknown>[] {
  const whole = parseJson(out);
  if (Array.isArray(whole)) return asList(whole).map(asObject);
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => asObject(parseJson(line)));
}

/** The first makes a group at the broker, the others join it. */
export async function group(
  broker: Pick<LabBroker, "url" | "ca">,
  first: Device,
  ...others: Device[]
): Promise<string> {
  const flags = ["--broker", broker.url, "--password-stdin", "--ca", broker.ca];
  const made = await first.tell(`${brokerPassword}\n`, "relay", "new", ...flags);
  const token = /relay connect (\S+)/.exec(made.out)?.[1];
  if (made.code !== 0 || token === undefined) throw new Error(`new: ${made.out}${made.err}`);
  for (const one of others) await one.join(token, broker);
  return token;
}

export interface TwoDevices {
  broker: LabBroker;
  anna: Device;
  boxe: Device;
  token: string;
}

/** kira at ANNA and luna at BOXE, in one group; `through`: what stands before the broker. */
export async function twoDevices(
  dir: string,
  through?: (broker: LabBroker) => Promise<string>,
): Promise<TwoDevices> {
  const broker = await startBroker(dir);
  const [anna, boxe] = [device(dir, "ANNA"), device(dir, "BOXE")];
  const url = (await through?.(broker)) ?? broker.url;
  const token = await group({ ...broker, url }, anna, boxe);
  await anna.agent("kira");
  await boxe.agent("luna");
  return { broker, anna, boxe, token };
}

/** The first of them first; what was never opened is passed over. */
export async function closeAll(
  dir: Disposable,
  ...all: (AsyncDisposable | undefined)[]
): Promise<void> {
  for (const one of all) await one?.[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
}
