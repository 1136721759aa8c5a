import { expect, test } from "bun:test";
import { apart, returnToCaller } from "./caller.ts";

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

test("what a program of ours is started without comes back in it", () => {
  const steering = { BUN_JSC_logGC: "1", mimalloc_verbose: "1", NODE_CHANNEL_FD: "x" };
  const env = { ...steering, NODE_ENV: "test", MY_BUN_X: "1", OLDPWD: "/usr" };
  const started = { ...apart(env, PWD), PWD: "/" };
  for (const name of Object.keys(steering)) expect(started).not.toHaveProperty(name);
  expect(started).toMatchObject({ NODE_ENV: "test", MY_BUN_X: "1" });
  expect(returnToCaller(started)).toBe(PWD);
  expect<object>(started).toEqual({ ...env, PWD });
});
