// An agent program under a wrapper on one device, and what can be known and done of it on another.
import { afterAll, beforeAll, describe, test as everyTest, expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../kit/until.ts";
import { tempDir, type Wrapped, wrapAgent } from "../process/lab.ts";
import { type Device, device, group, hasBroker, type LabBroker, startBroker } from "./lab.ts";

const dir = tempDir();
let broker: LabBroker;
let anna: Device;
let boxe: Device;
let agent: Wrapped;
let there = "";

const test = hasBroker ? everyTest : everyTest.skip;

beforeAll(async () => {
  if (!hasBroker) return;
  broker = await startBroker(dir.path);
  mkdirSync(join(dir.path, "boxe"));
  agent = await wrapAgent(join(dir.path, "boxe"), "inbox");
  anna = device(dir.path, "ANNA");
  boxe = device(dir.path, "BOXE", agent.agent.env);
  await group(broker, anna, boxe);
  await anna.agent("kira");
  there = `${agent.name}:BOXE`;
  await until(async () => (await anna.list()).some((row) => row["base_name"] === there), {
    timeoutMs: 20_000,
    what: `${there} at ANNA`,
  });
}, 90_000);

afterAll(async () => {
  if (!hasBroker) return dir[Symbol.dispose]();
  await agent[Symbol.asyncDispose]();
  await anna[Symbol.asyncDispose]();
  await boxe[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

async function sentAs(name: string, ...words: string[]): Promise<number> {
  const { out, err } = await anna.hcom("send", `@${there}`, "--name", name, ...words);
  const id = Number(/#(\d+)/.exec(out)?.[1]);
  if (Number.isNaN(id)) throw new Error(out + err);
  return id;
}

const why = async (id: number) => (await anna.hcom("why", String(id))).out;

test("a message goes into its context, and the sender's ledger follows it", async () => {
  const id = await sentAs("kira", "--intent", "request", "--", "please run the tests");
  await until(async () => (await why(id)).includes("in its context"), {
    timeoutMs: 30_000,
    what: "the receipt",
    dump: () => why(id),
  });
  expect(await why(id)).toMatch(/published after .*arrived there after .*in context after/);
  const heard = JSON.stringify(agent.agent.context());
  expect(heard.split("please run the tests").length - 1).toBe(1);
}, 60_000);

test("its answer names the message by the asker's number, and is known as one", async () => {
  const id = await sentAs("kira", "--", "what is the version?");
  const label = `${id}:ANNA`;
  await until(async () => (await why(id)).includes("in its context"), {
    timeoutMs: 30_000,
    what: "it",
  });
  const answer = await agent.hcom(
    "send",
    "@kira:ANNA",
    "--name",
    agent.name,
    "--reply-to",
    label,
    "--",
    "7.1",
  );
  expect([answer.code, answer.err]).toEqual([0, ""]);
  await until(async () => (await why(id)).includes(": answered"), {
    timeoutMs: 15_000,
    what: "the answer in the ledger",
    dump: () => why(id),
  });
  const [reply] = (await anna.events("--type", "message", "--full", "--last", "1")).slice(-1);
  expect(reply?.["data"]).toMatchObject({ from: there, reply_to: label, reply_to_local: id });
}, 60_000);

describe("from the other device", () => {
  test("its screen is seen", async () => {
    const { code, out } = await anna.hcom("term", there);
    expect([code, out.startsWith(`Screen of ${agent.name}`)]).toEqual([0, true]);
  }, 30_000);

  test("keys are typed into it", async () => {
    expect((await anna.hcom("term", "inject", there, "typed", "from", "afar")).code).toBe(0);
    await until(() => agent.draft()?.includes("typed from afar"), {
      timeoutMs: 10_000,
      what: "the draft",
    });
    agent.press("\u0015");
  }, 30_000);

  test("its transcript is read", async () => {
    const { code, out } = await anna.hcom("transcript", there, "--last", "3");
    expect([code, out.includes("what is the version?")]).toEqual([0, true]);
  }, 30_000);

  test("its settings are read and changed", async () => {
    expect((await anna.hcom("config", "-i", there, "hints", "be", "brief")).code).toBe(0);
    expect((await anna.hcom("config", "-i", there, "hints", "--json")).out).toContain("be brief");
    expect((await boxe.hcom("config", "-i", agent.name, "hints")).out).toBe("be brief\n");
  }, 30_000);

  test("events are fetched there", async () => {
    const found = await anna.events("--device", "BOXE", "--type", "message", "--last", "50");
    expect(found.length).toBeGreaterThan(2);
  }, 30_000);

  const refused: [words: string[], code: number, says: string][] = [
    [["kill", "nobody:BOXE"], 1, "nobody"],
    [["term", "luna:FOGE"], 3, "no device FOGE in the group"],
    [["stop", "luna:BOXE"], 2, "can only stop itself"],
    [["claude", "--device", "BOXE"], 2, "--dir PATH"],
    [["claude", "--device", "BOXE", "--dir", "/no/such/place"], 1, "BOXE: "],
  ];
  test.each(refused)(
    "%j is refused in words",
    async (words, code, says) => {
      const run = await anna.hcom(...words);
      expect([run.code, run.err]).toEqual([code, expect.stringContaining(says)]);
    },
    30_000,
  );

  test("a device that takes messages only is asked for nothing, and still gets mail", async () => {
    const path = `${boxe.env["HCOM_DIR"]}/config.toml`;
    const text = await Bun.file(path).text();
    await Bun.write(path, text.replace("[relay]", '[relay]\nremote_control = "messages"'));
    await boxe.hcom("relay", "daemon", "restart");
    await until(async () => (await anna.hcom("term", there)).err.includes("takes messages only"), {
      timeoutMs: 15_000,
      what: "the refusal",
    });
    const id = await sentAs("kira", "--", "mail all the same");
    await until(async () => (await why(id)).includes("in its context"), {
      timeoutMs: 30_000,
      what: "it",
    });
    await Bun.write(path, text);
    await boxe.hcom("relay", "daemon", "restart");
  }, 60_000);

  test("it is ended with its program", async () => {
    const killed = await until(
      async () => {
        const run = await anna.hcom("kill", there);
        return run.code === 0 && run.out;
      },
      { timeoutMs: 15_000, what: "the end" },
    );
    expect(killed).toContain(`${there}: sent`);
    await until(async () => !(await anna.list()).some((row) => row["base_name"] === there), {
      timeoutMs: 10_000,
      what: "its end in the list",
    });
  }, 60_000);
});
