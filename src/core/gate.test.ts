import { expect, test } from "bun:test";
import { type GateRules, type GateView, gateContext, gateReason } from "./gate.ts";

const all: GateRules = {
  idle: true,
  ready: true,
  emptyPrompt: true,
  userActive: true,
  approval: true,
};
const none: GateRules = {
  idle: false,
  ready: false,
  emptyPrompt: false,
  userActive: false,
  approval: false,
};
const open: GateView = {
  isIdle: true,
  hasApproval: false,
  hasOverlay: false,
  isReady: true,
  input: "",
  sinceKey: 500,
  sinceSubmit: 1500,
};
/** Every reason at once: the order decides. */
const shut: GateView = {
  isIdle: false,
  hasApproval: true,
  hasOverlay: true,
  isReady: false,
  input: "draft",
  sinceKey: 0,
  sinceSubmit: 0,
};

const check = (view: Partial<GateView>, reason: string | undefined, rules = all) =>
  expect(gateReason(rules, { ...open, ...view })).toBe(reason as never);

test("the gate is open when nothing speaks against it", () => check({}, undefined));

test("each condition closes it", () => {
  check({ isIdle: false }, "not-idle");
  check({ hasApproval: true }, "approval");
  check({ sinceKey: 499 }, "user-active");
  check({ hasOverlay: true }, "nav-overlay");
  check({ sinceSubmit: 1499 }, "submit-settle");
  check({ isReady: false }, "not-ready");
  check({ input: "draft" }, "prompt-has-text");
});

test("a box that was not found is not provably empty", () =>
  check({ input: null }, "no-input-box"));

test("the first reason wins", () => {
  const order: [Partial<GateView>, string | undefined][] = [
    [{}, "not-idle"],
    [{ isIdle: true }, "approval"],
    [{ hasApproval: false }, "user-active"],
    [{ sinceKey: 9000 }, "nav-overlay"],
    [{ hasOverlay: false }, "submit-settle"],
    [{ sinceSubmit: 9000 }, "not-ready"],
    [{ isReady: true }, "prompt-has-text"],
    [{ input: "" }, undefined],
  ];
  let view = shut;
  for (const [change, reason] of order) {
    view = { ...view, ...change };
    expect(gateReason(all, view)).toBe(reason as never);
  }
});

test("a tool asks only for what it needs, an overlay always counts", () => {
  expect(gateReason(none, { ...shut, hasOverlay: false })).toBeUndefined();
  expect(gateReason(none, shut)).toBe("nav-overlay");
});

test("a reason as shown", () => expect(gateContext("not-idle")).toBe("tui:not-idle"));
