import { describe, expect, test } from "bun:test";
import { remoteOrder } from "./remote-order.ts";
import { servedCall } from "./served-call.ts";

const isTool = (word: string) => word === "claude";
const order = (line: string) => remoteOrder(line.split(" "), isTool);

describe("a command about an agent elsewhere becomes the request that goes there", () => {
  const orders: [line: string, device: string, action: string, params: object][] = [
    ["term luna:BOXE --clean", "BOXE", "term_screen", { target: "luna", clean: true, json: false }],
    [
      "term inject luna:boxe yes go on --enter",
      "BOXE",
      "term_inject",
      { target: "luna", text: "yes go on", enter: true },
    ],
    [
      "term inject luna:BOXE -- -x",
      "BOXE",
      "term_inject",
      { target: "luna", text: "-x", enter: false },
    ],
    [
      "transcript luna:B 3-4 --full",
      "B",
      "transcript",
      { target: "luna", range: "3-4", full: true },
    ],
    ["kill @luna:BOXE --go", "BOXE", "kill", { target: "luna" }],
    [
      "r luna:BOXE --tag x",
      "BOXE",
      "resume",
      { target: "luna", fork: false, extra_args: ["--tag", "x"] },
    ],
    ["fork luna:BOXE --dir /w", "BOXE", "resume", { target: "luna", fork: true }],
    [
      "config -i luna:BOXE hints be brief",
      "BOXE",
      "config_set",
      { instance: "luna", field: "hints", value: "be brief" },
    ],
    ["config --instance=luna:BOXE", "BOXE", "config_get", { instance: "luna" }],
    [
      "events --device boxe --type life --last 5",
      "BOXE",
      "events",
      { filters: { type: ["life"] }, last: 5 },
    ],
    [
      "3 claude --device BOXE --dir /w --tag t --model x",
      "BOXE",
      "launch",
      { tool: "claude", count: 3, cwd: "/w", tag: "t", args: ["--model", "x"] },
    ],
  ];
  test.each(orders)("%s", (line, device, action, params) => {
    expect(order(line)).toMatchObject({ device, action, params });
  });

  const local = [
    "kill tag:review",
    "term luna",
    "send @luna:BOXE -- hi",
    "events --type life",
    "claude --model a:b",
    "list luna:BOXE",
  ];
  test.each(local)("%s stays here", (line) => {
    expect(order(line)).toBeUndefined();
  });

  const wrong = [
    "kill luna:BOXE nova:BOXE",
    "stop luna:BOXE",
    "claude --device BOXE",
    "claude --device BOXE --dir here",
    "claude --device !",
  ];
  test.each(wrong)("%s is a problem in words", (line) => {
    expect(order(line)).toMatchObject({ problem: expect.any(String) });
  });
});

describe("what is asked for from elsewhere cannot become another call of ours", () => {
  const hostile: [action: string, params: object][] = [
    ["kill", { target: "--all" }],
    ["kill", { target: "all luna" }],
    ["kill", {}],
    ["kill", { target: "all" }],
    ["term_screen", { target: "debug" }],
    ["transcript", { target: "7" }],
    ["term_screen", { target: ["luna"] }],
    ["config_get", { instance: "luna", field: "--reset" }],
    ["config_set", { instance: "luna", field: "hints", value: "--reset" }],
    ["launch", { tool: "--help", cwd: "/" }],
    ["launch", { tool: "claude", cwd: "relative" }],
  ];
  test.each(hostile)("%s %j", (action, params) => {
    expect(servedCall(action, { ...params })).toBeString();
  });

  test("a first prompt goes over a private file", () => {
    const call = servedCall("launch", { tool: "claude", cwd: "/w", initial_prompt: "secret" });
    expect(call).toMatchObject({ secret: { flag: "--hcom-prompt-file", text: "secret" } });
    expect(JSON.stringify((call as { argv: string[] }).argv)).not.toContain("secret");
  });

  test("an action that nobody knows is none", () => {
    expect(servedCall("format_disk", {})).toBeUndefined();
  });
});
