// The program `acomm` as users start it: its words, byte for byte, its exit codes, what it refuses,
// and documents under many writers and under kill -9.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { hcom, plainEnv, type Run, tempDir } from "./lab.ts";

const fixture = (name: string) => join(import.meta.dir, "../../src/acomm/fixtures", name);
const stamp = /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3}(?:\d{3})?)?)?(Z|\+00:00)"/g;

let dir: ReturnType<typeof tempDir>;
beforeAll(() => {
  dir = tempDir();
});
afterAll(() => dir[Symbol.dispose]());

function acomm(...args: string[]): Promise<Run> {
  return hcom(plainEnv(dir.path), ["--program=acomm", ...args]);
}

/** Standard output with times as `"<Z>"` or `"<+00:00>"`; anything else but success is thrown. */
async function said(...args: string[]): Promise<string> {
  const run = await acomm(...args);
  if (run.code !== 0 || run.err !== "") throw new Error(`${args}: ${run.code} ${run.err}`);
  return run.out.replace(stamp, '"<$1>"');
}

async function refused(...args: string[]): Promise<[number, unknown]> {
  const run = await acomm(...args);
  expect(run.out).toBe("");
  return [run.code, JSON.parse(run.err)];
}

const shown = (line: readonly string[]) => line.map((word) => JSON.stringify(word)).join(" ");

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const config = {
  max_participants: 0,
  ttl_seconds: 0,
  persistence: true,
  encryption_required: false,
};

describe.each(["a document", "the live store"])("in %s", (kind) => {
  const store = (): string[] =>
    kind === "a document" ? ["--file", join(dir.path, "words.acomm")] : ["--bus"];
  const check = (line: string[], expected: unknown) =>
    test(shown(line), async () => {
      expect(await said(...store(), ...line)).toBe(pretty(expected));
    });
  const wrong = (line: string[], error: string, code: string) =>
    test(`not: ${shown(line)}`, async () => {
      expect(await refused(...line, ...store())).toEqual([1, { error, code }]);
    });
  const hash = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const message = (content: string, fields: Record<string, unknown>) => ({
    id: 0,
    channel_id: 1,
    sender: "cli-user",
    recipient: null,
    content,
    message_type: "Text",
    timestamp: "<Z>",
    metadata: {},
    signature: hash(content),
    acknowledged_by: [],
    ...fields,
  });
  const ops = {
    id: 1,
    name: "ops",
    channel_type: "Group",
    created_at: "<Z>",
    participants: ["ann", "bob"],
    config,
  };
  const first = message('say "hi" \u00e9\u{1f600}\n', { id: 1, sender: "ann" });
  const second = message("ok", { id: 2, message_type: "Acknowledgment" });

  check(["channel", "list"], []);
  check(["channel", "create", "ops"], {
    channel_id: 1,
    name: "ops",
    status: "created",
    type: "group",
  });
  check(["channel", "join", "1", "ann"], { channel_id: 1, participant: "ann", status: "joined" });
  check(["channel", "join", "1", "bob"], { channel_id: 1, participant: "bob", status: "joined" });
  check(["channel", "info", "1"], ops);
  check(["channel", "list"], [ops]);
  check(["send", "1", first.content, "--sender", "ann"], {
    channel_id: 1,
    message_id: 1,
    status: "sent",
    timestamp: "<+00:00>",
  });
  check(["send", "1", "ok", "--type", "ACK"], {
    channel_id: 1,
    message_id: 2,
    status: "sent",
    timestamp: "<+00:00>",
  });
  check(["receive", "1"], [first, second]);
  check(["receive", "1", "--since", "whenever"], [first, second]);
  check(["receive", "1", "--since", "2999-01-01T00:00:00Z"], []);
  check(["history", "1", "--limit", "1"], [first]);
  check(["history", "7"], []);
  check(["history", "7", "--query", "O"], [second]);
  check(["search", "HI"], [first]);
  check(["broadcast", "1", "all", "--sender", "bob"], {
    channel_id: 1,
    delivered_count: 1,
    status: "broadcast",
  });
  check(
    ["get", "3"],
    message("all", {
      id: 3,
      sender: "bob",
      recipient: "ann",
      message_type: "Broadcast",
    }),
  );
  check(["subscribe", "news", "ann"], {
    status: "subscribed",
    subscriber: "ann",
    subscription_id: 1,
    topic: "news",
  });
  check(["subscriptions"], [{ id: 1, topic: "news", subscriber: "ann", created_at: "<Z>" }]);
  check(["publish", "news", "extra"], { delivered_count: 1, status: "published", topic: "news" });
  check(["channel", "info", "2"], {
    id: 2,
    name: "news",
    channel_type: "PubSub",
    created_at: "<Z>",
    participants: [],
    config,
  });
  check(["receive", "2", "--recipient", "bob"], []);
  check(
    ["receive", "2", "--recipient", "ann"],
    [
      message("extra", {
        id: 4,
        channel_id: 2,
        recipient: "ann",
        message_type: "Notification",
      }),
    ],
  );
  check(["ack", "1", "bob"], { message_id: 1, recipient: "bob", status: "acknowledged" });
  check(["get", "1"], { ...first, acknowledged_by: ["bob"] });
  check(["unsubscribe", "1"], { status: "unsubscribed", subscription_id: 1 });
  check(["channel", "config", "1", "--ttl-seconds", "60"], { channel_id: 1, status: "updated" });
  check(["channel", "leave", "1", "bob"], { channel_id: 1, participant: "bob", status: "left" });
  check(["stats"], {
    channel_count: 2,
    message_count: 4,
    subscription_count: 0,
    total_participants: 1,
  });

  wrong(["send", "9", "x"], "Channel not found: 9", "CHANNEL_NOT_FOUND");
  wrong(["receive", "9"], "Channel not found: 9", "CHANNEL_NOT_FOUND");
  wrong(["channel", "info", "9"], "Channel 9 not found", "CHANNEL_NOT_FOUND");
  wrong(["get", "9"], "Message 9 not found", "MESSAGE_NOT_FOUND");
  wrong(["ack", "9", "a"], "Message not found: 9", "MESSAGE_NOT_FOUND");
  wrong(["unsubscribe", "9"], "Subscription not found: 9", "SUBSCRIPTION_NOT_FOUND");
  wrong(
    ["channel", "join", "1", "ann"],
    "Participant 'ann' is already in channel 1",
    "ALREADY_IN_CHANNEL",
  );
  wrong(
    ["channel", "leave", "1", "eve"],
    "Participant 'eve' is not in channel 1",
    "NOT_IN_CHANNEL",
  );
  wrong(
    ["send", "1", ""],
    "Invalid message content: Message content cannot be empty",
    "INVALID_CONTENT",
  );
  wrong(
    ["send", "1", "x", "--sender", ""],
    "Invalid sender: Sender cannot be empty",
    "INVALID_SENDER",
  );
  wrong(
    ["send", "1", "x", "--type", "Bogus"],
    "Invalid message type: Unknown message type: bogus",
    "UNKNOWN_MESSAGE_TYPE",
  );
  wrong(
    ["channel", "create", "x", "--type", "Bogus"],
    "Invalid channel type: Unknown channel type: bogus",
    "UNKNOWN_CHANNEL_TYPE",
  );
  wrong(
    ["channel", "create", "a b"],
    "Invalid channel name: Channel name must contain only alphanumeric characters, hyphens, " +
      "or underscores",
    "INVALID_CHANNEL_NAME",
  );
});

