// Exchanges of a transcript as text for people and models.
import type { ShownExchange } from "../core/transcript/show.ts";
import { usageText } from "../core/transcript/usage.ts";

export function transcriptText(transcript: {
  name: string;
  exchanges: readonly ShownExchange[];
  total: number;
}): string[] {
  const { name, exchanges, total } = transcript;
  const [first, last] = [exchanges.at(0)?.position, exchanges.at(-1)?.position];
  if (first === undefined) return [`Nothing was said yet - @${name}`];
  const count = `${exchanges.length} exchange${exchanges.length === 1 ? "" : "s"}`;
  const head = `Recent conversation (${count}, ${first}-${last} of ${total}) - @${name}:`;
  return [head, "", ...exchanges.flatMap(linesOf)].map((text) => text.replaceAll("\r\n", "\n"));
}

function linesOf(exchange: ShownExchange): string[] {
  const { position, user, action, files } = exchange;
  return [
    `[${position}] USER: ${user === "" ? "(nothing; the agent began by itself)" : user}`,
    `ASSISTANT: ${action}`,
    ...workLines(exchange),
    ...(files.length === 0 ? [] : [`FILES: ${files.join(", ")}`]),
    "",
  ];
}

function workLines({ tools = [], edits = [], errors = [], usage }: ShownExchange): string[] {
  return [
    ...tools.flatMap((tool) => {
      const about = tool.command ?? tool.file;
      const call = about === undefined ? tool.name : `${tool.name}: ${about}`;
      const lines = [`  ├─ ${tool.is_error ? "✗ " : ""}${indented(call, "  │    ")}`];
      if (tool.output !== undefined) {
        lines.push(`  │  OUTPUT ${indented(tool.output.trimEnd(), "  │    ")}`);
      }
      return lines;
    }),
    ...edits.flatMap(({ file, diff }) => [`  Δ EDIT ${file}`, `    ${indented(diff, "    ")}`]),
    ...errors.map(({ tool, content }) => `  ✗ ERROR ${tool}: ${indented(content, "    ")}`),
    ...(usage === undefined ? [] : [`  TOKENS: ${usageText(usage)}`]),
  ];
}

function indented(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
