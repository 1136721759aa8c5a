// Who subscribed to what hears of changes, and of nothing else.
import { expect, test } from "bun:test";
import { noteSubscriptions, type Watch, watchResources } from "./watch.ts";

interface World {
  texts: Map<string, string>;
  told: string[];
  watch: Watch;
  isListening(): boolean;
  /** Something may have changed; resolves when that was looked at. */
  stir(): Promise<void>;
}

function world(): World {
  const texts = new Map([
    ["a", "1"],
    ["b", "1"],
  ]);
  const told: string[] = [];
  let stir: (() => void) | undefined;
  let looked = Promise.withResolvers<void>();
  const watch = watchResources({
    async read(uri) {
      queueMicrotask(() => setTimeout(() => looked.resolve(), 0));
      return texts.get(uri);
    },
    listen(onChange) {
      stir = onChange;
      return {
        [Symbol.dispose]: () => {
          stir = undefined;
        },
      };
    },
    tell: async (uri) => void told.push(uri),
  });
  return {
    texts,
    told,
    watch,
    isListening: () => stir !== undefined,
    async stir() {
      looked = Promise.withResolvers();
      stir?.();
      if (stir !== undefined) await looked.promise;
    },
  };
}

test("a change is told once, and only of what changed", async () => {
  const { watch, texts, told, stir } = world();
  expect(await watch.add("own", ["a", "b"])).toBe(true);
  await stir();
  expect(told).toEqual([]);
  texts.set("b", "2");
  await stir();
  await stir();
  expect(told).toEqual(["b"]);
  texts.delete("a");
  await stir();
  expect(told).toEqual(["b", "a"]);
});

test("nobody listens while nobody is subscribed", async () => {
  const { watch, isListening } = world();
  expect(isListening()).toBe(false);
  expect(await watch.add("own", ["nowhere"])).toBe(false);
  expect(isListening()).toBe(false);
  await watch.add("own", ["a"]);
  await watch.add("other", ["a"]);
  watch.remove("own", "a");
  expect(isListening()).toBe(true);
  watch.remove("other");
  expect(isListening()).toBe(false);
});

test("a subscription that stays open lasts until it is cancelled", async () => {
  const { watch, isListening } = world();
  const jsonrpc = "2.0" as const;
  const params = { notifications: { resourceSubscriptions: ["a", "nowhere"] } };
  await noteSubscriptions(watch, { jsonrpc, id: 7, method: "subscriptions/listen", params });
  expect(isListening()).toBe(true);
  const cancel = (requestId: number) =>
    noteSubscriptions(watch, { jsonrpc, method: "notifications/cancelled", params: { requestId } });
  await cancel(8);
  expect(isListening()).toBe(true);
  await cancel(7);
  expect(isListening()).toBe(false);
});
