// What a script of `hcom run` gets before its first line: its caller's directory and environment,
// and the library as the module "hcom", wherever the script lies.
import { returnToCaller } from "./sys/caller.ts";
import { realSystem } from "./sys/system.ts";

const { env } = realSystem(returnToCaller());
const library = env["HCOM_LIBRARY"];

Bun.plugin({
  name: "hcom",
  setup(build) {
    build.module("hcom", async () => ({ exports: await import(library ?? ""), loader: "object" }));
  },
});
