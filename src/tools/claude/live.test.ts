import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { Fixtures } from "../fixtures/contract-kit.ts";
import { live } from "./live.ts";

const fixtures = new Fixtures("claude");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("a recorded session tells its state and its inbox", () => {
  expect(live.read(fixtures.text("2.1.329/session.json"))).toEqual({
    status: "idle",
    session: "843f2ff0-b79b-4f30-97fb-44e0dcf2ec3d",
    processStart: "227040",
    inboxSocket: "/tmp/cc-socks/10121.sock",
  });
  // 2.1.216 speaks the same protocol but has no inbox.
  expect(live.read(fixtures.text("2.1.216/session.json"))?.inboxSocket).toBeUndefined();
});

test("the key lies where Claude put it", () => {
  const socket = "/tmp/cc-socks/10121.sock";
  expect(live.path("/c", 10121)).toBe("/c/sessions/10121.json");
  expect(live.keyPath("/c", 10121, socket, sha256)).toBe(
    "/c/sessions/10121.0df4df4a26976138e16a7671d8a48f0223f5b1d738a8311b3c1dc2fef5835cdf.key",
  );
  const key = fixtures.text("2.1.329/session-key.json");
  expect(live.readKey(key)).toBe("8a9b6780eae244771b9b3ca013c0d5a2");
  expect(live.readKey("{")).toBeUndefined();
});

test("an unknown protocol keeps the state and hides the inbox", () => {
  const text = JSON.stringify({
    status: "waiting",
    waitingFor: "permission prompt",
    peerProtocol: 2,
    messagingSocketPath: "/s",
  });
  expect(live.read(text)).toEqual({ status: "waiting", waitingFor: "permission prompt" });
});

test("a session that just starts, or half a file, tells nothing", () => {
  for (const text of ["", "{", "[]", '{"status":"dancing"}', '{"pid":1}']) {
    expect(live.read(text)).toBeUndefined();
  }
});
