import { expect, test } from "bun:test";
import { healthOf, type Signs } from "./health.ts";

const fine: Signs = {
  isConfigured: true,
  isEnabled: true,
  status: "ok",
  error: undefined,
  worker: { pid: 7, isAlive: true },
  heartbeatAge: 1,
};

const table: [name: string, change: Partial<Signs>, words: string][] = [
  ["nothing is set up", { isConfigured: false, status: "error" }, "not_configured"],
  ["it is turned off", { isEnabled: false, status: "error" }, "disabled"],
  ["the worker reports an error", { status: "error", error: "no" }, "error reported no 7"],
  [
    "its process has died",
    { worker: { pid: 7, isAlive: false } },
    "error stale_pidfile its process 7 has died 7",
  ],
  ["it gave no sign yet", { heartbeatAge: undefined }, "starting 7"],
  ["its last sign is ten seconds old", { heartbeatAge: 10 }, "stale 7 10"],
  ["all is well", {}, "connected 7"],
  ["it is not connected yet", { status: "connecting" }, "starting 7"],
  [
    "nobody is there, but says so",
    { worker: undefined },
    "error ghost signs of a process that is not there",
  ],
  ["nobody is there", { worker: undefined, status: undefined, heartbeatAge: undefined }, "waiting"],
];
test.each(table)("%s", (_name, change, words) => {
  const health = healthOf({ ...fine, ...change });
  expect(Object.values(health).join(" ")).toBe(words);
});
