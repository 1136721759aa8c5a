// What a program noted that its model read and wrote, in tokens, and what it cost. The programs
// count in different ways; here each token is counted once.

export interface Usage {
  /** Read, and in no cache. */
  input: number;
  cache_read: number;
  cache_write: number;
  /** Written, with what was thought. */
  output: number;
  /** Of that, thought; 0 where the program does not say. */
  reasoning: number;
  /** In US dollars; absent where the program does not note it. */
  cost_usd?: number;
}

export const noUsage: Usage = { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0 };

/** A number of tokens as some file has it. */
export function tokensIn(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

export function added(one: Usage, other: Usage): Usage {
  const cost =
    one.cost_usd === undefined && other.cost_usd === undefined
      ? {}
      : { cost_usd: (one.cost_usd ?? 0) + (other.cost_usd ?? 0) };
  return {
    input: one.input + other.input,
    cache_read: one.cache_read + other.cache_read,
    cache_write: one.cache_write + other.cache_write,
    output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning,
    ...cost,
  };
}

export function negative(usage: Usage): Usage {
  const { input, cache_read, cache_write, output, reasoning, cost_usd } = usage;
  return {
    input: -input,
    cache_read: -cache_read,
    cache_write: -cache_write,
    output: -output,
    reasoning: -reasoning,
    ...(cost_usd === undefined ? {} : { cost_usd: -cost_usd }),
  };
}

export function totalOf({ input, cache_read, cache_write, output }: Usage): number {
  return input + cache_read + cache_write + output;
}

/** `1,200 in, 300 from the cache, 50 out (20 thought), $0.12`. */
export function usageText(usage: Usage): string {
  const { input, cache_read, cache_write, output, reasoning, cost_usd } = usage;
  const thought = reasoning > 0 ? ` (${count(reasoning)} thought)` : "";
  return [
    `${count(input)} in`,
    ...(cache_read > 0 ? [`${count(cache_read)} from the cache`] : []),
    ...(cache_write > 0 ? [`${count(cache_write)} into the cache`] : []),
    `${count(output)} out${thought}`,
    ...(cost_usd === undefined ? [] : [`$${cost_usd.toFixed(cost_usd < 1 ? 4 : 2)}`]),
  ].join(", ");
}

function count(tokens: number): string {
  return String(tokens).replace(/\B(?=(\d{3})+$)/g, ",");
}
