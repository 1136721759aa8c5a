import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Intent, MessageData } from "../events/message.ts";
import { maxMessageBytes } from "./inbox.ts";
import {
  checkIntent,
  checkReply,
  checkSystemMention,
  checkText,
  checkThread,
  placeholderHint,
  recoverTrailingName,
  systemMention,
  unescapeShellHistory,
} from "./message.ts";

describe("text", () => {
  function refused(name: string, text: string, reason: RegExp): void {
    test(name, () => expect(() => checkText(text)).toThrow(reason));
  }
  refused("empty", "", /empty/);
  refused("blank", " \n\t", /empty/);
  refused("bell", "ab\u0007", /U\+0007 at position 3/);
  refused("escape", "\u001b[2J", /U\+001B at position 1/);
  refused("form feed", "a\fb", /U\+000C/);
  refused("next line", "a\u0085", /U\+0085/);
  refused("too large in bytes", "é".repeat(maxMessageBytes / 2 + 1), /1048578 bytes, .* 1048576/);

  test("everything else passes unchanged", () => {
    const largest = "é".repeat(maxMessageBytes / 2);
    for (const text of ["hi", "a\tb\r\nc", "→ 😀 \u00a0", largest])
      expect(checkText(text)).toBe(text);
  });
  test("no text with a control character passes", () => {
    const code = fc.integer({ min: 0, max: 0x9f }).filter((one) => {
      return ![9, 10, 13].includes(one) && (one < 0x20 || one > 0x7f);
    });
    fc.assert(
      fc.property(fc.string(), code, fc.string(), (left, one, right) => {
        expect(() => checkText(`x${left}${String.fromCharCode(one)}${right}`)).toThrow(/U\+/);
      }),
    );
  });
});

describe("thread and intent", () => {
  test("a thread is a short plain word", () => {
    expect(checkThread("review_2-b")).toBe("review_2-b");
    expect(checkThread("x".repeat(64))).toHaveLength(64);
    expect(() => checkThread("x".repeat(65))).toThrow(/65 characters, the limit is 64/);
    for (const text of ["", "a b", "a.b", "#1", "é"])
      expect(() => checkThread(text)).toThrow(/made of/);
  });
  test("the intents are known, the older one is accepted", () => {
    expect(["request", "Inform", "ack", "error"].map(checkIntent)).toEqual([
      "request",
      "inform",
      "ack",
      "error",
    ]);
    expect(() => checkIntent("ask")).toThrow(
      /"ask" is none of request, inform, ack - did you mean ack\?$/,
    );
  });
});

describe("replies", () => {
  function check(intent: Intent | undefined, parent: Intent | "none" | undefined, code = ""): void {
    test(`${intent} to ${parent}: ${code || "allowed"}`, () => {
      const data: MessageData = {
        from: "luna",
        sender_kind: "instance",
        scope: "mentions",
        text: "hi",
        delivered_to: [],
        ...(parent === undefined || parent === "none" ? {} : { intent: parent }),
      };
      const send = () => checkReply({ intent, parent: parent === undefined ? parent : data });
      if (code === "") expect(send).not.toThrow();
      else expect(send).toThrow(expect.objectContaining({ code }));
    });
  }
  check("ack", "request");
  check("ack", "none");
  check("ack", undefined, "ack_without_reply");
  check("ack", "ack", "ack_of_ack");
  check("ack", "inform", "ack_of_inform");
  check("inform", "ack");
  check("request", undefined);
  check(undefined, "inform");
});

describe("what models do to a command line", () => {
  function unescaped(text: string, plain: string): void {
    test(text, () => expect(unescapeShellHistory(text)).toBe(plain));
  }
  unescaped(String.raw`done\!`, "done!");
  unescaped(String.raw`\$HOME \"a\" \'b\' ${"\\`c\\`"}`, "$HOME \"a\" 'b' `c`");
  unescaped(String.raw`C:\\dir\n`, String.raw`C:\\dir\n`);
  unescaped(String.raw`\\!`, String.raw`\\!`);
  unescaped(String.raw`\\\!`, String.raw`\\!`);

  function recovered(text: string, self: string | undefined, left: string): void {
    test(`${text} of ${self}`, () => {
      const words = text.split(" ");
      const result = recoverTrailingName(words, self);
      expect(result.words.join(" ")).toBe(left);
      expect(result.recovered).toBe(left !== text);
    });
  }
  recovered("all done --name luna", "luna", "all done");
  recovered("all done --name=luna", "luna", "all done");
  recovered("--name luna", "luna", "");
  recovered("call it --name nova", "luna", "call it --name nova");
  recovered("use --name luna here", "luna", "use --name luna here");
  recovered("all --name undefined", undefined, "all --name undefined");
  recovered("all --name=undefined", undefined, "all --name=undefined");
});

describe("mentions that are none", () => {
  test("the system is found and refused", () => {
    expect(systemMention("thanks @[hcom-events]!")).toBe("@[hcom-events]");
    expect(systemMention("see [hcom-events] and @luna")).toBeUndefined();
    expect(() => checkSystemMention("@[hcom-launcher] hi")).toThrow(/cannot be written to/);
    expect(() => checkSystemMention("hi")).not.toThrow();
  });
  test("words of the documentation are explained", () => {
    expect(placeholderHint(["luna", "Name"])).toContain("@Name stands for");
    expect(placeholderHint(["luna"])).toBeUndefined();
  });
});
