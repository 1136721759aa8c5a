import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  checkNameArgument,
  checkSenderName,
  checkTag,
  extractMentions,
  fullName,
  parseEventRef,
  splitFullName,
} from "./address.ts";

describe("full names", () => {
  test("a tag stands in front", () => {
    expect(fullName({ name: "luna", tag: "api" })).toBe("api-luna");
    expect(fullName({ name: "luna:BOXE", tag: "api" })).toBe("api-luna:BOXE");
    expect(fullName({ name: "luna", tag: null })).toBe("luna");
    expect(fullName({ name: "luna", tag: "" })).toBe("luna");
  });
  test("every hyphen can be the border", () => {
    expect(splitFullName("a-b-luna")).toEqual([
      { tag: "a", base: "b-luna" },
      { tag: "a-b", base: "luna" },
    ]);
    expect(splitFullName("luna")).toEqual([]);
    expect(splitFullName("-luna-")).toEqual([]);
  });
  test("splitting finds every tag again", () => {
    const tag = fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/);
    const base = fc.stringMatching(/^[a-z0-9_]{1,8}$/);
    fc.assert(
      fc.property(tag, base, (one, name) => {
        expect(splitFullName(fullName({ name, tag: one }))).toContainEqual({
          tag: one,
          base: name,
        });
      }),
    );
  });
});

describe("mentions", () => {
  function check(text: string, ...names: string[]): void {
    test(text, () => expect(extractMentions(text, (tag) => tag === "api")).toEqual(names));
  }
  check("hello @luna and @nova", "luna", "nova");
  check("email user@domain.com, file.@test, var_@name, a-@b");
  check("send to @luna:BOXE", "luna:BOXE");
  check("(@luna)", "luna");
  check(",@nova", "nova");
  check("@luna: hi", "luna");
  check("@luna- hi", "luna");
  check("@api- hi", "api-");
  check("all of @api-: hi", "api-");
  check("@api-luna, @api-luna and @miso.", "api-luna", "miso");
  check("@a@b", "a");
  check("@_x @-y @ @[hcom-events]");
  check("@luna_explore_1 @mÿra", "luna_explore_1", "mÿra");

  test("a name in a sentence is found whole", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_]{0,9}$/);
    const before = fc.constantFrom("", "hi ", "(", ", ", "\n", "“");
    const after = fc.constantFrom("", " x", ")", ".", ": x", "- x", "!", "’s");
    fc.assert(
      fc.property(before, name, after, (left, one, right) => {
        expect(extractMentions(`${left}@${one}${right}`)).toEqual([one]);
      }),
    );
  });
  test("a letter, digit, dot or hyphen before the @ makes it no mention", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/[A-Za-z0-9._-]$/),
        fc.stringMatching(/^[a-z]{1,5}$/),
        (a, b) => {
          expect(extractMentions(`${a.replaceAll("@", "")}@${b}`)).toEqual([]);
        },
      ),
    );
  });
});

describe("what a user may write", () => {
  function refused(check: (text: string) => string, text: string, reason: RegExp): void {
    test(`${check.name} ${JSON.stringify(text)}`, () => expect(() => check(text)).toThrow(reason));
  }
  refused(checkTag, "a_b", /letters, digits and hyphens/);
  refused(checkTag, "", /letters, digits and hyphens/);
  refused(checkTag, "a.b", /letters/);
  refused(checkNameArgument, "  ", /needs a name/);
  refused(checkNameArgument, "x".repeat(51), /at most 50 characters, not 51/);
  for (const sign of "|&;$`<>")
    refused(checkNameArgument, `lu${sign}na`, /may not have: [|&;$`<>]$/);
  refused(checkNameArgument, "lu\nna", /U\+000a/);
  for (const sign of "@\"'\\") refused(checkSenderName, `lu${sign}na`, /--from .* may not have/);
  refused(checkSenderName, "ci\nbot", /U\+000a/);
  refused(checkSenderName, "hcom", /look like hcom/);
  refused(checkSenderName, "[hcom-events]", /may not have: \[/);

  test("usual names pass unchanged", () => {
    expect(checkTag("api-2")).toBe("api-2");
    expect(checkNameArgument("api-luna:BOXE")).toBe("api-luna:BOXE");
    expect(checkNameArgument("@x")).toBe("@x");
    expect(checkSenderName("CI bot")).toBe("CI bot");
    expect(checkSenderName("bigboss")).toBe("bigboss");
  });
});

describe("event references", () => {
  function check(text: string, ref: ReturnType<typeof parseEventRef>): void {
    test(text, () => expect(parseEventRef(text)).toEqual(ref));
  }
  check("42", { id: 42 });
  check("#42", { id: 42 });
  check("42:boxe", { id: 42, device: "BOXE" });
  check("42:", undefined);
  check("0", undefined);
  check("x42", undefined);
  check("-1", undefined);
  check("4.2", undefined);
});
