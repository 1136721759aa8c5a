import { describe, expect, test } from "bun:test";
import {
  checkContent,
  checkSender,
  maxContentBytes,
  messageTypes,
  parseMessageType,
} from "./channel-message.ts";

describe("a content", () => {
  const tooLong = "Invalid message content: Message content exceeds maximum size of 1048576 bytes";

  test.each([
    ["one-byte", "x", maxContentBytes],
    ["two-byte", "é", maxContentBytes / 2],
    ["four-byte", "😀", maxContentBytes / 4],
  ])("of %s characters may fill the limit and not exceed it", (_kind, character, most) => {
    const full = character.repeat(most);
    expect(checkContent(full) === full).toBe(true);
    expect(() => checkContent(`${full}x`)).toThrow(tooLong);
  });

  test("of three-byte characters is measured in bytes too", () => {
    const full = `${"日".repeat(349_525)}x`;
    expect(checkContent(full) === full).toBe(true);
    expect(() => checkContent(`${full}x`)).toThrow(tooLong);
  });

  test("is anything but nothing", () => {
    for (const content of [" ", "\n", "\0"]) expect(checkContent(content)).toBe(content);
    expect(() => checkContent("")).toThrow(
      "Invalid message content: Message content cannot be empty",
    );
  });
});

test("a sender is any text but the empty one", () => {
  for (const name of [" ", "a b", "💬", "x".repeat(10_000)]) expect(checkSender(name)).toBe(name);
  expect(() => checkSender("")).toThrow("Invalid sender: Sender cannot be empty");
});

describe("a type", () => {
  test("is typed in any case, and ack is short for acknowledgment", () => {
    for (const type of messageTypes) {
      expect(parseMessageType(type.toLowerCase())).toBe(type);
      expect(parseMessageType(type.toUpperCase())).toBe(type);
    }
    expect(parseMessageType("ack")).toBe("Acknowledgment");
    expect(parseMessageType("ACK")).toBe("Acknowledgment");
  });

  test.each(["", "mail", "acknowledge", " text"])("is not '%s'", (text) => {
    expect(() => parseMessageType(text)).toThrow(`Unknown message type: ${text}`);
  });

  test("that is unknown is named in lower case", () => {
    expect(() => parseMessageType("Mail")).toThrow("Unknown message type: mail");
  });
});
