// A text goes in through one door and comes out of every other one byte for byte, whatever Unicode
// it is made of.
import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { CommStore } from "../../src/api/library.ts";
import { asList, asObject } from "../../src/core/json.ts";
import { hcom, plainEnv, type Run, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
const env = plainEnv(dir.path);
const file = join(dir.path, "doors.acomm");

/** No NUL: an argument cannot hold one. Halves of surrogate pairs have no UTF-8. */
const text = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.constantFrom("- red", "-- red", "-5", "\u2028\u2029\ufeff", "\ufffd", "\x1b[2J\x07\r", " "),
    fc.constantFrom("\u202eevil\u2066", "\x7f\x80\x9f", "e\u0301", "\u{10ffff}", '"\\\n\t', "\n"),
  )
  .filter((one) => one.isWellFormed() && !one.includes("\0"));

const samples = fc.sample(text, { numRuns: 40, seed: 11 });

async function ok(run: Promise<Run>): Promise<string> {
  const { out, err, code } = await run;
  if (code !== 0) throw new Error(`${code}: ${err}`);
  return out;
}

const acomm = (...words: string[]) => ok(hcom(env, ["--program=acomm", ...words]));

/** Lines of JSON to a server, and its answers. */
async function serve(words: readonly string[], requests: readonly object[]): Promise<unknown[]> {
  const stdin = requests.map((one, at) => JSON.stringify({ jsonrpc: "2.0", id: at, ...one }));
  const out = await ok(hcom(env, words, { stdin: `${stdin.join("\n")}\n` }));
  return out
    .trim()
    .split("\n")
    .map((line) => asObject(JSON.parse(line))["result"]);
}

const tool = (name: string, args: object) => {
  return { method: "tools/call", params: { name, arguments: args } };
};

test("any text comes back byte for byte through every door", async () => {
  await acomm("--file", file, "channel", "create", "ops");
  await ok(hcom(env, ["channel", "create", "ops"]));
  const [byCli, byMcp, byRpc, byLibrary] = [0, 1, 2, 3].map((door) =>
    samples.filter((_, at) => at % 4 === door),
  );
  for (const content of byCli ?? []) {
    await acomm("--file", file, "send", "1", "--", content);
    await ok(hcom(env, ["channel", "send", "ops", "--", content]));
  }
  const drafts = (byMcp ?? []).map((content) => ({ channel_id: 1, sender: "mcp", content }));
  const sends = drafts.map((draft) => tool("send_message", draft));
  await serve(["--program=agentic-comm-mcp", "--store", file], sends);
  await serve(["--program=agentic-comm-mcp", "--bus"], sends);
  const messages = (byRpc ?? []).map((content) => ({ channel_id: 1, sender: "rpc", content }));
  for (const place of [{ path: file }, { bus: true }]) {
    await serve(
      ["--program=acomm", "rpc"],
      [
        { method: "store.open", params: place },
        { method: "send_messages", params: { store: 1, messages } },
      ],
    );
  }
  using library = await CommStore.open(file);
  for (const content of byLibrary ?? []) {
    await library.write((store) => store.sendMessage({ channelId: 1, sender: "lib", content }));
  }
  const told = [byCli, byMcp, byRpc].flatMap((one) => one ?? []);
  const all = [...told, ...(byLibrary ?? [])];
  const contents = (found: unknown) =>
    asList(found)
      .map((one) => String(asObject(one)["content"]))
      .slice(0, all.length);
  const one = async (words: readonly string[], requests: object[], at: number) =>
    (await serve(words, requests))[at];
  const asked = { channel_id: 1, limit: 1000 };
  const mcp = async (place: string[]) => {
    const request = [tool("query_history", asked)];
    const result = asObject(await one(["--program=agentic-comm-mcp", ...place], request, 0));
    return JSON.parse(String(asObject(asList(result["content"])[0])["text"]));
  };
  const rpc = (place: object) =>
    one(
      ["--program=acomm", "rpc"],
      [
        { method: "store.open", params: place },
        { method: "query_history", params: { store: 1, ...asked } },
      ],
      1,
    );
  const history = ["history", "1", "--limit", "1000"];
  expect(contents(JSON.parse(await acomm("--file", file, ...history)))).toEqual(all);
  expect(contents(await mcp(["--store", file]))).toEqual(all);
  expect(contents(await rpc({ path: file }))).toEqual(all);
  expect(contents(CommStore.load(file).queryHistory(1))).toEqual(all);
  expect(contents(JSON.parse(await acomm("--bus", ...history)))).toEqual(told);
  expect(contents(await mcp(["--bus"]))).toEqual(told);
  expect(contents(await rpc({ bus: true }))).toEqual(told);
  const shown = await ok(hcom(env, ["channel", "history", "ops", "--limit", "1000", "--json"]));
  expect(contents(JSON.parse(shown))).toEqual(told);
  const signatures = CommStore.load(file)
    .queryHistory(1)
    .map((message) => message.signature);
  expect(signatures).toEqual(all.map((content) => new Bun.SHA256().update(content).digest("hex")));
}, 120_000);

