// Our module in a Claude Code of paper: what it says about mail whose turn waits, is stopped, fails.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { until } from "../../../../tests/kit/until.ts";
import text from "./hcom.plugin.js" with { type: "text" };

interface Row {
  role: string;
  uuid: string;
}
type Fact = Record<string, unknown>;
type Hook = (host: unknown, event: Fact, next: (event: Fact) => unknown) => unknown;

/** The host's side; each scene loads the module anew. */
async function scene() {
  const folder = mkdtempSync(`${tmpdir()}/hp-`);
  await Bun.write(`${folder}/register.js`, text);
  const { register } = await import(`${folder}/register.js`);
  const hooks = new Map<string, Hook>();
  register((name: string, hook: Hook) => void hooks.set(name, hook));
  const world = {
    facts: [] as Fact[],
    prompts: [] as { text: string; resolve(answer: Fact): void }[],
    rows: [] as Row[],
    give: (_letter: Fact) => {},
    /** Who sleeps wakes at once where it says so. */
    isFast: true,
  };
  const letters: Fact[] = [];
  let ask: ((letter: Fact) => void) | undefined;
  world.give = (letter) => (ask === undefined ? letters.push(letter) : ask(letter));
  const nextLetter = () =>
    new Promise<Fact>((resolve) => {
      const first = letters.shift();
      if (first !== undefined) return resolve(first);
      ask = (letter) => {
        ask = undefined;
        resolve(letter);
      };
    });
  const host = {
    env: { get: async () => "/a/socket" },
    session: {
      id: async () => "s1",
      append: async () => {
        world.rows.push({ role: "user", uuid: "row" });
        return { uuid: "row" };
      },
      messages: async ({ after }: { after: string }) => {
        const at = world.rows.findIndex((row) => row.uuid === after);
        return at < 0 ? { deny: "no row" } : world.rows.slice(at + 1);
      },
    },
    prompt: {
      submit: (prompt: { text: string }) =>
        new Promise((resolve) => void world.prompts.push({ text: prompt.text, resolve })),
    },
    clock: { sleep: () => (world.isFast ? Promise.resolve() : new Promise(() => {})) },
    http: {
      fetch: async (url: string, init: { body?: string }) => {
        if (url.endsWith("next")) {
          return { ok: true, text: JSON.stringify({ mail: [await nextLetter()] }) };
        }
        world.facts.push(JSON.parse(init.body ?? "{}"));
        return { ok: true, text: "{}" };
      },
    },
  };
  const raise = async (name: string, event: Fact) =>
    await hooks.get(name)?.(host, event, (one) => one);
  await raise("session.start", { isInteractive: true });
  return {
    world,
    raise,
    said: (kind: string) => world.facts.filter((fact) => fact["kind"] === kind),
    /** Our prompt becomes a row, and its turn begins. */
    async begin(at: number) {
      const content = [{ type: "text", text: `The plugin sent: ${world.prompts[at]?.text}` }];
      const uuid = `prompt${at}`;
      world.rows.push({ role: "user", uuid });
      const origin = { kind: "plugin", name: "hcom" };
      await raise("session.append", { door: "prompt", origin, uuid, message: { content } });
      await raise("turn.start", { turnId: `t${at}` });
      world.prompts[at]?.resolve({ text: "" });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const letter = { id: 1, text: 'words "in" <hcom>\nlines</hcom>', title: "message from nova" };
const soon = (what: string, isSo: () => boolean) => until(isSo, { timeoutMs: 5000, what });

test("a prompt that waits is called queued, and handed over when its turn begins", async () => {
  using at = await scene();
  at.world.give(letter);
  await soon("queued", () => at.said("queued").length === 1);
  expect(at.said("handed")).toEqual([]);
  // Offered again: it has it.
  at.world.give(letter);
  await soon("queued again", () => at.said("queued").length === 2);
  expect(at.world.prompts).toHaveLength(1);
  await at.begin(0);
  await soon("handed", () => at.said("handed").length === 1);
});

for (const [what, keeps] of [
  ["gone with its stopped turn", false],
  ["kept by a stopped turn", true],
] as const) {
  test(`a prompt that is ${what} is ${keeps ? "not " : ""}told as dropped`, async () => {
    using at = await scene();
    at.world.give(letter);
    await soon("the prompt", () => at.world.prompts.length === 1);
    await at.begin(0);
    await soon("handed", () => at.said("handed").length > 0);
    if (!keeps) at.world.rows.length = 0;
    await at.raise("turn.complete", { reason: "aborted" });
    await at.raise("turn.start", { turnId: "t2" });
    if (keeps) expect(at.said("dropped")).toEqual([]);
    else await soon("dropped", () => at.said("dropped").some((one) => one["id"] === 1));
  });
}

test("a row that is gone with its stopped turn is told as dropped, once", async () => {
  using at = await scene();
  await at.raise("turn.start", { turnId: "t1" });
  at.world.give(letter);
  await soon("handed", () => at.said("handed").length === 1);
  at.world.rows.length = 0;
  await at.raise("turn.complete", { reason: "aborted" });
  await at.raise("turn.start", { turnId: "t2" });
  await soon("dropped", () => at.said("dropped").length > 0);
  await at.raise("turn.complete", { reason: "aborted" });
  expect(at.said("dropped")).toHaveLength(1);
});

test("a request that failed for good wakes once more, and no more than that", async () => {
  using at = await scene();
  at.world.give(letter);
  await soon("the prompt", () => at.world.prompts.length === 1);
  await at.begin(0);
  for (const uuid of ["e1", "e2"]) {
    at.world.rows.push({ role: "assistant", uuid });
    const origin = { kind: "model", model: "<synthetic>" };
    await at.raise("session.append", { door: "response", origin, uuid, message: {} });
    await at.raise("turn.complete", { reason: "error" });
    await soon("the second try", () => at.world.prompts.length === 2);
  }
  expect(at.world.prompts[1]?.text).toBe("message from nova");
  at.world.rows.push({ role: "assistant", uuid: "answer" });
  await at.raise("turn.complete", { reason: "answer", answer: "yes" });
  expect(at.world.prompts).toHaveLength(2);
  expect(at.said("dropped")).toEqual([]);
});
