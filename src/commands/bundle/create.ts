// hcom bundle create: a bundle of its own, without a message.
import { senderOf } from "../../bus/agents/identity.ts";
import { makeBundle, storeBundle } from "../../bus/bundles/make.ts";
import { openBus } from "../../bus/bus.ts";
import { bundleIn } from "../../cli/bundle/flags.ts";
import type { Call, Command } from "../../cli/command.ts";
import { readBodyFile } from "../../cli/message-body.ts";
import { usageError } from "../../cli/parse.ts";
import { parseJson } from "../../core/json.ts";
import { exitCode } from "../../core/refusal.ts";
import { isInsideTool } from "../../tools/inside-tool.ts";

export function runCreate(call: Call, command: Command): number {
  const written = writtenIn(call, command);
  using bus = openBus(call.system, { writer: "bundle" });
  const creator = senderOf(bus, { name: call.name });
  const { data, warnings } = makeBundle(bus, creator, written);
  const event_id = storeBundle(bus, creator, data);
  const { bundle_id } = data;
  if (call.json) call.out.json({ bundle_id, event_id, warnings });
  else call.out.line(bundle_id);
  if (!call.json) for (const warning of warnings) call.out.note(`(${warning})`);
  return exitCode.ok;
}

function writtenIn(call: Call, command: Command): unknown {
  const [, title] = call.words;
  const json = call.flags.value("bundle");
  const file = call.flags.value("bundle-file");
  if (json === undefined && file === undefined) return bundleIn(call, titleIn(call, command)) ?? {};
  if (title !== undefined) throw usageError(command, "the title stands in the JSON");
  const within = isInsideTool(call.system.env) ? call.system.cwd : undefined;
  const text = json ?? readBodyFile(file ?? "", "write a bundle into it as JSON", within);
  const found = parseJson(text);
  if (found !== undefined) return found;
  throw usageError(command, `${json === undefined ? file : "--bundle"} is no JSON`);
}

function titleIn(call: Call, command: Command): string | undefined {
  const [, word] = call.words;
  const flag = call.flags.value("title");
  if (word !== undefined && flag !== undefined) throw usageError(command, "one title only");
  return word ?? flag;
}
