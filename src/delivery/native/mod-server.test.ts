// The socket between our module and the wrapper, spoken to as the module does.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { until } from "../../../tests/kit/until.ts";
import { asList, asObject } from "../../core/json.ts";
import type { News } from "./carrier.ts";
import { openModServer } from "./mod-server.ts";

const letter = { id: 1, text: "words", title: "message from nova" };

function scene() {
  const folder = mkdtempSync(`${tmpdir()}/hm-`);
  const news: News[] = [];
  const server = openModServer(`${folder}/m1.sock`, (one) => void news.push(one));
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://hcom/${path}`, { unix: server.path, ...init });
  return {
    server,
    heard: (kind: string) => news.filter((one) => one.kind === kind),
    tell: (fact: object) => call("fact", { method: "POST", body: JSON.stringify(fact) }),
    async next(signal?: AbortSignal): Promise<unknown[]> {
      const answer = await call("next", signal === undefined ? {} : { signal });
      return asList(asObject(await answer.json())["mail"]);
    },
    [Symbol.dispose]() {
      server[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const soon = (what: string, isSo: () => boolean) => until(isSo, { timeoutMs: 5000, what });

test("only its owner can open the socket", () => {
  using at = scene();
  expect(statSync(at.server.path).mode & 0o777).toBe(0o600);
});

test("a module takes part from its hello to its farewell", async () => {
  using at = scene();
  expect(at.server.isServing()).toBe(false);
  const asking = new AbortController();
  const question = at.next(asking.signal).catch(() => []);
  await soon("the question", () => at.heard("changed").length > 0);
  expect(at.server.isServing()).toBe(false);
  await at.tell({ kind: "hello" });
  expect(at.server.isServing()).toBe(true);
  await at.tell({ kind: "bye" });
  expect(at.server.isServing()).toBe(false);
  asking.abort();
  await question;
});

test("an open question is answered when there is mail", async () => {
  using at = scene();
  const question = at.next();
  await soon("the question", () => at.heard("changed").length > 0);
  at.server.give(letter);
  expect(await question).toEqual([letter]);
  await at.tell({ kind: "handed", id: 1 });
  expect(at.heard("handed")).toEqual([{ kind: "handed", id: 1 }]);
});

test("what nobody said anything about is given to the next question", async () => {
  using at = scene();
  at.server.give(letter);
  expect(await at.next()).toEqual([letter]);
  expect(await at.next()).toEqual([letter]);
});

test("a letter that goes another way is given to nobody", async () => {
  using at = scene();
  at.server.give(letter);
  at.server.forget(1);
  const question = at.next();
  await soon("the question", () => at.heard("changed").length > 0);
  at.server.give({ ...letter, id: 2 });
  expect(await question).toMatchObject([{ id: 2 }]);
});

test("garbage is no news", async () => {
  using at = scene();
  for (const fact of [[], "x", { kind: 7 }, { kind: "handed" }, { kind: "dropped", id: "1" }]) {
    await at.tell(fact as object);
  }
  expect([...at.heard("handed"), ...at.heard("dropped"), ...at.heard("ready")]).toEqual([]);
});
