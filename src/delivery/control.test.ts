import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { callControl, openControl } from "./control.ts";
import { type ControlTarget, cleanText, handleRequest } from "./control-requests.ts";
import { until } from "./fixtures/wrapped.ts";
import type { Glance } from "./plan/seen.ts";

const folder = mkdtempSync(`${tmpdir()}/hcc-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// ------------------------------------------------------------------ the endpoint

test("only the same user can open the socket", async () => {
  const control = await openControl(`${folder}/run`, 4_000_001, async () => ({ ok: true }));
  expect(statSync(control.path).mode & 0o777).toBe(0o600);
  expect(statSync(`${folder}/run`).mode & 0o777).toBe(0o700);
  expect(await callControl(control.path, { op: "x" }, 1000)).toEqual({ ok: true });
  control.close();
  expect(existsSync(control.path)).toBe(false);
});

test("a run directory with a long name gets a short private stand-in", async () => {
  const control = await openControl(`${folder}/${"x".repeat(100)}`, 4_000_002, async () => ({}));
  const parent = control.path.slice(0, control.path.lastIndexOf("/"));
  expect(Buffer.byteLength(control.path)).toBeLessThan(104);
  expect(statSync(parent).mode & 0o777).toBe(0o700);
  control.close();
});

test("sockets that nobody listens on are removed at the start", async () => {
  const run = `${folder}/stale`;
  mkdirSync(run);
  const dead = `${run}/w1.sock`;
  await using server = createServer().listen(`${run}/live`);
  await until("it listens", () => server.listening);
  const child = Bun.spawn([
    process.execPath,
    "-e",
    `require("net").createServer().listen("${dead}", () => process.kill(process.pid, 9))`,
  ]);
  await child.exited;
  expect(existsSync(dead)).toBe(true);
  writeFileSync(`${run}/w2.txt`, "");
  const control = await openControl(run, 4_000_003, async () => ({}));
  await until("it is gone", () => !existsSync(dead));
  expect(existsSync(`${run}/w2.txt`)).toBe(true);
  control.close();
});

test("several requests on one connection are answered in order; garbage is refused", async () => {
  const control = await openControl(`${folder}/run`, 4_000_004, async (request) => ({ request }));
  const answers: string[] = [];
  const socket = await Bun.connect({
    unix: control.path,
    socket: { data: (_socket, data) => void answers.push(data.toString()) },
  });
  socket.write('{"a":1}\nno json\n{"b":');
  socket.write("2}\n");
  await until("three answers", () => answers.join("").split("\n").length === 4);
  expect(
    answers
      .join("")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { request: { a: 1 } },
    { error: { code: "bad_request", message: "the request is not JSON" } },
    { request: { b: 2 } },
  ]);
  socket.end();
  control.close();
});

test("nobody there is a refusal, silence is one after the limit", async () => {
  await expect(callControl(`${folder}/nobody.sock`, {}, 500)).rejects.toThrow("does not answer");
  const control = await openControl(`${folder}/run`, 4_000_005, () => new Promise(() => {}));
  await expect(callControl(control.path, {}, 50)).rejects.toThrow("nothing within 50 ms");
  control.close();
});

// ------------------------------------------------------------------ the requests

const idle: Glance = {
  isReady: true,
  hasText: true,
  input: "",
  hasApproval: false,
  hasOverlay: false,
  isBusy: false,
  hasLaunchQuestion: false,
  isBypassed: false,
};

function box(
  options: {
    glance?: Partial<Glance>;
    echo?: (text: string) => string | null;
    lines?: string[];
    hasKeys?: boolean;
  } = {},
) {
  const written: string[] = [];
  let glance: Glance = { ...idle, ...options.glance };
  const echo = options.echo ?? ((text: string) => `${glance.input ?? ""}${text}`);
  const target: ControlTarget = {
    enterDelayMs: 0,
    screen: () => ({
      lines: options.lines ?? ["a"],
      size: [1, 1],
      cursor: [0, 0],
      ready: true,
      prompt_empty: true,
      input_text: "",
    }),
    glance: () => glance,
    write(text) {
      written.push(text);
      if (text !== "\r") setTimeout(() => (glance = { ...glance, input: echo(text) }), 60);
    },
    answers: () => (options.hasKeys === true ? { yes: "\r", no: "\x1b" } : undefined),
    status: () => ({ launch: "ready" }),
    kill: () => void written.push("KILL"),
  };
  const ask = (request: object) => handleRequest(target, request);
  return { ask, written };
}

test("a question is answered as it was shown, and no other one", async () => {
  const lines = ["older words", " rm -rf build ", "Do you want to proceed?", "❯ 1. Yes", ""];
  const { ask, written } = box({ glance: { hasApproval: true }, lines, hasKeys: true });
  expect(await ask({ op: "screen" })).toMatchObject({ answerable: true });
  const shown = ["rm -rf src", "Do you want to proceed?", "❯ 1. Yes"];
  expect(await ask({ op: "answer", yes: true, shown })).toMatchObject({
    error: { code: "question_changed" },
  });
  expect(await ask({ op: "answer", yes: true, shown: lines })).toEqual({ ok: true });
  expect(await ask({ op: "answer", yes: false, shown: lines })).toEqual({ ok: true });
  expect(written).toEqual(["\r", "\x1b"]);
});

test("where no question stands, or no key is known to answer it, nothing is pressed", async () => {
  for (const given of [{ hasKeys: true }, { glance: { hasApproval: true } }]) {
    const { ask, written } = box(given);
    expect(await ask({ op: "screen" })).toMatchObject({ answerable: false });
    expect(await ask({ op: "answer", yes: true, shown: ["a"] })).toMatchObject({
      error: { code: "no_question" },
    });
    expect(written).toEqual([]);
  }
});

test("text, then Enter once the box shows it", async () => {
  const { ask, written } = box();
  expect(await ask({ op: "inject", text: "hi there", enter: true })).toMatchObject({ ok: true });
  expect(written).toEqual(["hi there", "\r"]);
});

test("text alone, Enter alone", async () => {
  const { ask, written } = box();
  await ask({ op: "inject", text: "hi" });
  await ask({ op: "inject", enter: true });
  expect(written).toEqual(["hi", "\r"]);
});

test("text behind a draft is sent with it: that is what was asked for", async () => {
  const { ask, written } = box({ glance: { input: "draft " } });
  await ask({ op: "inject", text: "more", enter: true });
  expect(written).toEqual(["more", "\r"]);
});

test("Enter is not sent into a box that shows something else", async () => {
  const { ask, written } = box({ echo: () => "something else" });
  expect(await ask({ op: "inject", text: "hi", enter: true })).toMatchObject({
    error: { code: "not_shown" },
  });
  expect(written).toEqual(["hi"]);
});

test("a tool whose box cannot be read gets its Enter", async () => {
  const { ask, written } = box({ glance: { input: null }, echo: () => null });
  await ask({ op: "inject", text: "hi", enter: true });
  expect(written).toEqual(["hi", "\r"]);
});

test("an open question refuses, unless forced", async () => {
  const { ask, written } = box({ glance: { hasApproval: true } });
  expect(await ask({ op: "inject", text: "y", enter: true })).toMatchObject({
    error: { code: "approval_open" },
  });
  expect(written).toEqual([]);
  await ask({ op: "inject", text: "y", enter: true, force: true });
  expect(written).toEqual(["y", "\r"]);
});

test("screen, status, kill, and what is none of these", async () => {
  const { ask, written } = box();
  expect(await ask({ op: "screen" })).toMatchObject({ lines: ["a"], size: [1, 1] });
  expect(await ask({ op: "status" })).toEqual({ launch: "ready" });
  await ask({ op: "kill" });
  expect(written).toEqual(["KILL"]);
  expect(await ask({ op: "dance" })).toMatchObject({ error: { code: "bad_request" } });
});

test("escape sequences and line breaks do not pass, tabs and letters do", () => {
  expect(cleanText("a\tb\x1b[31mc\r\nd\x00\x7f\x9be漢")).toBe("a\tb[31mcde漢");
});
