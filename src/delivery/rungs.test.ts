import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import type { Rung } from "../tools/tool.ts";
import { fakeTool } from "./fixtures/fake-tool.ts";
import { until } from "./fixtures/wrapped.ts";
import { carryOut, type Target, unusable } from "./rungs.ts";

const folder = mkdtempSync(`${tmpdir()}/hcr-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inbox: Rung = {
  kind: "inbox",
  lines: (token, text, id) => [`auth ${token}`, `${id} ${text}`],
  isHeldWhenBypassed: true,
};
const bell: Rung = { kind: "bell", since: "2.0.0" };
const queue: Rung = {
  kind: "queue",
  since: "2.0.0",
  argv: (session, text) => ["-c", text, session],
  effectMs: 1000,
};
const nudge = { text: "<hcom>", id: "id-1" };

const target: Target = {
  tool: {
    ...fakeTool,
    live: {
      path: () => "",
      read: () => undefined,
      keyPath: (configDir, pid, socket, sha256) => `${configDir}/${pid}.${sha256(socket)}.key`,
      readKey: (text) => text.trim(),
    },
  },
  program: "/bin/sh",
  env: { PATH: "/bin:/usr/bin" },
  directory: folder,
  pid: 77,
  toolVersion: "2.0.0",
  configDir: folder,
  session: "session-1",
  live: undefined,
  bell: `${folder}/bells/luna`,
  hasBell: true,
  isBypassed: false,
};

test("what each rung needs", () => {
  expect(unusable(inbox, target)).toBe("the session has no inbox");
  expect(unusable(bell, target)).toBeUndefined();
  expect(unusable(bell, { ...target, toolVersion: "1.9.9" })).toBe("needs 2.0.0");
  expect(unusable(bell, { ...target, toolVersion: undefined })).toBe("needs 2.0.0");
  // OpenCode 1.18.33 tells of a session that is taken up at its first prompt only.
  expect(unusable(bell, { ...target, hasBell: false })).toBe("no session has asked for the bell");
  expect(unusable(queue, { ...target, session: undefined })).toBe("the session is not known");
  expect(unusable({ kind: "typing", text: "x", enterDelayMs: 0 }, target)).toBeUndefined();
});

test("the inbox gets its key and the nudge", async () => {
  const path = `${folder}/inbox.sock`;
  let got = "";
  await using server = createServer((socket) => {
    socket.on("data", (data) => {
      got += data;
    });
  }).listen(path);
  await until("it listens", () => server.listening);
  const key = createHash("sha256").update(path).digest("hex");
  writeFileSync(`${folder}/77.${key}.key`, "secret\n");
  const live: Target["live"] = { status: "idle", inboxSocket: path };
  expect(unusable(inbox, { ...target, live })).toBeUndefined();
  expect(await carryOut(inbox, { ...target, live }, nudge)).toBeUndefined();
  expect(got).toBe("auth secret\nid-1 <hcom>\n");
});

test("an inbox that is gone is a failure, not an exception", async () => {
  const live: Target["live"] = { status: "idle", inboxSocket: `${folder}/none.sock` };
  expect(await carryOut(inbox, { ...target, live }, nudge)).toBe("the inbox is gone");
});

test("the bell changes with every ring", async () => {
  await carryOut(bell, target, nudge);
  expect(readFileSync(target.bell, "utf8")).toBe("id-1\n");
  await carryOut(bell, target, { ...nudge, id: "id-2" });
  expect(readFileSync(target.bell, "utf8")).toBe("id-2\n");
});

test("the queue is filled by the tool's own program", async () => {
  const ask = (text: string) => carryOut(queue, target, { ...nudge, text });
  expect(await ask(`echo "$0" > ${folder}/queued`)).toBeUndefined();
  expect(readFileSync(`${folder}/queued`, "utf8")).toBe("session-1\n");
  expect(await ask("echo no such thread >&2; exit 3")).toBe("exit 3: no such thread");
  expect(await carryOut(queue, { ...target, program: "/none" }, nudge)).toContain("ENOENT");
});
