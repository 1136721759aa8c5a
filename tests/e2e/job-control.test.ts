// Ctrl+Z in the real programs under hcom, in a real shell: suspends, and fg brings the screen back.
import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { startModelServer } from "../kit/model-server.ts";
import { prepareClaude, prepareCodex, shortTempDir } from "../kit/real-agent.ts";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { findVendor } from "../kit/vendor.ts";

const repository = join(import.meta.dir, "../..");

for (const tool of ["claude", "codex"] as const) {
  for (const version of ["newest", "pin"] as const) {
    describe.skipIf(findVendor(tool, version) === null)(`${tool} ${version}`, () => {
      test("is suspended by Ctrl+Z and comes back with fg, twice", async () => {
        using temp = shortTempDir();
        using model = startModelServer();
        using tmux = startTmux();
        const options = { dir: temp.path, modelUrl: model.url, version };
        const place = tool === "claude" ? prepareClaude(options) : prepareCodex(options);
        const bin = join(temp.path, "bin");
        mkdirSync(bin);
        symlinkSync(place.binary, join(bin, tool));
        const PATH = `${bin}:${repository}/bin:${place.env["PATH"] ?? ""}`;
        const env = { ...place.env, HCOM_DIR: join(temp.path, ".hcom"), PATH, PS1: "shell> " };
        const pane = tmux.newPane(["bash", "--norc", "--noprofile", "-i"], env, place.cwd);
        const shows = (text: string | RegExp) =>
          until(() => new RegExp(text).test(pane.capture()), {
            timeoutMs: 40_000,
            what: String(text),
            dump: () => pane.capture(),
          });
        await shows("shell>");
        await pane.submit(`hcom ${tool}`);
        await shows(tool === "claude" ? "❯" : "›");
        for (const word of ["first", "second"]) {
          await pane.submit(`[[SAY ${word}-answer]]`);
          await shows(`[●•] ${word}-answer`);
          pane.key("C-z");
          await shows(/Stopped +hcom/);
          await pane.submit(
            `clear; echo ${word}-shell; stty -a | grep -c -E '^isig icanon.* echo '`,
          );
          await shows(`${word}-shell\n1\nshell>`);
          await pane.submit("fg");
          await shows(`[●•] ${word}-answer`);
        }
        await pane.submit("[[SAY still-there]]");
        await shows("[●•] still-there");
        expect(model.requests.length).toBeGreaterThan(2);
      });
    });
  }
}
