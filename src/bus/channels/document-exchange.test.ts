// Whole stores from one place to another while others work on them.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDocument } from "../../acomm/write-document.ts";
import { createMemoryStore } from "../../core/channels/memory-store.ts";
import { headForm, type Snapshot } from "../../core/channels/snapshot.ts";
import { upsertEndpoint } from "../../store/endpoints.ts";
import { realSystem, type System } from "../../sys/system.ts";
import { openBus } from "../bus.ts";
import { openDocument } from "./document.ts";
import { exportDocument, importDocument } from "./document-exchange.ts";
import { lockDocument } from "./document-lock.ts";

let dir: string;
let file: string;
let system: System;
beforeEach(() => {
  dir = mkdtempSync("/tmp/hx-");
  file = join(dir, "store.acomm");
  system = { ...realSystem(), env: { HCOM_DIR: join(dir, "hcom") }, log: () => {} };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function talk(...contents: string[]): Snapshot {
  const store = createMemoryStore({ now: () => 1_700_000_000_000, sha256: (text) => text });
  store.createChannel({ name: "ops", type: "Group" });
  for (const content of contents) store.sendMessage({ channelId: 1, sender: "a", content });
  return store.snapshot();
}

async function contents(path: string): Promise<string[]> {
  using access = openDocument(system, path);
  return access.read((store) => store.queryHistory(1).map((message) => message.content));
}

test("a document that gets another form in its place keeps what came in meanwhile", async () => {
  writeFileSync(file, writeDocument(talk("one")));
  const lock = await lockDocument(file, 0, system);
  const from = { kind: "document", path: file } as const;
  const exported = exportDocument(system, { from, file, form: headForm, isForced: true });
  writeFileSync(file, writeDocument(talk("one", "two")));
  lock[Symbol.dispose]();
  expect(await exported).toMatchObject({ messages: 2 });
  expect(await contents(file)).toEqual(["one", "two"]);
  expect(readFileSync(file).subarray(0, 8).toString("hex")).toBe("41434f4d03000100");
});

test("a file that comes to be meanwhile is not replaced unasked", async () => {
  const source = join(dir, "source.acomm");
  writeFileSync(source, writeDocument(talk("one")));
  const lock = await lockDocument(file, 0, system);
  const from = { kind: "document", path: source } as const;
  const exported = exportDocument(system, { from, file, isForced: false });
  const refused = exported.catch((error: { code: string }) => error.code);
  writeFileSync(file, writeDocument(talk("another")));
  lock[Symbol.dispose]();
  expect(await refused).toBe("file_exists");
  expect(await contents(file)).toEqual(["another"]);
});

test("who waits by a port hears of an import into the live store", async () => {
  writeFileSync(file, writeDocument(talk("one")));
  const poked = Promise.withResolvers<void>();
  using server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: () => poked.resolve(), data: () => {} },
  });
  using bus = openBus(system, { writer: "channels" });
  upsertEndpoint(bus.db, { instance: "luna", kind: "listen", port: server.port, now: 1 });
  await importDocument(system, { file, into: { kind: "bus", space: "main" } });
  await poked.promise;
});
