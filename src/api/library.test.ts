// The library in this process. `scripts/build-library.test.ts` has what is published of it.
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommStore, Refusal } from "./library.ts";

const root = mkdtempSync(join(tmpdir(), "acomm-library-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

function filled(): CommStore {
  const store = CommStore.create();
  const { id } = store.createChannel({ name: "ops", type: "Group" });
  for (const who of ["ana", "ben"]) store.joinChannel(id, who);
  store.sendMessage({ channelId: id, sender: "ana", content: "hé 😀" });
  store.broadcast({ channelId: id, sender: "ana", content: "all" });
  store.subscribe("build", "ben");
  return store;
}

function everything(store: CommStore): unknown {
  const subscriptions = store.listSubscriptions();
  return [store.listChannels(), store.queryHistory(1), subscriptions, store.stats()];
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return "accepted";
  } catch (error) {
    return error instanceof Refusal ? error.code : `bug: ${error}`;
  }
}

describe("files", () => {
  test("hold the whole store, in both forms", async () => {
    const dir = folder("forms");
    const store = filled();
    for (const form of [undefined, "seed", "head"] as const) {
      const path = join(dir, `${form}.acomm`);
      store.save(path, { form });
      expect(everything(CommStore.load(path))).toEqual(everything(store));
    }
    const start = async (name: string) =>
      (await Bun.file(join(dir, `${name}.acomm`)).bytes()).subarray(0, 4).toHex();
    expect(await Promise.all([start("undefined"), start("seed"), start("head")])).toEqual([
      "1f8b0800",
      "1f8b0800",
      "41434f4d",
    ]);
  });

  test("keep their form until another one is asked for", async () => {
    const path = join(folder("kept"), "store.acomm");
    filled().save(path, { form: "head" });
    const store = CommStore.load(path);
    store.sendMessage({ channelId: 1, sender: "ana", content: "more" });
    store.save(path);
    expect((await Bun.file(path).bytes()).subarray(0, 4).toHex()).toBe("41434f4d");
    expect(everything(CommStore.load(path))).toEqual(everything(store));
  });

  test("are replaced with their mode, and nothing is left beside them", () => {
    const dir = folder("mode");
    const path = join(dir, "deeper", "store.acomm");
    const store = filled();
    store.save(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    store.save(path);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(dir, "deeper"))).toEqual(["store.acomm"]);
  });

  test("that cannot be read or written are refused by a code", async () => {
    const dir = folder("refused");
    const broken = join(dir, "broken.acomm");
    filled().save(broken);
    const bytes = await Bun.file(broken).bytes();
    await Bun.write(broken, bytes.subarray(0, bytes.length - 9));
    expect(codeOf(() => CommStore.load(broken))).toBe("invalid_file");
    expect(codeOf(() => CommStore.load(dir))).toBe("invalid_file");
    expect(codeOf(() => CommStore.load(join(dir, "missing")))).toBe("io_error");
    expect(codeOf(() => filled().save(dir))).toBe("io_error");
    expect(codeOf(() => filled().save(join(broken, "below.acomm")))).toBe("io_error");
    expect(readdirSync(dir)).toEqual(["broken.acomm"]);
  });
});

describe("stores", () => {
  test("are independent of each other and of what they hand out", () => {
    const [one, two] = [filled(), CommStore.create()];
    one.listChannels()[0]!.participants.push("eve");
    expect(one.getChannel(1)?.participants).toEqual(["ana", "ben"]);
    expect(two.stats().channel_count).toBe(0);
  });

  test("refuse by a code and change nothing", () => {
    const store = filled();
    const before = everything(store);
    const send = (channelId: number, sender: string, content: string) =>
      codeOf(() => store.sendMessage({ channelId, sender, content }));
    expect(send(9, "ana", "x")).toBe("channel_not_found");
    expect(send(1, "", "x")).toBe("invalid_sender");
    expect(send(1, "ana", "")).toBe("invalid_content");
    expect(codeOf(() => store.joinChannel(1, "ana"))).toBe("already_in_channel");
    expect(codeOf(() => store.unsubscribe(9))).toBe("subscription_not_found");
    expect(everything(store)).toEqual(before);
  });

  test("that are open are shared, and every write is kept at once", async () => {
    const path = join(folder("open"), "store.acomm");
    using one = await CommStore.open(path);
    using two = await CommStore.open(path);
    const writes = [one, two].map((access) =>
      access.write((store) => store.createChannel({ name: "ops", type: "Group" }).id),
    );
    expect(await Promise.all(writes)).toEqual(expect.arrayContaining([1, 2]));
    expect(CommStore.load(path).stats().channel_count).toBe(2);
    const failed = two.write((store) => {
      store.createChannel({ name: "lost", type: "Group" });
      store.joinChannel(9, "ana");
    });
    expect(await failed.catch((error) => error.code)).toBe("channel_not_found");
    expect(await one.read((store) => store.stats().channel_count)).toBe(2);
  });
});
