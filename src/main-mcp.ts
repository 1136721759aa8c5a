// The program `agentic-comm-mcp`: the MCP server of channels, and its exit code.
import { output } from "./cli/output.ts";
import { report } from "./cli/run.ts";
import { realSystem } from "./sys/system.ts";

async function main(argv: readonly string[]): Promise<number> {
  const system = realSystem();
  try {
    const { runMcp } = await import("./mcp/serve.ts");
    return await runMcp(argv, system);
  } catch (error) {
    // Standard output belongs to the protocol: what went wrong goes beside it.
    const out = output();
    const code = report(error, { out, system, json: false, command: "mcp" });
    await out.flush();
    return code;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
