import { expect, test } from "bun:test";
import { returnToCaller } from "./caller.ts";

const PWD = process.cwd();

test("what the launcher told our runtime alone is told to no agent that we start", () => {
  const env = {
    HCOM_CALLER_PWD: PWD,
    HCOM_CALLER_BUN_JSC_useJIT: "",
    BUN_JSC_useJIT: "0",
    HCOM_CALLER_MIMALLOC_PURGE_DELAY: "50",
    MIMALLOC_PURGE_DELAY: "0",
  };
  expect(returnToCaller(env)).toBe(PWD);
  expect<object>(env).toEqual({ PWD, MIMALLOC_PURGE_DELAY: "50" });
});

test("who was not started by the launcher stays where it is, with what it has", () => {
  const env = { BUN_JSC_useJIT: "0" };
  expect(returnToCaller(env)).toBeUndefined();
  expect(env).toEqual({ BUN_JSC_useJIT: "0" });
});
