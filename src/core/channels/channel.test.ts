import { describe, expect, test } from "bun:test";
import { Refusal } from "../refusal.ts";
import { capacityOf, channelTypes, checkChannelName, parseChannelType } from "./channel.ts";

describe("a name", () => {
  test.each([
    "a",
    "Z",
    "0",
    "-",
    "_",
    "build-42_B",
    "größe",
    "日本語",
    "ا",
    "Ⅷ",
    "²",
    "½",
    "a".repeat(128),
    "é".repeat(64),
    "日".repeat(42),
  ])("%s is one", (name) => {
    expect(checkChannelName(name)).toBe(name);
  });

  test.each(["", "a".repeat(129), "é".repeat(65), "日".repeat(43), " ".repeat(129)])(
    "'%s' is none by its length in bytes",
    (name) => {
      expect(() => checkChannelName(name)).toThrow(
        "Invalid channel name: Channel name must be 1-128 characters",
      );
    },
  );

  test.each(["a b", "a.b", "a/b", "a\n", "\n", "#a", "a!", "😀", "e\u0301", "a\0", "\ud83d", "–"])(
    "%j is none by its characters",
    (name) => {
      expect(() => checkChannelName(name)).toThrow(
        "Invalid channel name: Channel name must contain only alphanumeric characters, " +
          "hyphens, or underscores",
      );
    },
  );
});

describe("a type", () => {
  test("is typed in any case", () => {
    for (const type of channelTypes) {
      expect(parseChannelType(type)).toBe(type);
      expect(parseChannelType(type.toLowerCase())).toBe(type);
      expect(parseChannelType(type.toUpperCase())).toBe(type);
    }
  });

  test.each(["", "private", "pub-sub", " group"])("is not '%s'", (text) => {
    expect(() => parseChannelType(text)).toThrow(`Unknown channel type: ${text}`);
  });

  test("that is unknown is named in lower case, with those that there are", () => {
    expect(refusedType("PriVate")).toMatchObject({
      code: "unknown_channel_type",
      message: "Unknown channel type: private",
      hint: "one of: direct, group, broadcast, pubsub",
    });
  });
});

function refusedType(text: string): unknown {
  try {
    return parseChannelType(text);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return error;
  }
}

test("a direct channel holds two at most, others what they are configured for", () => {
  const held = (type: (typeof channelTypes)[number]) =>
    [0, 1, 2, 9].map((max) => capacityOf({ channel_type: type, max }));
  expect(held("Direct")).toEqual([2, 1, 2, 2]);
  expect(held("Group")).toEqual([0, 1, 2, 9]);
  expect(held("Broadcast")).toEqual([0, 1, 2, 9]);
  expect(held("PubSub")).toEqual([0, 1, 2, 9]);
});
