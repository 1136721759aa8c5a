// Waits until it is known how a launch turned out, for a while.
import type { Bus } from "../bus/bus.ts";
import { type BatchMember, membersOfBatch } from "../bus/life/batch.ts";

const lookEveryMs = 100;
const usualMs = 10_000;

/** As far as it got: members may still be starting. */
export async function awaitBatch(
  bus: Bus,
  batchId: string,
  { names, atMostMs = usualMs }: { names?: readonly string[]; atMostMs?: number },
): Promise<BatchMember[]> {
  const deadline = bus.system.monotonic() + atMostMs;
  for (;;) {
    const members = membersOfBatch(bus, batchId).filter(
      ({ name }) => names === undefined || names.includes(name),
    );
    const isOver = members.every(({ state }) => state !== "starting");
    if (isOver || bus.system.monotonic() > deadline) return members;
    await Bun.sleep(lookEveryMs);
  }
}
