import { describe, expect, test } from "bun:test";
import { brokerUrl, parseBroker, publicBrokers } from "./broker.ts";
import { decodeToken, encodeToken, keyOf, toBase64Url } from "./token.ts";

const id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const key = Uint8Array.from({ length: 32 }, (_, at) => at);
const listed = "BKGyw9Tl9niQq83vEjRWeJAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHwA";
const written =
  "BKGyw9Tl9niQq83vEjRWeJAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH21xdHQ6Ly8xMjcuMC4wLjE6MTg4Mw";

describe("tokens", () => {
  test("are those of other programs of this group, byte for byte", () => {
    expect(encodeToken({ id, key, url: "mqtts://broker.emqx.io:8883" })).toBe(listed);
    expect(encodeToken({ id, key, url: "mqtt://broker.emqx.io:8883" })).toBe(listed);
    expect(encodeToken({ id, key, url: "mqtt://127.0.0.1:1883" })).toBe(written);
  });

  test("give back group, key and broker, with or without padding", () => {
    const group = { id, key, url: "mqtts://broker.emqx.io:8883" };
    expect(decodeToken(listed)).toEqual({ kind: "group", group });
    expect(decodeToken(` ${listed}=\n`)).toEqual({ kind: "group", group });
    const own = { id, key, url: "mqtt://127.0.0.1:1883" };
    expect(decodeToken(written)).toEqual({ kind: "group", group: own });
  });

  test("without a key are known as such", () => {
    expect(decodeToken("AaGyw9Tl9niQq83vEjRWeJAC")).toEqual({ kind: "keyless" });
    const second = toBase64Url(Uint8Array.of(2, ...new Uint8Array(16), ...Buffer.from("mqtt://h")));
    expect(decodeToken(second)).toEqual({ kind: "keyless" });
  });

  const bytes = (...parts: (number | Uint8Array)[]) =>
    toBase64Url(
      Uint8Array.from(parts.flatMap((one) => (typeof one === "number" ? [one] : [...one]))),
    );
  const head = [4, new Uint8Array(16), key] as const;
  const malformed: [what: string, token: string][] = [
    ["nothing", ""],
    ["a word", "hello"],
    ["other letters", `${listed.slice(0, -1)}!`],
    ["a cut end", listed.slice(0, 40)],
    ["one letter too few", listed.slice(0, -2)],
    ["a cut beginning", listed.slice(3)],
    ["no broker", bytes(...head)],
    ["a broker that is not in the list", bytes(...head, 9)],
    ["a broker that is no URL", bytes(...head, Buffer.from("http://x y"))],
    ["a URL that is no UTF-8", bytes(...head, 0xff, 0xfe, 0xfd)],
    ["an unknown version", bytes(9, new Uint8Array(16), key, 0)],
    ["version 3", bytes(3, new Uint8Array(16), key, 0)],
    ["version 1 with no such broker", bytes(1, new Uint8Array(16), 7)],
  ];
  test.each(malformed)("with %s are invalid", (_what, token) => {
    expect(decodeToken(token)).toEqual({ kind: "invalid" });
  });

  test("a key is 32 bytes and nothing else", () => {
    expect(keyOf("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")).toEqual(key);
    expect(keyOf("AAEC")).toBeUndefined();
    expect(keyOf("a key")).toBeUndefined();
  });
});

describe("brokers", () => {
  const known: [text: string, url: string | undefined][] = [
    ["mqtts://h.example", "mqtts://h.example:8883"],
    ["mqtt://h.example", "mqtt://h.example:1883"],
    ["h.example:99", "mqtts://h.example:99"],
    ["mqtt://[::1]:1883", "mqtt://[::1]:1883"],
    ["[::1]", "mqtts://[::1]:8883"],
    ["https://h.example", undefined],
    ["h.example:0", undefined],
    ["h.example:70000", undefined],
    ["user:pw@h.example", undefined],
    ["a b", undefined],
    ["", undefined],
  ];
  test.each(known)("%s is %s", (text, url) => {
    const broker = parseBroker(text);
    expect(broker === undefined ? undefined : brokerUrl(broker)).toBe(url);
  });

  test("public ones are tried with TLS, in the order of preference", () => {
    expect(publicBrokers.map(brokerUrl)).toEqual([
      "mqtts://broker.emqx.io:8883",
      "mqtts://broker.hivemq.com:8883",
      "mqtts://test.mosquitto.org:8886",
    ]);
  });
});
