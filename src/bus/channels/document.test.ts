import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { writeDocument } from "../../acomm/write-document.ts";
import { emptySnapshot, headForm } from "../../core/channels/snapshot.ts";
import { Refusal } from "../../core/refusal.ts";
import { accessListOf, setAccessList } from "../../sys/access-list.ts";
import { realSystem, type System } from "../../sys/system.ts";
import { type DocumentAccess, openDocument } from "./document.ts";
import { lockDocument } from "./document-lock.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync("/tmp/hd-");
  path = join(dir, "store.acomm");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const system: System = { ...realSystem(), env: {}, log: () => {} };

function say(access: DocumentAccess, content: string): Promise<number> {
  return access.write((store) => {
    const channel = store.listChannels()[0] ?? store.createChannel({ name: "ops", type: "Group" });
    return store.sendMessage({ channelId: channel.id, sender: "a", content }).id;
  });
}

async function contents(at = path): Promise<string[]> {
  using access = openDocument(system, at);
  return access.read((store) => store.queryHistory(1).map((message) => message.content));
}

/** Whether it worked: some file systems know no access lists. */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

async function refusal(body: Promise<unknown>): Promise<Refusal> {
  const error = await body.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Refusal) return error;
  throw new Error(`no refusal, but ${error}`);
}

