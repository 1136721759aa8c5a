// The program `agentic-comm-mcp`: the MCP server of channels, and its exit code.
import { output } from "./cli/output.ts";
import { report, said } from "./cli/run.ts";
import { exitCode } from "./core/refusal.ts";
import { version } from "./core/version.ts";
import { returnToCaller } from "./sys/caller.ts";
import { realSystem } from "./sys/system.ts";

const help = `agentic-comm-mcp [--store PATH | --bus]

Serves channels over MCP on standard input and output. Without a store it is the one that acomm
takes: ACOMM_STORE, .acomm/store.acomm, or ~/.store.acomm. --bus: the live channels of hcom.`;
const answers: Readonly<Record<string, string>> = {
  "--help": help,
  "-h": help,
  "--version": `agentic-comm-mcp ${version}`,
  "-V": `agentic-comm-mcp ${version}`,
};

async function main(argv: readonly string[]): Promise<number> {
  const system = realSystem(returnToCaller());
  const asked = argv.length === 1 ? answers[argv[0] ?? ""] : undefined;
  if (asked !== undefined) {
    const out = output(system.env);
    out.line(asked);
    return said(out, exitCode.ok);
  }
  try {
    const { runMcp } = await import("./mcp/serve.ts");
    return await runMcp(argv, system);
  } catch (error) {
    // Standard output belongs to the protocol: what went wrong goes beside it.
    const out = output(system.env);
    const code = report(error, { out, system, json: false, command: "mcp" });
    return said(out, code);
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
