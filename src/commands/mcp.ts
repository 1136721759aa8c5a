// hcom mcp: the MCP server for agent programs, and its entry in their settings.
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { style } from "../cli/style.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { pathsOf } from "../config/paths.ts";
import { exitCode } from "../core/refusal.ts";
import type { McpResult } from "../hooks/mcp-install.ts";
import { mcpClients } from "../tools/index.ts";

const clients = Object.keys(mcpClients).join("|");

const command: Command = {
  name: "mcp",
  group: "setup",
  summary: "offer channels and messages to tools over MCP",
  usage: [
    "mcp [--store PATH]",
    `mcp install ${clients}`,
    `mcp remove ${clients}`,
    `mcp status [${clients}]`,
  ],
  firstWords: [
    { word: "(none)", about: "serve on standard input and output: tools run this" },
    { word: "install", about: "put the server into a tool's settings" },
    { word: "remove", about: "take it out again" },
    { word: "status", about: "in whose settings it stands" },
  ],
  flags: [
    { name: "store", value: "PATH", about: "serve an .acomm file instead of the live channels" },
  ],
  exits: { 1: "the settings cannot be read, or hold somebody else's entry under our name" },
  examples: ["hcom mcp install claude", "hcom mcp status"],
  run: runMcpCommand,
};
export default command;

async function runMcpCommand(call: Call): Promise<number> {
  const [word, name, ...more] = call.words;
  if (word === undefined) return serve(call);
  if (more.length > 0) throw usageError(command, `too many words: ${more.join(" ")}`);
  const install = await import("../hooks/mcp-install.ts");
  if (word === "status") {
    const names = name === undefined ? undefined : [install.mcpClientOf(name)];
    const all = await install.mcpStatus(call.system, names);
    const code = show(call, all);
    const isMissing = !call.json && all.some((one) => one.state === "not_installed");
    if (isMissing) call.out.line("Put it in: ", style.strong(`hcom mcp install ${name ?? "TOOL"}`));
    return code;
  }
  if (word !== "install" && word !== "remove") {
    throw usageError(command, `"${word}" is none of install, remove, status`);
  }
  if (name === undefined) {
    throw usageError(command, `${word} for whom? one of ${install.mcpClientNames.join(", ")}`);
  }
  const client = install.mcpClientOf(name);
  if (word === "install") checkOwnDir(pathsOf(call.system.env, call.system.cwd));
  const verb = word === "install" ? install.installMcp : install.removeMcp;
  const result = await verb(call.system, client);
  if (word === "remove" && !call.json && result.state === "not_installed") {
    call.out.line(`${result.client}: nothing of hcom stands there any more (${result.path})`);
    return exitCode.ok;
  }
  return show(call, [result]);
}

async function serve(call: Call): Promise<number> {
  const store = call.flags.value("store");
  const { runMcp } = await import("../mcp/serve.ts");
  const words = store === undefined ? ["--bus"] : ["--store", store];
  return runMcp(words, call.system, { withBusTools: store === undefined });
}

function show(call: Call, results: readonly McpResult[]): number {
  if (call.json) {
    call.out.json(results.map((one) => ({ ...one, error: one.error?.message })));
  } else {
    for (const one of results) {
      const why = one.error === undefined ? "" : `: ${one.error.message}`;
      const isMissing = one.state === "not_installed";
      const words = isMissing ? "server not in its settings" : one.state.replaceAll("_", " ");
      const state = `${words}${why}`;
      const line = [style.name(one.client), `: ${state}`, style.faint(` (${one.path})`)];
      const { width } = call.out.view;
      for (const part of wrapped(line, { width, indent: 4 })) call.out.line(...part);
    }
  }
  return results.some((one) => one.error !== undefined) ? exitCode.error : exitCode.ok;
}