test("wrong usage ends with 2, also without a command", async () => {
  for (const line of [[], ["send", "x", "hi"], ["info", "f", "--file", "g"], ["bogus"]]) {
    const [code, error] = await refused(...line);
    expect([code, error]).toEqual([2, { error: expect.any(String), code: "USAGE" }]);
  }
});

test("help and version go to standard output", async () => {
  expect(await said("help", "send")).toBe(await said("send", "--help"));
  expect(await said("-V")).toMatch(/^acomm \d+\.\d+\.\d+\n$/);
});

test("a file of the original program is read as it stands there", async () => {
  const dump: { messages: object; channels: object } = JSON.parse(
    readFileSync(fixture("7dfef69.acomm.json"), "utf8"),
  );
  const file = fixture("7dfef69.acomm");
  const run = await acomm("--file", file, "channel", "list");
  expect(run.out).toBe(pretty(Object.values(dump.channels)));
  const all = await acomm("--file", file, "history", "1", "--query", "");
  expect(all.out).toBe(pretty(Object.values(dump.messages).sort((a, b) => b.id - a.id)));
  expect(await said("info", file)).toBe(
    pretty({ channels: 2, file, messages: 3, subscriptions: 1, total_participants: 2 }),
  );
});

test("info names the file that it cannot read", async () => {
  expect(await refused("info", "nope.acomm")).toEqual([
    1,
    {
      error: "Error reading nope.acomm: IO error: No such file or directory (os error 2)",
      code: "IO_ERROR",
    },
  ]);
});