const compiler = Bun.which("cc") ?? Bun.which("gcc");

test.skipIf(compiler === null)("and through the C library", async () => {
  const program = join(dir.path, "said.c");
  const quoted = samples.map((content) => {
    const octal = [...Buffer.from(content)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
    return `"${octal.join("")}"`;
  });
  const source = `#include "acomm.h"
#include <stdio.h>
static const char *const texts[] = {${quoted.join(",\n")}};
int main(void) {
    CommStore *store = acomm_store_create();
    acomm_create_channel(store, "ops", 1);
    for (int i = 0; i < ${samples.length}; i++) {
        struct acomm_draft draft = {1, "c", texts[i]};
        if (i % 2 ? acomm_send_many(store, &draft, 1) == 0
                  : acomm_send_message(store, 1, "c", texts[i]) == 0) return i + 1;
    }
    puts(acomm_receive_messages(store, 1));
    acomm_store_free(store);
    return 0;
}
`;
  await Bun.write(program, source);
  const acommProgram = join(dir.path, "acomm");
  const script = `#!/bin/sh\nexec sh ${launcher} --program=acomm "$@"\n`;
  writeFileSync(acommProgram, script, { mode: 0o755 });
  const ffi = join(import.meta.dir, "../../ffi");
  const out = join(dir.path, "said");
  const words = ["-I", ffi, "-pthread", "-o", out, program, join(ffi, "acomm.c")];
  const built = Bun.spawnSync([compiler ?? "cc", ...words]);
  expect(built.stderr.toString()).toBe("");
  const ran = Bun.spawnSync([out], { env: { ...env, ACOMM_PROGRAM: acommProgram } });
  expect(ran.exitCode).toBe(0);
  const found = JSON.parse(ran.stdout.toString()) as { content: string }[];
  expect(found.map((message) => message.content)).toEqual(samples);
});

test("a body that is no UTF-8 is refused whichever way it comes", async () => {
  const path = join(dir.path, "latin1.txt");
  const latin1 = new Uint8Array(Buffer.from("caf\xe9 ferm\xe9\n", "latin1"));
  writeFileSync(path, latin1);
  const encoded = Buffer.from(latin1).toString("base64");
  await ok(hcom(env, ["channel", "create", "bytes"]));
  for (const words of [
    ["send", "@bigboss"],
    ["channel", "send", "bytes"],
  ]) {
    for (const run of [
      await hcom(env, [...words, "--file", path]),
      await hcom(env, [...words, "--stdin"], { stdin: latin1 }),
      await hcom(env, words, { stdin: latin1 }),
    ]) {
      expect([run.code, run.err]).toEqual([2, expect.stringContaining("is not UTF-8")]);
      expect(run.err).toContain("iconv");
    }
  }
  for (const no of [encoded, "not base64!", "Y2Fm!w6k="]) {
    expect((await hcom(env, ["send", "@bigboss", "--base64", no])).code).toBe(2);
  }
  expect(await ok(hcom(env, ["events", "--type", "message", "--last", "500"]))).not.toContain(
    "caf",
  );
  // What is text is taken as it is, with a mark at its beginning and a character of that name.
  const odd = "\ufeffcaf\u00e9 \ufffd";
  const said = await hcom(env, ["send", "@bigboss", "--stdin", "--from", "script"], { stdin: odd });
  const base64 = [
    "send",
    "@bigboss",
    "--from",
    "ci",
    "--base64",
    Buffer.from(odd).toString("base64"),
  ];
  for (const run of [said, await hcom(env, base64)]) expect([run.err, run.code]).toEqual(["", 0]);
  const mail = await ok(hcom(env, ["events", "--type", "message", "--last", "500"]));
  const texts = mail.split("\n").filter((line) => line.includes("caf"));
  expect(texts.map((line) => line.includes("\ufeffcaf\u00e9 \ufffd"))).toEqual([true, true]);
});
