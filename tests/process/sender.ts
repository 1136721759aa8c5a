// A process that sends many messages: `sender.ts FROM TO,TO... COUNT EVERY`. Each line that it
// prints is the id of a message that `send` reported as sent. Each EVERY-th message goes through
// the command line.
import { openBus } from "../../src/bus/bus.ts";
import { send } from "../../src/bus/mail/send.ts";
import { asObject, parseJson } from "../../src/core/json.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { realSystem } from "../../src/sys/system.ts";
import { launcher } from "./programs.ts";

const [from = "", to = "", count = "0", every = "0"] = process.argv.slice(2);

using bus = openBus(realSystem(), { writer: "send" });
for (let n = 0; n < Number(count); n++) {
  const text = `${from} ${n}`;
  const isByCommand = Number(every) > 0 && n % Number(every) === 0;
  const id = await oncePossible(() => (isByCommand ? byCommand(text) : byVerb(text)));
  // A killed process must not have said more than it did: one write for each message.
  await Bun.write(Bun.stdout, `${id}\n`);
}

/** On a loaded machine the log may be busy for longer than anybody waits: nothing was sent then. */
async function oncePossible<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error) || !/database_busy|kept \S+ locked/.test(saidBy(error)))
        throw error;
      await Bun.sleep(100);
    }
  }
}

function saidBy(error: Error): string {
  return error instanceof Refusal ? error.code : error.message;
}

function byVerb(text: string): number {
  return send(bus, { sender: { kind: "external", name: from }, targets: to.split(","), text }).id;
}

function byCommand(text: string): unknown {
  const args = [
    "send",
    ...to.split(",").map((one) => `@${one}`),
    "--from",
    from,
    "--json",
    "--",
    text,
  ];
  const run = Bun.spawnSync(["sh", launcher, ...args], { stdin: "ignore" });
  if (!run.success) throw new Error(`${run.stdout}${run.stderr}`);
  return asObject(parseJson(run.stdout.toString()))["id"];
}
