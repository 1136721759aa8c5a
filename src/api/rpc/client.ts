// What one client of `acomm rpc` has open, and its calls. A handle is a number that is never used
// twice: what was freed stays unknown.
import type { StoreAccess } from "../../bus/channels/access.ts";
import { Refusal } from "../../core/refusal.ts";
import { version } from "../../core/version.ts";
import type { System } from "../../sys/system.ts";
import type { CommStore, FileForm } from "../comm-store.ts";
import { type Callee, UnknownMethod } from "./json-rpc.ts";
import { operations, type RpcOperation } from "./operations.ts";
import { InvalidParams, readParams } from "./params.ts";

type Held = { kind: "memory"; store: CommStore } | { kind: "live"; access: StoreAccess };
type Methods = Readonly<Record<string, (params: unknown) => unknown>>;

export type RpcClient = Callee & Disposable;

export function openClient(system: System): RpcClient {
  const held = new Map<number, Held>();
  const methods = methodsOn(held, system);
  return {
    async call(name, params) {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation !== undefined) return operate(operation, params, held);
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (method === undefined) throw new UnknownMethod(name);
      return method(params);
    },
    onBug(error) {
      const msg = error instanceof Error ? (error.stack ?? error.message) : String(error);
      system.log({ level: "error", subsystem: "rpc", event: "bug", msg });
    },
    [Symbol.dispose]() {
      for (const handle of [...held.keys()]) release(held, handle);
    },
  };
}

/** What is not an operation on a store. The library is loaded with the first store. */
function methodsOn(held: Map<number, Held>, system: System): Methods {
  let last = 0;
  const hold = (one: Held): number => {
    held.set(++last, one);
    return last;
  };
  const library = async () => (await import("../comm-store.ts")).CommStore;
  return {
    version(params) {
      readParams(params, {});
      return version;
    },
    async "store.create"(params) {
      readParams(params, {});
      return hold({ kind: "memory", store: (await library()).create() });
    },
    async "store.load"(params) {
      const { path } = readParams(params, { path: "text" });
      return hold({ kind: "memory", store: (await library()).load(path) });
    },
    async "store.open"(params) {
      const { path, bus } = readParams(params, { path: "text?", bus: "flag?" });
      const { openLive } = await import("../live.ts");
      return hold({ kind: "live", access: await openLive({ file: path, isBus: bus }, system) });
    },
    "store.save"(params) {
      const given = readParams(params, { store: "id", path: "text", form: "text?" });
      inMemory(held, given.store).save(given.path, { form: formOf(given.form) });
      return { path: given.path, status: "saved" };
    },
    "store.free"(params) {
      const { store } = readParams(params, { store: "id" });
      find(held, store);
      release(held, store);
      return { store, status: "freed" };
    },
  };
}

function operate(operation: RpcOperation, params: unknown, held: Map<number, Held>): unknown {
  const { store, run } = operation.plan(params);
  const one = find(held, store);
  if (one.kind === "memory") return run(one.store);
  return operation.isWrite ? one.access.write(run) : one.access.read(run);
}

function find(held: ReadonlyMap<number, Held>, handle: number): Held {
  const one = held.get(handle);
  if (one !== undefined) return one;
  throw new Refusal({
    code: "store_not_found",
    message: `Store not found: ${handle}`,
    hint: "handles come from store.create, store.load and store.open",
  });
}

function inMemory(held: ReadonlyMap<number, Held>, handle: number): CommStore {
  const one = find(held, handle);
  if (one.kind === "memory") return one.store;
  throw new Refusal({
    code: "store_is_live",
    message: `Store ${handle} is open in its place: each change is kept already`,
    hint: "store.save writes stores of store.create and store.load",
  });
}

function release(held: Map<number, Held>, handle: number): void {
  const one = held.get(handle);
  held.delete(handle);
  if (one?.kind === "live") one.access[Symbol.dispose]();
}

function formOf(text: string | undefined): FileForm | undefined {
  if (text === undefined || text === "seed" || text === "head") return text;
  throw new InvalidParams("form must be seed or head");
}
