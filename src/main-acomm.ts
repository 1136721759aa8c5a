// The program `acomm`: arguments to an operation on a store, and to an exit code.
import { runAcomm } from "./acomm-cli/run.ts";
import { returnToCaller } from "./sys/caller.ts";
import { realSystem } from "./sys/system.ts";

const system = realSystem(returnToCaller());
const rpc = async () => (await import("./api/rpc.ts")).runRpc([], system);

void runAcomm(process.argv.slice(2), system, { rpc }).then((code) => process.exit(code));
