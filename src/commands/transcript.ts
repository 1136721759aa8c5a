// hcom transcript: what an agent was asked and what it answered.

import { openBus } from "../bus/bus.ts";
import { readTranscript, type Transcript } from "../bus/transcripts/transcript.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { transcriptText } from "../cli/transcript-text.ts";
import type { Detail } from "../core/events/detail.ts";
import { exitCode } from "../core/refusal.ts";
import { parseSpan, type Span } from "../core/transcript/exchange.ts";
import { countOf } from "./transcript/choice.ts";
import { runSearch } from "./transcript/search.ts";
import { runTimeline } from "./transcript/timeline.ts";

const command: Command = {
  name: "transcript",
  group: "log",
  summary: "what an agent was asked and what it answered",
  usage: [
    "transcript [NAME] [--last N] [--full] [--detailed]",
    "transcript [NAME] N|N-M|N- [--full] [--detailed]",
    "transcript [NAME] --range N-M [--full] [--detailed]",
    "transcript timeline [--last N] [--full] [--live] [--tool TOOL]",
    "transcript search PATTERN [--limit N] [--live] [--tool TOOL] [--exclude-self]",
  ],
  firstWords: [
    {
      word: "timeline",
      about: "what all agents were asked, also those that stopped; newest first",
    },
    {
      word: "search",
      about: "where PATTERN, a regular expression, was said or done; newest first",
    },
  ],
  flags: [
    { name: "last", value: "N", about: "how many exchanges (default 10)" },
    { name: "range", value: "N-M", about: "the same as N-M behind the name" },
    { name: "limit", value: "N", about: "search: how many places are shown (default 20)" },
    { name: "live", about: "only agents that are here" },
    {
      name: "tool",
      alias: "agent",
      value: "TOOL",
      about: "only agents that run in this tool",
    },
    { name: "exclude-self", about: "search: not in one's own transcript" },
    { name: "full", about: "nothing is shortened" },
    { name: "detailed", about: "in full, with what the agent did: commands, edits, errors" },
  ],
  exits: { 1: "no transcript yet, or one that cannot be read", 3: "no such agent or exchange" },
  examples: [
    "hcom transcript luna --last 3",
    "hcom transcript luna 7 --detailed",
    "hcom transcript timeline --last 20",
    "hcom transcript search 'panic|fatal' --live",
  ],
  run: runTranscript,
};
export default command;

async function runTranscript(call: Call): Promise<number> {
  if (call.words[0] === "timeline") return await runTimeline(call, command);
  if (call.words[0] === "search") return await runSearch(call, command);
  const { agent, span } = wordsOf(call);
  const detail = detailOf(call);
  using bus = openBus(call.system, { writer: "transcript" });
  const transcript = await readTranscript(bus, { agent, name: call.name, span, detail });
  if (call.json) call.out.json(transcript.exchanges);
  else for (const line of textOf(transcript)) call.out.line(line);
  if (transcript.unreadable > 0) {
    call.out.note(
      `(left out: ${damaged(transcript.unreadable)} in the transcript that cannot be read)`,
    );
  }
  return exitCode.ok;
}

function damaged(count: number): string {
  return count === 1 ? "one place" : `${count} places`;
}

/** A number is nobody's name: it is a position in one's own transcript. */
function wordsOf(call: Call): { agent: string | undefined; span: Span } {
  const [first, ...rest] = call.words;
  const isSpan = first !== undefined && /^[\d-]+$/.test(first);
  const spans = [...(isSpan ? call.words : rest), ...call.flags.values("range")];
  const [written, ...more] = spans;
  if (more.length > 0) throw usageError(command, `one range only, not ${spans.join(" and ")}`);
  const agent = isSpan ? undefined : first;
  if (written === undefined)
    return { agent, span: { last: countOf(call, command, { flag: "last", usual: 10 }) } };
  if (call.flags.has("last")) {
    throw usageError(command, `either --last or the range ${written}, not both`);
  }
  return { agent, span: parseSpan(written) };
}

function detailOf(call: Call): Detail {
  if (call.flags.has("detailed")) return "detailed";
  return call.flags.has("full") ? "full" : "normal";
}

function textOf(transcript: Transcript): string[] {
  const lines = transcriptText(transcript);
  if (!transcript.isCut) return lines;
  const { name, exchanges } = transcript;
  const [first, last] = [exchanges.at(0)?.position, exchanges.at(-1)?.position];
  return [...lines, `Shortened. The whole text: hcom transcript ${name} ${first}-${last} --full`];
}
