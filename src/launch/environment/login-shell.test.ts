// What a person's login shell says its environment is, whatever their profile does.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { until } from "../../../tests/kit/until.ts";
import { processStart } from "../../sys/process.ts";
import { claude } from "../../tools/claude/tool.ts";
import { shellEnvironment } from "./login-shell.ts";

const bash = Bun.which("bash");

test.skipIf(bash === null)(
  "a daemon that a profile starts holds nobody up",
  async () => {
    const home = mkdtempSync("/tmp/ls-");
    try {
      const pid = `${home}/pid`;
      const daemon = `(exec setsid sleep 60) & echo $! > ${pid}`;
      writeFileSync(`${home}/.bash_profile`, `export FROM_PROFILE=yes\n${daemon}\n`);
      const env = { HOME: home, SHELL: bash ?? "", PATH: process.env["PATH"] ?? "" };
      const found = await Promise.race([shellEnvironment(env, claude), Bun.sleep(20_000)]);
      expect(found).toMatchObject({ FROM_PROFILE: "yes" });
      process.kill(Number(await Bun.file(pid).text()), "SIGKILL");
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
  30_000,
);

test.skipIf(bash === null)(
  "a profile that never ends is ended, and is as if there were none",
  async () => {
    const home = mkdtempSync("/tmp/ls-");
    try {
      writeFileSync(`${home}/.bash_profile`, `echo $$ > ${home}/pid\nsleep 60\n`);
      const env = { HOME: home, SHELL: bash ?? "", PATH: process.env["PATH"] ?? "" };
      expect(await shellEnvironment(env, claude)).toEqual(env);
      const pid = Number(await Bun.file(`${home}/pid`).text());
      await until(() => processStart(pid) === undefined, { timeoutMs: 5000, what: "its end" });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
  30_000,
);
