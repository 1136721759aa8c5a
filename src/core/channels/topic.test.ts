import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkSubscribedTopic, checkTopic, isTopicPattern, topicMatches } from "./topic.ts";

const patterns = ["a.*", "*.a", "*.*", "a.#", "*.#", "a.*.b", "a.*.#", "a.b.*.#"];
const topics = ["a", "ops", "build-42", "team_a", "a.b", "a.b.c", "größe.日本"];

describe("a topic", () => {
  test.each(topics)("%s can be published and subscribed to", (topic) => {
    expect(checkTopic(topic)).toBe(topic);
    expect(checkSubscribedTopic(topic)).toBe(topic);
    expect(isTopicPattern(topic)).toBe(false);
  });

  test.each(patterns)("%s can be subscribed to only", (pattern) => {
    expect(isTopicPattern(pattern)).toBe(true);
    expect(checkSubscribedTopic(pattern)).toBe(pattern);
    expect(() => checkTopic(pattern)).toThrow("Channel name must contain only");
  });

  const neither = [
    ".",
    "a.",
    ".a",
    "a..b",
    "a b",
    "a.b c",
    "*",
    "#",
    "#.a",
    "a.#.b",
    "a*.b",
    "a.b#",
  ];
  test.each([...neither, "a.**", "*a.#", "..", "a.*!"])("%s is none", (text) => {
    expect(isTopicPattern(text) && text !== "a.*!").toBe(false);
    expect(() => checkTopic(text)).toThrow("Invalid channel name: ");
    expect(() => checkSubscribedTopic(text)).toThrow("Invalid channel name: ");
  });

  test("has 1 to 128 bytes with its dots", () => {
    const long = `${"a".repeat(63)}.${"b".repeat(64)}`;
    expect(checkTopic(long)).toBe(long);
    for (const text of ["", `${long}c`]) {
      expect(() => checkTopic(text)).toThrow("Channel name must be 1-128 characters");
      expect(() => checkSubscribedTopic(text)).toThrow("Channel name must be 1-128 characters");
    }
    expect(() => checkSubscribedTopic(`${long}.#`)).toThrow("1-128 characters");
  });
});

describe("a subscription", () => {
  test.each([
    ["a", ["a"], ["A", "a.b", "ab", "b"]],
    ["a.b", ["a.b"], ["a", "a.b.c", "a-b"]],
    ["a.*", ["a.b", "a.c"], ["a", "b.a", "a.b.c"]],
    ["*.b", ["a.b"], ["b", "a.b.c", "a.a.b"]],
    ["*.*", ["a.b"], ["a", "a.b.c"]],
    ["a.*.c", ["a.b.c", "a.x.c"], ["a.c", "a.b.b.c", "a.b.d"]],
    ["a.#", ["a", "a.b", "a.b.c"], ["b", "ab", "b.a"]],
    ["*.#", ["a", "a.b", "a.b.c"], []],
    ["a.*.#", ["a.b", "a.b.c", "a.b.c.d"], ["a", "b.b"]],
  ] as const)("to %s matches what it should and no more", (subscribed, matching, others) => {
    const matched = [...matching, ...others].filter((topic) => topicMatches(subscribed, topic));
    expect(matched).toEqual([...matching]);
  });

  test("without wildcards matches itself alone", () => {
    const topic = fc.constantFrom(...topics);
    fc.assert(
      fc.property(topic, topic, (one, other) => {
        expect(topicMatches(one, other)).toBe(one === other);
      }),
    );
  });

  test("agrees with the pattern written as a regular expression", () => {
    const segments = fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 4 });
    const given = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(segments, fc.boolean(), given, (parts, isOpen, topic) => {
        const subscribed = [...parts, ...(isOpen ? ["#"] : [])].join(".");
        fc.pre(isTopicPattern(subscribed));
        const fixed = parts.map((part) => (part === "*" ? "[^.]+" : part)).join("[.]");
        const expected = new RegExp(`^${fixed}${isOpen ? "([.].+)?" : ""}$`).test(topic.join("."));
        expect(topicMatches(subscribed, topic.join("."))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
