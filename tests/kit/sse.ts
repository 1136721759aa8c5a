// Server-sent events as the model dialects send them, and text cut into timed pieces.

export interface ModelEvent {
  type: string;
  [key: string]: unknown;
}

/** A stream of events; each is named after its `type`, as two of the dialects do. */
export function sse(events: AsyncIterable<ModelEvent>): Response {
  return streamed(events, (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** A stream of nameless data; `end` closes it where the dialect has a word for that. */
export function sseData(data: AsyncIterable<unknown>, end?: string): Response {
  const last = end === undefined ? "" : `data: ${end}\n\n`;
  return streamed(data, (one) => `data: ${JSON.stringify(one)}\n\n`, last);
}

function streamed<T>(events: AsyncIterable<T>, write: (event: T) => string, end = ""): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        for await (const event of events) controller.enqueue(encoder.encode(write(event)));
        if (end !== "") controller.enqueue(encoder.encode(end));
        controller.close();
      } catch {
        // The CLI hung up: it was interrupted or killed.
      }
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** The words of `text`, spread evenly over `durationMs`. */
export async function* pieces(text: string, durationMs: number): AsyncGenerator<string> {
  if (durationMs === 0) {
    yield text;
    return;
  }
  const words = text.split(/(?<= )/);
  for (const word of words) {
    await Bun.sleep(durationMs / words.length);
    yield word;
  }
}
