// The script that users write runs from its first to its last line, with agents in the background.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { hcom, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

test("launch, parse the names, send, listen and kill all, as a script", async () => {
  using dir = tempDir();
  const agent = prepareFakeAgent({ dir: dir.path, withInbox: false, version: fakeVersions.bell });
  const env = { ...agent.env, PATH: `${join(launcher, "..")}:${agent.env["PATH"] ?? ""}` };
  const child = Bun.spawn(["sh", join(import.meta.dir, "launch-script.sh")], {
    env,
    cwd: agent.cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  await hcom(env, ["kill", "all", "--go"]);
  expect(`${out}${err}`).toBe("ALL GOOD\n");
});