test("add makes file and channel, and then takes the oldest channel of that name", async () => {
  const file = join(dir.path, "hooks/deep/x.acomm");
  const add = (...more: string[]) => said("add", file, "notification", "done", ...more);
  const added = (channel: string, message_id: number) =>
    pretty({ channel, file, message_id, status: "added" });
  expect(await add()).toBe(added("default", 1));
  await said("--file", file, "channel", "create", "default");
  expect(await add("--session", "s", "--confidence", "0.5")).toBe(added("default", 2));
  expect(await add("--channel", "ci")).toBe(added("ci", 3));
  const heard: unknown = JSON.parse(await said("--file", file, "receive", "1"));
  expect(heard).toMatchObject([
    { sender: "cli-hook", message_type: "Notification" },
    { sender: "cli-hook", message_type: "Notification" },
  ]);
});

test("the store is found by variable, directory and home", async () => {
  const cwd = join(dir.path, "project");
  mkdirSync(join(cwd, ".acomm"), { recursive: true });
  const env = plainEnv(dir.path);
  const create = (name: string, more: Record<string, string> = {}) =>
    hcom({ ...env, ...more }, ["--program=acomm", "channel", "create", name], { cwd });
  await create("local");
  await create("named", { ACOMM_STORE: "named.acomm" });
  await create("live", { ACOMM_STORE: "bus:aside" });
  expect(readdirSync(join(cwd, ".acomm"))).toEqual(["store.acomm"]);
  expect(readdirSync(cwd).sort()).toEqual([".acomm", "named.acomm"]);
  expect(await said("--file", "bus:aside", "channel", "info", "1")).toContain('"live"');
  await acomm("channel", "create", "home");
  expect(statSync(join(dir.path, ".store.acomm")).isFile()).toBe(true);
});

describe("a damaged file is refused and left as it is:", () => {
  const bytes = readFileSync(fixture("7dfef69.acomm"));
  const flipped = Buffer.from(bytes);
  flipped[60] = (flipped[60] ?? 0) ^ 1;
  test.each([
    ["empty", Buffer.alloc(0)],
    ["truncated", bytes.subarray(0, bytes.length - 20)],
    ["flipped", flipped],
    ["foreign", Buffer.from("hello")],
  ])("%s", async (name, content) => {
    const file = join(dir.path, `${name}.acomm`);
    writeFileSync(file, content);
    const look = () => {
      const { ino, size, mtimeMs, ctimeMs } = statSync(file);
      return [ino, size, mtimeMs, ctimeMs, readFileSync(file).equals(content)];
    };
    const before = look();
    for (const line of [
      ["--file", file, "channel", "create", "x"],
      ["--file", file, "receive", "1"],
      ["add", file, "text", "x"],
      ["info", file],
      ["--file", file, "import", fixture("86617cb.acomm")],
      ["import", file, "--bus"],
      ["export", file, "--bus", "--force"],
    ]) {
      expect(await refused(...line)).toEqual([
        1,
        { error: expect.stringContaining("Invalid .acomm file: "), code: "INVALID_FILE" },
      ]);
    }
    expect(look()).toEqual(before);
    expect(before.at(-1)).toBe(true);
  });
});

test("a document that cannot be written stays as it is", async () => {
  const file = join(dir.path, "full.acomm");
  const env = plainEnv(dir.path);
  await said("--file", file, "channel", "create", "x");
  const before = readFileSync(file);
  // Half a kilobyte is the most that a file may have.
  const prefix = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh"];
  const long = Array.from({ length: 4000 }, (_, n) => (n * n).toString(36)).join("");
  const run = await hcom(env, ["--program=acomm", "--file", file, "send", "1", long], { prefix });
  expect([run.code, run.out]).toEqual([1, ""]);
  expect(JSON.parse(run.err)).toMatchObject({ code: "IO_ERROR" });
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(dir.path).filter((name) => name.startsWith("full"))).toEqual(["full.acomm"]);
});

test("a result that cannot be printed is an error", async () => {
  const prefix = ["sh", "-c", 'ulimit -f 0; exec "$@" >out.json', "sh"];
  const run = await hcom(plainEnv(dir.path), ["--program=acomm", "stats"], { prefix });
  expect(run.code).toBe(1);
  expect(JSON.parse(run.err)).toMatchObject({ code: "OUTPUT_FAILED" });
});

