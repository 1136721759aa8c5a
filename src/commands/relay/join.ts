// Making a group, joining one, and the line with which others do.
import { type Bus, openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { healthText } from "../../cli/person/relay-health.ts";
import { askSecret } from "../../cli/person/secret.ts";
import { style } from "../../cli/style.ts";
import { readRelay } from "../../config/relay.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { isPublic } from "../../core/relay/broker.ts";
import type { Group } from "../../core/relay/token.ts";
import { ensureWorker, stopWorker } from "../../relay/daemon.ts";
import {
  brokerOf,
  joinGroup,
  makeGroup,
  requireRelay,
  setEnabled,
  type Tried,
  tokenOf,
  type Wish,
} from "../../relay/group.ts";
import { fingerprint } from "../../relay/seal.ts";
import { showStatus } from "./status.ts";

const connectMs = 5000;

export async function runNew(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "relay", repairModes: true });
  const before = readRelay(bus.paths);
  const wish = await wishOf(call);
  const { group, tried } = await makeGroup(bus, wish);
  const old = before.kind === "ready" ? tokenOf(before.config) : undefined;
  if (!call.json) {
    if (old !== undefined) call.out.line(`Until now: hcom relay connect ${old}`, "\n");
    for (const one of tried) call.out.line(...triedLine(one));
    say(call, group, wish);
    call.out.line("");
    call.out.line(
      "On other devices: ",
      style.strong(`hcom relay connect ${tokenOf(requireRelay(bus))}`),
    );
    if (wish.password !== undefined)
      call.out.line("  (with the broker's password: --password-stdin)");
  }
  return await begin(call, bus, group, tokenOf(requireRelay(bus)));
}

export async function runConnect(call: Call, word: string): Promise<number> {
  using bus = openBus(call.system, { writer: "relay", repairModes: true });
  const wantsPassword = call.flags.has("password-stdin");
  const input = await linesOfInput([
    ...(word === "-" ? ["The line of the group"] : []),
    ...(wantsPassword ? [passwordQuestion] : []),
  ]);
  const given = word === "-" ? (input.shift() ?? "") : word;
  // The whole line was pasted.
  const token = given.replace(/^.*\brelay connect /, "");
  const wish = await wishOf(call, input);
  const { group, tried } = await joinGroup(bus, token, wish);
  if (!call.json) {
    call.out.line(...triedLine(tried));
    say(call, group, wish);
    if (wish.password === undefined && !isPublic(brokerOf(group.url))) {
      call.out.line("Password: not set (a broker that wants one: --password-stdin)");
    }
  }
  return await begin(call, bus, group, undefined);
}

export async function runOn(call: Call): Promise<number> {
  {
    using bus = openBus(call.system, { writer: "relay" });
    requireRelay(bus);
    setEnabled(bus, true);
    await ensureWorker(bus, connectMs);
  }
  return showStatus(call);
}

export async function runToken(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "relay" });
  const config = requireRelay(bus);
  const token = tokenOf(config);
  if (call.json) {
    call.out.json({
      ok: true,
      token,
      command: `hcom relay connect ${token}`,
      needs_password: config.password !== undefined,
    });
    return exitCode.ok;
  }
  call.out.line(`hcom relay connect ${token}`);
  if (config.password !== undefined)
    call.out.line("The broker also wants its password: --password-stdin");
  if (call.out.view.isForPeople) {
    const { renderUnicodeCompact } = await import("uqr");
    for (const row of renderUnicodeCompact(`hcom relay connect ${token}`).split("\n"))
      call.out.line(row);
    call.out.line(
      "Who has this line can do everything on your devices. Clear the screen when you are done.",
    );
  }
  return exitCode.ok;
}

/** Of hcom 0.6: a server that spoke HTTP. */
export function runHf(_call: Call): never {
  throw new Refusal({
    code: "relay_hf",
    message: "the relay over a Hugging Face Space is gone: groups meet at an MQTT broker now",
    hint: "make a group: hcom relay new",
  });
}

async function begin(
  call: Call,
  bus: Bus,
  group: Group,
  token: string | undefined,
): Promise<number> {
  await stopWorker(bus);
  const health = await ensureWorker(bus, connectMs);
  if (call.json) {
    const shown = { broker: group.url, fingerprint: fingerprint(group.key), health };
    call.out.json({
      ok: health.kind === "connected",
      ...shown,
      ...(token === undefined ? {} : { token }),
    });
  } else if (health.kind === "connected") call.out.line(style.good("Connected."));
  else call.out.line(...healthText(health), ". See: hcom relay");
  return health.kind === "error" ? exitCode.error : exitCode.ok;
}

function say(call: Call, group: Group, wish: Wish): void {
  call.out.line(`Broker:   ${group.url}`);
  call.out.line(`Key:      ${fingerprint(group.key)} (XChaCha20-Poly1305)`);
  if (wish.password !== undefined) call.out.line("Password: set");
}

function triedLine(tried: Tried): [string] {
  return [`  ${tried.url} - ${tried.ok ? `${tried.ms} ms` : tried.why}`];
}

async function wishOf(call: Call, input?: string[]): Promise<Wish> {
  const wantsInput = call.flags.has("password-stdin");
  const lines = input ?? (await linesOfInput(wantsInput ? [passwordQuestion] : []));
  const { flags } = call;
  return {
    broker: flags.value("broker"),
    password: wantsInput ? lines[0] : flags.value("password"),
    ca: flags.value("ca"),
    sharesHistory: flags.has("share-history"),
  };
}

const passwordQuestion = "Password of the broker";

/** One line for each, from whatever is piped in, or asked of the person at the terminal. */
async function linesOfInput(questions: readonly string[]): Promise<string[]> {
  if (questions.length === 0) return [];
  if (isTerminal(0)) return questions.map(askSecret);
  return (await Bun.stdin.text())
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
