// Programs that send all the time, two of them at once, and may be killed at any moment.
import type { System } from "../../src/sys/system.ts";
import { senderProgram } from "./programs.ts";

export interface DoomedSenders extends Disposable {
  /** Harms one now and then, and starts another in its place. */
  keepGoing(): void;
  /** Waits for the last ones. */
  end(): Promise<void>;
  /** Ids that were printed as sent. */
  confirmed(): readonly number[];
  harmed(): number;
}

export interface Doom {
  to: readonly string[];
  /** Chance of harm each time. */
  chance: number;
  random(): number;
  disturb(pid: number): void;
}

export function startSenders(env: System["env"], doom: Doom): DoomedSenders {
  const confirmed: number[] = [];
  const running = new Map<number, Promise<void>>();
  let harmed = 0;
  let generation = 0;
  const start = () => {
    const words = [senderProgram, `s${generation++}`, doom.to.join(), "30", "10"];
    const how = { env: { ...env }, cwd: "/", stdout: "pipe", stderr: "ignore" } as const;
    const child = Bun.spawn([process.execPath, ...words], how);
    const done = new Response(child.stdout).text().then((text) => {
      // Every line is written at once: what follows the last line break was never said.
      confirmed.push(...text.split("\n").slice(0, -1).map(Number));
      running.delete(child.pid);
    });
    running.set(child.pid, done);
  };
  return {
    keepGoing() {
      const [pid] = running.keys();
      if (pid !== undefined && doom.random() < doom.chance) {
        harmed++;
        doom.disturb(pid);
      }
      if (running.size < 2) start();
    },
    async end() {
      await Promise.all(running.values());
    },
    confirmed: () => confirmed,
    harmed: () => harmed,
    [Symbol.dispose]() {
      for (const pid of running.keys()) kill(pid);
    },
  };
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was done before.
  }
}
