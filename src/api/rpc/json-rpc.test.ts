// What cannot be provoked from outside; `rpc.test.ts` has the rest.
import { expect, test } from "bun:test";
import { answerLine } from "./json-rpc.ts";

test("a bug is answered as one, and heard of here", async () => {
  const heard: unknown[] = [];
  const callee = {
    call: () => Promise.reject(new TypeError("it broke")),
    onBug: (error: unknown) => void heard.push(error),
  };
  const line = (message: object) => {
    return { kind: "line", bytes: new TextEncoder().encode(JSON.stringify(message)) } as const;
  };
  const request = { jsonrpc: "2.0", method: "version" };
  expect(await answerLine(line({ ...request, id: 1 }), callee)).toBe(
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error: it broke"}}',
  );
  expect(await answerLine(line(request), callee)).toBeUndefined();
  expect(heard).toHaveLength(2);
});