test("a whole store goes into the live store and out again without a difference", async () => {
  const original = fixture("HEAD-rich.acomm");
  const copy = join(dir.path, "copy.acomm");
  const live = ["--file", "bus:rich"];
  await said("import", original, ...live);
  await said("export", copy, ...live);
  for (const line of [["channel", "list"], ["subscriptions"], ["search", ""], ["stats"]]) {
    const expected = await acomm("--file", original, ...line);
    expect((await acomm("--file", copy, ...line)).out).toBe(expected.out);
  }
  expect(await refused("export", copy, ...live)).toEqual([
    1,
    { error: `${copy} exists already; --force replaces it`, code: "FILE_EXISTS" },
  ]);
  const again: unknown = JSON.parse(await said("import", copy, ...live));
  expect(again).toMatchObject({ added: { channels: 0, messages: 0, subscriptions: 0 } });
});

test("50 senders at once on one file: 50 messages", async () => {
  const file = join(dir.path, "crowd.acomm");
  await said("--file", file, "channel", "create", "crowd");
  const ids = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const sent: { message_id: number } = JSON.parse(
        await said("--file", file, "send", "1", `message ${n}`),
      );
      return sent.message_id;
    }),
  );
  const heard: { id: number }[] = JSON.parse(await said("--file", file, "receive", "1"));
  const expected = Array.from({ length: 50 }, (_, n) => n + 1);
  expect(ids.toSorted((a, b) => a - b)).toEqual(expected);
  expect(heard.map((one) => one.id)).toEqual(expected);
  expect(readdirSync(dir.path).filter((name) => name.startsWith("crowd"))).toEqual(["crowd.acomm"]);
}, 60_000);

test("writers under kill -9 leave a whole file with every confirmed message", async () => {
  const file = join(dir.path, "killed.acomm");
  copyFileSync(fixture("7dfef69.acomm"), file);
  const random = seeded(Number(process.env["CRASH_SEED"] ?? 20261121));
  // As long as one takes here and now: some are killed too late, some before they begin.
  const startedAt = performance.now();
  await said("--file", file, "send", "1", "how long");
  const killWithinMs = 4 * (performance.now() - startedAt);
  const confirmed: number[] = [];
  let killed = 0;
  const writer = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const run = await killedAfter(random() * killWithinMs, [
        "--file",
        file,
        "send",
        "1",
        `${round}`,
      ]);
      if (run.out === "") killed++;
      else confirmed.push((JSON.parse(run.out) as { message_id: number }).message_id);
    }
  };
  await Promise.all([writer(50), writer(50), writer(50)]);
  const heard: { id: number }[] = JSON.parse(await said("--file", file, "receive", "1"));
  const stored = new Set(heard.map((one) => one.id));
  expect(confirmed.filter((id) => !stored.has(id))).toEqual([]);
  expect(new Set(confirmed).size).toBe(confirmed.length);
  expect(confirmed.length).toBeGreaterThan(5);
  expect(killed).toBeGreaterThan(5);
}, 120_000);

