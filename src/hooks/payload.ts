// What a tool tells one hook on standard input. A complete JSON value is the end of it: some
// versions of Claude Code leave the pipe open, and a hook that waits for its end hangs.
import { isObject } from "../core/json.ts";

export type Payload =
  | { kind: "object"; value: Record<string, unknown> }
  | { kind: "problem"; problem: string }
  /** Nothing whole came in time. */
  | { kind: "late" };

export async function readPayload(withinMs: number): Promise<Payload> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Payload>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "late" }), withinMs);
  });
  try {
    return await Promise.race([read(), late]);
  } catch (error) {
    return { kind: "problem", problem: `the payload cannot be read: ${String(error)}` };
  } finally {
    clearTimeout(timer);
  }
}

async function read(): Promise<Payload> {
  const decoder = new TextDecoder();
  const reader = Bun.stdin.stream().getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    // Only what may be whole is worth a parse: a payload can come in many pieces.
    if (!done && !/\}\s*$/.test(text.slice(-64))) continue;
    const whole = parse(text);
    if (whole !== undefined) return whole;
    if (done) return { kind: "problem", problem: "the payload is not JSON" };
  }
}

function parse(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { kind: "object", value };
    return { kind: "problem", problem: "the payload is not a JSON object" };
  } catch {
    return undefined;
  }
}
