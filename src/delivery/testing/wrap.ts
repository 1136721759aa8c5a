// Runs the wrapper around the fake agent program, as `hcom pty` does around a real one.
import { openBus } from "../../bus/bus.ts";
import { realSystem } from "../../sys/system.ts";
import { runWrapper } from "../wrapper.ts";
import { fakeTool } from "./fake-tool.ts";

const system = realSystem();
const program = process.env["FAKE_PROGRAM"];
process.exit(
  await runWrapper({
    system,
    tool: fakeTool,
    argv: program ? [program] : [process.execPath, `${import.meta.dir}/fake-tui.ts`],
    env: system.env,
    name: process.env["FAKE_NAME"] ?? "nobody",
    processId: process.env["FAKE_PROCESS_ID"] ?? "none",
    directory: process.cwd(),
    isHeadless: process.env["FAKE_HEADLESS"] === "1",
    openBus: (options) => openBus(system, { ...options, writer: "wrapper" }),
    toolVersion: "1.0.0",
    configDir: "/nonexistent",
  }),
);