async function killedAfter(ms: number, args: string[]): Promise<{ out: string }> {
  const launcher = join(import.meta.dir, "../../bin/hcom");
  const child = Bun.spawn(["sh", launcher, "--program=acomm", ...args], {
    env: plainEnv(dir.path),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  const out = await new Response(child.stdout).text();
  await child.exited;
  clearTimeout(timer);
  return { out };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("what begins with a dash", () => {
  const file = () => join(dir.path, "dash.acomm");
  const dash = "- the build is red";
  test("is content wherever content stands", async () => {
    const at = ["--file", file()];
    await said(...at, "channel", "create", "ops");
    await said(...at, "channel", "join", "1", dash);
    await said(...at, "send", "1", dash);
    await said(...at, "broadcast", "1", "-- red");
    await said(...at, "subscribe", "builds", dash);
    await said(...at, "publish", "builds", "-5 °C");
    await said("add", file(), "text", "--> look");
    const { out } = await acomm(...at, "search", "");
    const contents = JSON.parse(out).map((one: { content: string }) => one.content);
    expect(contents).toEqual(["--> look", "-5 °C", "-- red", dash]);
  });
  test("is refused where it could be a flag, and nothing is sent", async () => {
    for (const text of ["-h", "--help", "-hi"]) {
      const [code, error] = await refused("--file", file(), "send", "1", text);
      expect([code, error]).toMatchObject([2, { code: "USAGE" }]);
    }
  });
});

describe("an answer that cannot be written", () => {
  const full = (...words: string[]) => {
    const line = '"$0" "$@" > /dev/full';
    return hcom(plainEnv(dir.path), ["--program=acomm", ...words], {
      prefix: ["sh", "-c", line],
    });
  };
  test("is code 3 when something was stored, and 1 when there was nothing to store", async () => {
    const at = ["--file", join(dir.path, "full.acomm")];
    await said(...at, "channel", "create", "ops");
    const sent = await full(...at, "send", "1", "hello");
    expect([sent.code, JSON.parse(sent.err).code]).toEqual([3, "STORED_UNSAID"]);
    expect(JSON.parse((await acomm(...at, "receive", "1")).out)).toHaveLength(1);
    const read = await full(...at, "receive", "1");
    expect([read.code, JSON.parse(read.err).code]).toEqual([1, "OUTPUT_FAILED"]);
    expect((await full(...at, "expire")).code).toBe(3);
  });
});

describe.skipIf(process.geteuid?.() !== 0 || Bun.which("setpriv") === null)("two users", () => {
  const as = (uid: number, ...words: string[]) => {
    const prefix = ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    return hcom(plainEnv(dir.path), ["--program=acomm", ...words], { prefix });
  };
  const owned = async (name: string, uid: number, mode: number) => {
    const folder = join(dir.path, name);
    mkdirSync(folder);
    const path = join(folder, "store.acomm");
    await said("--file", path, "channel", "create", "ops");
    chownSync(path, uid, uid);
    chmodSync(path, mode);
    chmodSync(folder, 0o777);
    chmodSync(dir.path, 0o755);
    return path;
  };
  test("root writes and locks for the owner, who goes on writing", async () => {
    const path = await owned("owned", 4242, 0o600);
    await said("--file", path, "send", "1", "by root");
    expect(statSync(path).uid).toBe(4242);
    const own = await as(4242, "--file", path, "send", "1", "by its owner");
    expect([own.code, own.err]).toEqual([0, ""]);
    expect(statSync(path).uid).toBe(4242);
  });
  test("who may write but not give it back is refused before anything changes", async () => {
    const path = await owned("shared", 4242, 0o666);
    const before = readFileSync(path);
    const other = await as(4343, "--file", path, "send", "1", "mine now");
    expect(other.code).toBe(1);
    expect(JSON.parse(other.err).error).toContain("it belongs to uid 4242");
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(path, ".."))).toEqual(["store.acomm"]);
  });
  test("a lock that another user has left is named, with what to do", async () => {
    const path = await owned("locked", 4343, 0o600);
    writeFileSync(`${path}-lock`, "", { mode: 0o600 });
    const run = await as(4343, "--file", path, "send", "1", "hello");
    const { error, code } = JSON.parse(run.err);
    expect([run.code, code]).toEqual([1, "DOCUMENT_LOCKED"]);
    expect(error).toContain(`${path}-lock, which belongs to uid 0`);
    expect(error).toContain("remove");
  });
});

describe("numbers and texts that cannot be held", () => {
  const broken = (program: string, ...words: string[]) => {
    const line = `f() { sh "$@" "$(printf 'a\\377b')"; }; f "$@"`;
    return hcom(plainEnv(dir.path), [`--program=${program}`, ...words], {
      prefix: ["sh", "-c", line],
    });
  };
  // `sh -c line sh launcher ...`: the launcher and its words are the line's arguments.
  test("an argument that is no UTF-8 is refused and nothing stored", async () => {
    const at = ["--file", join(dir.path, "bytes.acomm")];
    await said(...at, "channel", "create", "ops");
    const run = await broken("acomm", ...at, "send", "1");
    expect([run.code, JSON.parse(run.err).code]).toEqual([2, "NOT_UTF8"]);
    expect(await said(...at, "receive", "1")).toBe("[]\n");
    await said(...at, "send", "1", "\ufffd is a character");
    const mail = await broken("hcom", "send", "@nobody");
    expect([mail.code, mail.err]).toEqual([2, expect.stringContaining("not UTF-8")]);
  });

  test("a number beyond 2^53 is named as it was typed, or refused, never rounded", async () => {
    const at = ["--file", join(dir.path, "numbers.acomm")];
    await said(...at, "channel", "create", "ops");
    const most = "18446744073709551615";
    const messages: [string[], number, string][] = [
      [["send", most, "hi"], 1, `Channel not found: ${most}`],
      [["channel", "info", "9007199254740993"], 1, "Channel 9007199254740993 not found"],
      [["get", "9007199254740993"], 1, "Message 9007199254740993 not found"],
    ];
    for (const [words, code, error] of messages) {
      expect(await refused(...at, ...words)).toMatchObject([code, { error }]);
    }
    const [code] = await refused(...at, "channel", "config", "1", "--ttl-seconds", most);
    expect(code).toBe(1);
    expect((await acomm(...at, "channel", "info", "1")).out).toContain('"ttl_seconds": 0');
    const dates = ["2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z"];
    for (const date of dates) {
      expect((await refused(...at, "receive", "1", "--since", date))[0]).toBe(2);
    }
  });
});
