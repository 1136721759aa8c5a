// A workflow with real programs: a copy of an agent does a task in the background and reports.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { findVendor } from "../kit/vendor.ts";
import type { VendorTool } from "../kit/vendor-versions.ts";
import { openLab } from "./lab.ts";

const launcher = join(import.meta.dir, "../../bin/hcom");

for (const tool of ["claude", "codex"] as const satisfies VendorTool[]) {
  describe.skipIf(findVendor(tool, "newest") === null)(tool, () => {
    test("a clone knows what its agent knew, reports to the person, and ends", async () => {
      using lab = openLab();
      const agent = await lab.launch(tool, "newest");
      await lab.prompt(agent, "[[SAY noted]] the word is heron");
      await lab.model.waitFor((one) => one.latest.includes("heron"));
      await lab.idle(agent);
      const task = "[[RUN hcom send @bigboss -- cloned-and-done]]";
      const words = ["run", "clone", task, "--target", agent.name, "--timeout", "90"];
      const run = Bun.spawn(["sh", launcher, ...words], {
        ...{ env: agent.env, cwd: agent.cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
      });
      const request = await lab.model.waitFor(
        (one) => one.latest.includes("cloned-and-done"),
        60_000,
      );
      expect(request.text).toContain("the word is heron");
      const [out, err] = await Promise.all([
        new Response(run.stdout).text(),
        new Response(run.stderr).text(),
      ]);
      expect([await run.exited, err]).toEqual([0, ""]);
      expect(out).toMatch(/^clone: \w+\ncloned-and-done\n$/);
      expect(lab.hcom("list", "--names").out.trim()).toBe(agent.name);
    });
  });
}
