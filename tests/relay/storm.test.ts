// Messages in all directions between three devices while the broker restarts three times, one
// device is cut off and workers are killed. The long form, a matter of minutes:
// `RELAY_STORM=10000 sh scripts/bun test tests/relay/storm.test.ts`.
import { test as everyTest, expect } from "bun:test";
import { readRuntime } from "../../src/relay/runtime.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import { hasBroker, startBroker } from "./lab.ts";
import {
  closeDevices,
  disagreements,
  disordered,
  doubled,
  missing,
  say,
  threeDevices,
} from "./three-devices.ts";

const messages = Number(process.env["RELAY_STORM"] ?? 300);
const isLong = messages >= 10_000;
/** How long one device is cut off, and between two workers that are killed. */
const [awayMs, killEveryMs] = isLong ? [60_000, 10_000] : [2000, 2000];
/** All is said within this time, and everything happens in it. */
const spanMs = isLong ? 100_000 : 6000;
const restarts = 3;

const test = hasBroker ? everyTest : everyTest.skip;

test(`${messages} messages: none lost, none doubled, in order, and the ledgers agree`, async () => {
  using dir = tempDir();
  await using broker = await startBroker(dir.path);
  const all = await threeDevices(dir.path, broker);
  const began = performance.now();
  const passed = () => performance.now() - began;
  const tally = { killed: 0, restarted: 0, away: 0 };

  const talk = async () => {
    for (let said = 0; said < messages; ) {
      const due = Math.min(messages, Math.ceil((messages * passed()) / spanMs));
      for (; said < due; said++) {
        const from = all[said % 3]!;
        say(from, said % 2 === 0 ? undefined : all[(said + 1 + (said % 5)) % 3]);
      }
      await Bun.sleep(50);
    }
  };
  const read = async () => {
    for (let nth = 0; passed() < spanMs; nth++) {
      await all[nth % 3]!.device.hcom("listen", "--name", "luna", "--timeout", "1");
    }
  };
  const restart = async () => {
    for (let nth = 1; nth <= restarts; nth++) {
      await Bun.sleep(Math.max(0, (spanMs * nth) / (restarts + 1) - passed()));
      await broker.stop();
      await Bun.sleep(500);
      await broker.start();
      tally.restarted++;
    }
  };
  const cutOff = async () => {
    await Bun.sleep(spanMs / 5);
    all[2].wire.close(true);
    await Bun.sleep(awayMs);
    all[2].wire.close(false);
    tally.away++;
  };
  const kill = async () => {
    for (let nth = 0; passed() < spanMs; nth++) {
      await Bun.sleep(killEveryMs);
      const { device } = all[nth % 3]!;
      const pid = readRuntime(device.bus)?.pid;
      if (pid !== undefined) {
        process.kill(pid, "SIGKILL");
        tally.killed++;
      }
      // As anybody's next command does.
      await device.hcom("list");
    }
  };

  try {
    await Promise.all([talk(), read(), restart(), cutOff(), kill()]);
    const saidAt = passed();
    for (const { device } of all) await device.hcom("list");
    await until(() => missing(all).length === 0 && disagreements(all).length === 0, {
      ...{ timeoutMs: 120_000, what: "all of it" },
      dump: async () =>
        [
          ...missing(all).slice(0, 5),
          ...disagreements(all).slice(0, 5),
          ...(await Promise.all(all.map(async ({ device }) => (await device.hcom("relay")).out))),
        ].join("\n"),
    });
    expect([doubled(all), disordered(all)]).toEqual([[], []]);
    expect(tally).toMatchObject({ restarted: restarts, away: 1 });
    expect(tally.killed).toBeGreaterThan(0);
    if (isLong) {
      const settled = Math.round((passed() - saidAt) / 1000);
      console.info({ messages, ...tally, seconds: Math.round(passed() / 1000), settled });
    }
  } finally {
    await closeDevices(all);
  }
}, 600_000);
