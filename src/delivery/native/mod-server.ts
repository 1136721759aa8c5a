// The wrapper's side of a module inside an agent program: HTTP on a Unix socket. The module asks
// for mail and the question stays open until there is some, so neither side looks twice.
//
//   GET  /next   {"mail": [letter]}, after 25 s without any an empty list
//   POST /fact   {"kind": "hello" | "busy" | "idle" | "handed" | "queued" | "dropped" | "bye"}
import { chmodSync } from "node:fs";
import { asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { removeFile } from "../../sys/files.ts";
import type { Carrier, Letter, News } from "./carrier.ts";

export interface ModServer extends Carrier {
  path: string;
}

/** Claude Code gives a question up after 30 s and tells nobody. */
const holdMs = 25_000;
/**
 * Bun warns on the person's terminal about a question that it ends itself: longer than any. Its
 * types know this for ports only.
 */
const patient: object = { idleTimeout: 120 };
/** From one question to the next, or for good. */
const gapMs = 2000;
/** A letter may have gone to a question that nobody asks any more. */
const againMs = 1000;
/** When it should be known what became of it. */
const lookAgainMs = 6100;

/** `path` is in a folder that only our user can enter. */
export function openModServer(path: string, onNews: (news: News) => void): ModServer {
  let hasSaidHello = false;
  /** Of the module that said hello last: each load of it has its own. */
  let life: string | undefined;
  const questions = openQuestions(() => onNews({ kind: "changed" }));

  function hear(text: string): void {
    const fact = asObject(parseJson(text));
    const kind = asText(fact["kind"]);
    if (kind === "hello" || kind === "bye") hasSaidHello = kind === "hello";
    if (kind === "hello") {
      const before = life;
      life = asText(fact["life"]);
      const isAnew = life === undefined || life !== before;
      // It would take what the one before has taken.
      if (isAnew) questions.closeGiven();
      onNews({ kind: "ready", isAnew });
    }
    if (kind === "busy") onNews({ kind });
    const id = asNumber(fact["id"]);
    if (id === undefined || (kind !== "handed" && kind !== "queued" && kind !== "dropped")) return;
    questions.close(id);
    const reason = asText(fact["why"]) ?? "refused";
    onNews(kind === "dropped" ? { kind, id, reason } : { kind, id });
  }

  removeFile(path);
  const server = Bun.serve({
    unix: path,
    ...patient,
    async fetch(request) {
      if (request.url.endsWith("/next")) {
        return Response.json({ mail: await questions.ask(request.signal) });
      }
      if (request.method === "POST") hear(await request.text());
      return Response.json({});
    },
  });
  chmodSync(path, 0o600);
  server.unref();

  return {
    path,
    via: "mod",
    isServing: () => hasSaidHello && questions.areAsked(),
    give: questions.give,
    forget: questions.close,
    [Symbol.dispose]() {
      questions[Symbol.dispose]();
      void server.stop(true);
      removeFile(path);
    },
  };
}

interface Questions extends Disposable {
  ask(signal: AbortSignal): Promise<readonly Letter[]>;
  areAsked(): boolean;
  give(letter: Letter): void;
  /** This letter needs no answer any more. */
  close(id: number): void;
  /** Nor does one that somebody may have got. */
  closeGiven(): void;
}

/** The open questions and the one letter that answers them until something is said about it. */
function openQuestions(onChange: () => void): Questions {
  const asking = new Set<(mail: readonly Letter[]) => void>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let lastAskedAt = Number.NEGATIVE_INFINITY;
  let open: { letter: Letter; givenAt: number } | undefined;

  function later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  function offer(): void {
    const [answer] = asking;
    const now = performance.now();
    if (open === undefined || answer === undefined || now - open.givenAt < againMs) return;
    open.givenAt = now;
    // A little more, so that it is due then.
    later(againMs + 50, offer);
    answer([open.letter]);
  }

  return {
    ask: (signal) =>
      new Promise((resolve) => {
        const answer = (mail: readonly Letter[]) => {
          clearTimeout(timer);
          if (!asking.delete(answer)) return;
          lastAskedAt = performance.now();
          later(gapMs + 50, onChange);
          resolve(mail);
        };
        const timer = setTimeout(() => answer([]), holdMs);
        signal.addEventListener("abort", () => answer([]));
        asking.add(answer);
        offer();
        onChange();
      }),
    areAsked: () => asking.size > 0 || performance.now() - lastAskedAt < gapMs,
    give(letter) {
      open = { letter, givenAt: Number.NEGATIVE_INFINITY };
      offer();
      later(lookAgainMs, onChange);
    },
    close(id) {
      if (open?.letter.id === id) open = undefined;
    },
    closeGiven() {
      if (open !== undefined && open.givenAt > Number.NEGATIVE_INFINITY) open = undefined;
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      for (const answer of [...asking]) answer([]);
    },
  };
}