describe("reading and writing", () => {
  test("a missing file is an empty store, and reading does not create it", async () => {
    using access = openDocument(system, path);
    expect(await access.read((store) => store.stats().channel_count)).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test("what was written is there for the next one, and nothing else lies beside it", async () => {
    using access = openDocument(system, path);
    await say(access, "one");
    await say(access, "two");
    expect(await contents()).toEqual(["one", "two"]);
    expect(readdirSync(dir)).toEqual(["store.acomm"]);
  });

  test("directories on the way are created", async () => {
    const deep = join(dir, "a/b/store.acomm");
    using access = openDocument(system, deep);
    await say(access, "one");
    expect(await contents(deep)).toEqual(["one"]);
  });

  test("a write that changes nothing leaves the file alone", async () => {
    using access = openDocument(system, path);
    const id = await say(access, "one");
    await access.write((store) => store.acknowledgeMessage(id, "b"));
    const { ino, ctimeMs } = statSync(path);
    await access.write((store) => store.acknowledgeMessage(id, "b"));
    expect(statSync(path)).toMatchObject({ ino, ctimeMs });
  });

  test("of a write that fails nothing is kept", async () => {
    using access = openDocument(system, path);
    await say(access, "one");
    const failed = access.write((store) => {
      store.sendMessage({ channelId: 1, sender: "a", content: "two" });
      store.sendMessage({ channelId: 9, sender: "a", content: "three" });
    });
    expect((await refusal(failed)).code).toBe("channel_not_found");
    expect(await access.read((store) => store.stats().message_count)).toBe(1);
    expect(await contents()).toEqual(["one"]);
  });

  test("one write that keeps nothing leaves what was there, whether it works or not", async () => {
    const many = Array.from({ length: 2000 }, (_, n) => `message ${n} with words in it, ä`);
    for (const text of [many.slice(0, 1000), many.slice(1000)]) {
      using access = openDocument(system, path);
      await access.write((store) => {
        if (store.listChannels().length === 0) store.createChannel({ name: "o", type: "Group" });
        for (const content of text) store.sendMessage({ channelId: 1, sender: "a", content });
      });
    }
    let isFull = false;
    const onStep = () => {
      if (isFull) throw new Error("the disk is full");
    };
    using access = openDocument(system, path, { isOnce: true, onStep });
    expect(await say(access, "the last one")).toBe(2001);
    isFull = true;
    await expect(say(access, "nothing")).rejects.toThrow("full");
    isFull = false;
    const found = await access.read((store) => store.queryHistory(1, { limit: 3000 }));
    expect(found.map((one) => one.content)).toEqual([...many, "the last one"]);
    expect(await contents()).toHaveLength(2001);
  });

  test("what a read changes is gone after it", async () => {
    using access = openDocument(system, path);
    await say(access, "one");
    for (const _ of [1, 2]) {
      const sent = await access.read((store) =>
        store.sendMessage({ channelId: 1, sender: "a", content: "lost" }),
      );
      expect(sent.id).toBe(2);
    }
    expect(await contents()).toEqual(["one"]);
  });

  test("writes of one access keep the order of calling, also after one that failed", async () => {
    using access = openDocument(system, path);
    const texts = ["1", "2", "", "4", "5"];
    const done = await Promise.allSettled(texts.map((text) => say(access, text)));
    expect(done.map((one) => one.status)).toEqual(
      texts.map((text) => (text === "" ? "rejected" : "fulfilled")),
    );
    expect(await contents()).toEqual(["1", "2", "4", "5"]);
  });

  test("a file keeps its form", async () => {
    writeFileSync(path, writeDocument(emptySnapshot(headForm)));
    using access = openDocument(system, path);
    await say(access, "one");
    expect(readFileSync(path).subarray(0, 8).toString("hex")).toBe("41434f4d03000100");
  });

  test("messages whose time is over stay until somebody has them expire", async () => {
    let now = 1_700_000_000_000;
    using access = openDocument({ ...system, now: () => now }, path);
    await say(access, "old");
    await access.write((store) => store.setChannelConfig(1, { ttl_seconds: 60 }));
    now += 61_000;
    await say(access, "new");
    const kept = async () => (await access.snapshot()).messages.map((one) => one.record.content);
    expect(await kept()).toEqual(["old", "new"]);
    await access.write((store) => store.expireMessages({ isDryRun: true }));
    expect(await kept()).toEqual(["old", "new"]);
    await access.write((store) => store.expireMessages());
    expect(await kept()).toEqual(["new"]);
  });
});

describe("changes by others", () => {
  test("are seen by the next read", async () => {
    using mine = openDocument(system, path);
    using other = openDocument(system, path);
    for (let n = 1; n <= 5; n++) {
      await say(n % 2 ? other : mine, `${n}`);
      expect(await mine.read((store) => store.stats().message_count)).toBe(n);
    }
  });

  test("are kept by the next write", async () => {
    using mine = openDocument(system, path);
    using other = openDocument(system, path);
    await say(mine, "1");
    await say(other, "2");
    await say(mine, "3");
    expect(await contents()).toEqual(["1", "2", "3"]);
  });

  test("that remove the file are believed", async () => {
    using access = openDocument(system, path);
    await say(access, "one");
    rmSync(path);
    expect(await access.read((store) => store.stats().channel_count)).toBe(0);
  });

  test("are waited for, and not for ever", async () => {
    await say(openDocument(system, path), "one");
    const before = readFileSync(path);
    const lock = await lockDocument(path, 0, system);
    using access = openDocument(system, path, { waitMs: 30 });
    expect((await refusal(say(access, "two"))).code).toBe("document_busy");
    expect(readFileSync(path)).toEqual(before);
    const later = say(openDocument(system, path), "three");
    lock[Symbol.dispose]();
    await later;
    expect(await contents()).toEqual(["one", "three"]);
  });
});

describe("a document that cannot be read is refused and left alone:", () => {
  function check(title: string, make: () => Promise<void> | void): void {
    test(title, async () => {
      await make();
      const before = fingerprint();
      using access = openDocument(system, path);
      for (const body of [() => access.read((store) => store.stats()), () => say(access, "x")]) {
        expect((await refusal(body())).code).toBe("invalid_file");
      }
      expect(fingerprint()).toBe(before);
      expect(readdirSync(dir)).toEqual(["store.acomm"]);
    });
  }
  const whole = async (): Promise<Buffer> => {
    await say(openDocument(system, path), "some words that are long enough to be cut");
    return readFileSync(path);
  };
  /** All there is to know about it but when it was looked at. */
  const fingerprint = (): string => {
    const { ino, mtimeMs, size, mode } = statSync(path);
    const bytes = statSync(path).isFile() ? readFileSync(path).toString("hex") : "";
    return JSON.stringify([ino, mtimeMs, size, mode, bytes]);
  };

  check("an empty file", () => writeFileSync(path, ""));
  check("a foreign one", () => writeFileSync(path, "not a valid file"));
  check("a database", () => writeFileSync(path, "SQLite format 3\0"));
  check("a directory", () => mkdirSync(path));
  check("a truncated one", async () => {
    const bytes = await whole();
    writeFileSync(path, bytes.subarray(0, bytes.length - 9));
  });
  check("half of one", async () => {
    const bytes = await whole();
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
  });
  check("one with a flipped bit", async () => {
    const bytes = await whole();
    bytes[40] = (bytes[40] ?? 0) ^ 4;
    writeFileSync(path, bytes);
  });
});

test("a document that unpacks to more than is allowed is refused", async () => {
  await say(openDocument(system, path), "x".repeat(10_000));
  const limited = { ...system, env: { HCOM_ACOMM_MAX_BYTES: "5000" } };
  using access = openDocument(limited, path);
  expect((await refusal(access.read((store) => store.stats()))).code).toBe("invalid_file");
  // What is too large as it lies there is not even read.
  writeFileSync(path, Buffer.alloc(2_000_000));
  const refused = await refusal(access.read((store) => store.stats()));
  expect(refused.message).toBe(
    "Invalid .acomm file: it is larger than 5000 bytes: raise the limit",
  );
  const wrong = { ...system, env: { HCOM_ACOMM_MAX_BYTES: "much" } };
  using other = openDocument(wrong, path);
  expect((await refusal(other.read((store) => store.stats()))).code).toBe("invalid_setting");
});

describe("the file", () => {
  test("is its owner's when it is new", async () => {
    await say(openDocument(system, path), "one");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("of another user stays that user's, access list and all", async () => {
    await say(openDocument(system, path), "one");
    if (process.geteuid?.() !== 0) return;
    chownSync(path, 12_345, 12_346);
    // Version 2; owner rw, user 4242 r, group r, mask rw, others none (acl(5), acl_ea.h).
    const entries = [
      [1, 6, -1],
      [2, 4, 4242],
      [4, 4, -1],
      [16, 6, -1],
      [32, 0, -1],
    ] as const;
    const list = Buffer.alloc(4 + 8 * entries.length);
    list.writeUInt32LE(2);
    for (const [at, [tag, allowed, id]] of entries.entries()) {
      list.writeUInt16LE(tag, 4 + 8 * at);
      list.writeUInt16LE(allowed, 6 + 8 * at);
      list.writeInt32LE(id, 8 + 8 * at);
    }
    const hasLists = attempt(() => setAccessList(path, list));
    await say(openDocument(system, path), "two");
    const { uid, gid } = statSync(path);
    expect([uid, gid]).toEqual([12_345, 12_346]);
    if (hasLists) expect(Buffer.from(accessListOf(path) ?? [])).toEqual(list);
  });

  test("that is write-protected is refused and left as it is, by root too", async () => {
    await say(openDocument(system, path), "one");
    chmodSync(path, 0o444);
    const before = [statSync(path).ino, readFileSync(path).toString("hex")];
    const refused = await refusal(say(openDocument(system, path), "two"));
    expect(refused.message).toBe(
      `IO error: cannot write ${path}: it is write-protected (mode 0444)`,
    );
    expect([statSync(path).ino, readFileSync(path).toString("hex")]).toEqual(before);
    expect(readdirSync(dir)).toEqual(["store.acomm"]);
  });

  test("keeps its mode", async () => {
    await say(openDocument(system, path), "one");
    chmodSync(path, 0o664);
    await say(openDocument(system, path), "two");
    expect(statSync(path).mode & 0o777).toBe(0o664);
  });

  test("stays behind its symbolic link, also when it is not there yet", async () => {
    const link = join(dir, "link.acomm");
    symlinkSync("store.acomm", link);
    await say(openDocument(system, link), "one");
    await say(openDocument(system, link), "two");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(await contents()).toEqual(["one", "two"]);
  });

  test("has one lock by all its names", async () => {
    await say(openDocument(system, path), "one");
    const link = join(dir, "link.acomm");
    symlinkSync("store.acomm", link);
    using _lock = await lockDocument(path, 0, system);
    using access = openDocument(system, link, { waitMs: 1 });
    expect((await refusal(say(access, "two"))).code).toBe("document_busy");
  });

  test("can be locked by whoever may write it", async () => {
    await say(openDocument(system, path), "one");
    chmodSync(path, 0o660);
    const umask = process.umask(0o077);
    try {
      using _lock = await lockDocument(path, 0, system);
      expect(statSync(`${path}-lock`).mode & 0o777).toBe(0o660);
    } finally {
      process.umask(umask);
    }
  });

  test("is reported when it is a link in a circle", async () => {
    symlinkSync("other.acomm", path);
    symlinkSync("store.acomm", join(dir, "other.acomm"));
    expect((await refusal(say(openDocument(system, path), "one"))).code).toBe("io_error");
  });

  test.each([
    ["a link that leads nowhere", (lock: string) => symlinkSync("nowhere", lock)],
    ["a directory", (lock: string) => mkdirSync(lock)],
    ["somebody's file", (lock: string) => writeFileSync(lock, "not a lock of ours")],
  ])("is reported when its lock is %s", async (_what, put) => {
    await say(openDocument(system, path), "one");
    put(`${path}-lock`);
    expect((await refusal(say(openDocument(system, path), "two"))).code).toBe("io_error");
    expect(await contents()).toEqual(["one"]);
    expect(readdirSync(dir).sort()).toEqual(["store.acomm", "store.acomm-lock"]);
  });

  test("is none of the business of the original's lock", async () => {
    writeFileSync(`${path}.lock`, "of the original program");
    await say(openDocument(system, path), "one");
    expect(readFileSync(`${path}.lock`, "utf8")).toBe("of the original program");
  });

  test("is reported when its directory is a file", async () => {
    writeFileSync(join(dir, "file"), "");
    using access = openDocument(system, join(dir, "file/store.acomm"));
    expect((await refusal(say(access, "one"))).code).toBe("io_error");
  });
});

describe("a writer that is killed when its write is", () => {
  const [module, systemModule] = ["document.ts", "../../sys/system.ts"].map((path) =>
    JSON.stringify(join(import.meta.dir, path)),
  );
  function check(step: string, expected: string[]): void {
    test(step, async () => {
      await say(openDocument(system, path), "old");
      const code = `
        const { openDocument } = await import(${module});
        const { realSystem } = await import(${systemModule});
        const access = openDocument(realSystem(), ${JSON.stringify(path)}, {
          onStep: (step) => step === "${step}" && process.kill(process.pid, "SIGKILL"),
        });
        await access.write((store) =>
          store.sendMessage({ channelId: 1, sender: "a", content: "new" }));`;
      const run = Bun.spawnSync([process.execPath, "-e", code], { stderr: "inherit" });
      expect(run.signalCode).toBe("SIGKILL");
      expect(await contents()).toEqual(expected);
      // Neither its lock nor its half of a file is in the way of the next one.
      await say(openDocument(system, path), "next");
      expect(await contents()).toEqual([...expected, "next"]);
      expect(readdirSync(dir)).toEqual(["store.acomm"]);
    });
  }
  check("locked", ["old"]);
  check("written", ["old"]);
  check("synced", ["old"]);
  check("renamed", ["old", "new"]);
  check("done", ["old", "new"]);
});
