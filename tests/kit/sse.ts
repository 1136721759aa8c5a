// Server-sent events as the model dialects send them, and text cut into timed pieces.

export interface ModelEvent {
  type: string;
  [key: string]: unknown;
}

/** A stream of events; each is named after its `type`, as both dialects do. */
export function sse(events: AsyncIterable<ModelEvent>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        for await (const event of events) {
          const text = `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
          controller.enqueue(encoder.encode(text));
        }
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
