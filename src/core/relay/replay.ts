// Says of an authentic envelope whether it is new. Requests must be of this minute; the state of a
// device may be of any time, but never older than what was applied, because the broker keeps it.

export interface ReplayQuestion {
  /** A device's uuid, or `control`. */
  sender: string;
  nonce: Uint8Array;
  /** Of the envelope. */
  seconds: number;
  nowSeconds: number;
  /** Of states: the newest second that was applied. */
  watermark?: number;
}

export type Verdict = "new" | "repeated" | "outdated" | "skewed";

const mostSkewSeconds = 60;
const capacity = 8192;
const rememberSeconds = 600;

export interface ReplayGuard {
  /** Remembers what it lets pass. */
  ask(question: ReplayQuestion): Verdict;
}

export function replayGuard(): ReplayGuard {
  /** In the order of last use, with the time at which each was seen. */
  const seen = new Map<string, number>();
  const isKnown = (key: string, now: number): boolean => {
    const at = seen.get(key);
    if (at === undefined) return false;
    seen.delete(key);
    if (now - at > rememberSeconds) return false;
    seen.set(key, at);
    return true;
  };
  return {
    ask({ sender, nonce, seconds, nowSeconds, watermark }) {
      if (sender === "control") {
        if (Math.abs(nowSeconds - seconds) > mostSkewSeconds) return "skewed";
      } else if (watermark !== undefined && seconds < watermark) return "outdated";
      const key = `${sender} ${[...nonce].join(".")}`;
      if (isKnown(key, nowSeconds)) return "repeated";
      seen.set(key, nowSeconds);
      for (const oldest of seen.keys()) {
        if (seen.size <= capacity) break;
        seen.delete(oldest);
      }
      return "new";
    },
  };
}
