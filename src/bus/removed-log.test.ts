// The log beside the database is removed while a program that sits idle has it open.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Refusal } from "../core/refusal.ts";
import { getKv, setKv } from "../store/kv.ts";
import { openDb } from "../store/open/open-db.ts";

let home: string;
let holder: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-log-`);
});
afterEach(async () => {
  holder?.kill("SIGKILL");
  await holder?.exited;
  rmSync(home, { recursive: true, force: true });
});

const file = () => `${home}/.hcom/hcom.db`;

/** Another process that has said something, and now sits there. */
async function hold(looks: boolean): Promise<void> {
  const script = `
    const { openBus, lookAfter } = await import("${import.meta.dir}/bus.ts");
    const { realSystem } = await import("${import.meta.dir}/../sys/system.ts");
    const { setKv } = await import("${import.meta.dir}/../store/kv.ts");
    const bus = openBus(realSystem());
    setKv(bus.db, "held", "1");
    if (${looks}) lookAfter(bus);
    bus.db.isReplaced();
    bus.db.hasLostLog();
    setInterval(() => bus.paths, 1000);
    console.log("there");`;
  const env = { ...process.env, HCOM_DIR: `${home}/.hcom`, HOME: home };
  holder = Bun.spawn([process.execPath, "-e", script], {
    ...{ env, stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  });
  await holder.stdout.getReader().read();
}

test("what others confirm then is kept, and what it held", async () => {
  await hold(true);
  rmSync(`${file()}-wal`);
  for (const key of ["first", "second"]) {
    using db = openDb(file(), { busyTimeoutMs: 30_000 });
    setKv(db, key, "1");
  }
  using db = openDb(file());
  expect(["held", "first", "second"].map((key) => getKv(db, key))).toEqual(["1", "1", "1"]);
});

test("nobody writes beside one that does not look, and it is named", async () => {
  await hold(false);
  rmSync(`${file()}-wal`);
  try {
    openDb(file(), { busyTimeoutMs: 200 }).close();
    throw new Error("it was opened");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect([error.code, error.hint]).toEqual([
      "database_busy",
      expect.stringContaining(String(holder?.pid)),
    ]);
  }
  holder?.kill("SIGKILL");
  await holder?.exited;
  using db = openDb(file());
  setKv(db, "later", "1");
  expect(getKv(db, "later")).toBe("1");
});
