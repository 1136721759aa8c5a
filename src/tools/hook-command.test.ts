import { expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gateFolder, hereFile, hookGate, quietFile } from "../core/hook-gate.ts";
import { hookCommand, hookOfCommand } from "./hook-command.ts";

test("our command is recognised, whatever program it runs", () => {
  for (const program of [["/bun", "--config=/dev/null", "/a b/it's.js"], ["/usr/bin/hcom"]]) {
    expect(hookOfCommand(hookCommand(program, "post"))).toBe("post");
  }
});

test("the command lines of older versions are ours", () => {
  for (const variables of ["BUN_JSC_useJIT=0 ", ""]) {
    const older = `[ -e /bun ] && [ -e /main.js ] || exit 0; ${variables}exec /bun /main.js post`;
    expect(hookOfCommand(older)).toBe("post");
    expect(hookOfCommand(`${older} --more`)).not.toBe("post");
  }
});

test("nothing else is ours", () => {
  const ours = hookCommand(["/bun", "/main.js"], "post");
  for (const other of ["post", `${ours} && true`, ours.replace("-e", "-x"), `${ours} "post"`, ""]) {
    expect(hookOfCommand(other)).not.toBe("post");
  }
});

test("it runs the program, and is silent once the program is gone", () => {
  const folder = mkdtempSync(join(tmpdir(), "it's a "));
  const program = join(folder, "run");
  writeFileSync(program, '#!/bin/sh\necho "got $1 $2"\n');
  chmodSync(program, 0o755);
  const run = () => {
    const child = Bun.spawnSync(["/bin/sh", "-c", hookCommand([program, "--x"], "post")]);
    return [child.exitCode, child.stdout.toString(), child.stderr.toString()];
  };
  expect(run()).toEqual([0, "got --x post\n", ""]);
  rmSync(folder, { recursive: true });
  expect(run()).toEqual([0, "", ""]);
});

test("a program that is cut off or another's is no error of the agent's", () => {
  const folder = mkdtempSync(join(tmpdir(), "hook-"));
  const program = join(folder, "run");
  const cases: [shell: string, ends: "0" | "0 or 2", code: number, seen: number][] = [
    ...[0, 1, 126].map((code): (typeof cases)[number] => ["/bin/sh", "0 or 2", code, 0]),
    ["/bin/sh", "0 or 2", 2, 2],
    // Codex runs hooks in the person's own shell.
    ...["/bin/sh", "bash", "zsh", "fish"]
      .filter((shell) => Bun.which(shell) !== null)
      .flatMap((shell) => [0, 1, 2].map((code): (typeof cases)[number] => [shell, "0", code, 0])),
  ];
  for (const [shell, ends, code, seen] of cases) {
    writeFileSync(program, `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
    const run = Bun.spawnSync([shell, "-c", hookCommand([program], "post", { ends })], {
      env: { HOME: folder, PATH: process.env["PATH"] ?? "" },
    });
    expect([shell, ends, code, run.exitCode]).toEqual([shell, ends, code, seen]);
  }
  rmSync(folder, { recursive: true });
});

test("a line with a gate is ours only as it stands", () => {
  for (const kind of ["joined", "mail"] as const) {
    const gate = hookGate("SESSION", kind);
    const line = hookCommand(["/bun", "/main.js"], "post", { gate, ends: "0 or 2" });
    expect(hookOfCommand(line)).toBe("post");
    const former = line.replace('-s "$g/calm-', '-f "$g/quiet-');
    expect([hookOfCommand(former), former === line]).toEqual(["post", kind === "joined"]);
    expect(hookOfCommand(line.replace("exit 0; export", "exit 0; true; export"))).not.toBe("post");
    expect(hookOfCommand(line.replace('-n "$HCOM_PROCESS_ID"', "-n x"))).not.toBe("post");
  }
});

for (const shell of ["/bin/sh", "bash", "zsh"].filter((name) => Bun.which(name) !== null)) {
  test(`the gate opens in ${shell} for who takes part and is not quiet`, () => {
    const home = mkdtempSync(join(tmpdir(), "a home "));
    const program = join(home, "run");
    writeFileSync(program, "#!/bin/sh\necho started\n", { mode: 0o755 });
    const runs = (kind: "joined" | "mail", env: Record<string, string>) => {
      const line = hookCommand([program], "post", {
        gate: hookGate("SESSION", kind),
        ends: "0 or 2",
      });
      const { exitCode, stdout, stderr } = Bun.spawnSync([shell, "-c", line], {
        cwd: home,
        env: { HOME: home, PATH: "/usr/bin:/bin", ...env },
      });
      expect([exitCode, stderr.toString()]).toEqual([0, ""]);
      return stdout.toString() === "started\n";
    };
    const agent = { SESSION: "s-1", HCOM_PROCESS_ID: "p-1" };
    // Where the files were never made, or the tool does not tell, everything is as it always was.
    expect([runs("mail", {}), runs("mail", { SESSION: "s-9" }), runs("mail", agent)]).toEqual([
      ...[true, true, true],
    ]);
    const files = join(home, ".hcom", gateFolder);
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, hereFile("s-1")), "");
    expect([runs("joined", { SESSION: "s-1" }), runs("joined", { SESSION: "s-9" })]).toEqual([
      ...[true, false],
    ]);
    expect([runs("mail", { SESSION: "s-9" }), runs("mail", {}), runs("mail", agent)]).toEqual([
      ...[false, true, true],
    ]);
    writeFileSync(join(files, quietFile("s-1")), "");
    // An empty one says no.
    expect(runs("mail", agent)).toBe(true);
    writeFileSync(join(files, quietFile("s-1")), "1");
    expect([runs("mail", agent), runs("mail", { SESSION: "s-1" })]).toEqual([false, false]);
    expect([runs("joined", agent), runs("mail", { ...agent, SESSION: "s-2" })]).toEqual([
      ...[true, true],
    ]);
    // The directory of the agent is the one that counts, also where it is written from here.
    for (const HCOM_DIR of [join(home, ".hcom"), ".hcom"]) {
      expect(runs("mail", { ...agent, HOME: "/nowhere", HCOM_DIR })).toBe(false);
    }
    expect(runs("mail", { ...agent, HCOM_DIR: join(home, "else") })).toBe(true);
    rmSync(home, { recursive: true });
  });
}

const shells = ["/bin/sh", "dash", "bash", "bash --posix", "busybox sh", "zsh", "fish"];
test.each(shells.filter((words) => Bun.which(words.split(" ")[0] ?? "") !== null))(
  "%s takes away what steers the runtime, whatever is in it, and keeps it",
  (words) => {
    const home = mkdtempSync(join(tmpdir(), "apart-"));
    const program = join(home, "run");
    writeFileSync(program, "#!/bin/sh\nenv -0\n", { mode: 0o755 });
    const steering = {
      BUN_OPTIONS: "--smol",
      BUN_JSC_logGC: "1",
      BUN_JSC_lines: `one\nBUN_INSTALL=two\nexport BUN_three='3' * $(touch ${home}/PWNED) \\ "`,
      BUN_TMP_PATH: "/a:/b",
      MIMALLOC_VERBOSE: "1",
      MiMalloc_show_stats: "1",
      WTF_x: " ",
      NODE_COMPILE_CACHE: "/x y",
    };
    const others = {
      // A shell is told from the others by what it can do.
      ...{ BASH_VERSION: "5", FISH_VERSION: "4", HOME: home, PATH: "/usr/bin:/bin" },
      ...{ NODE_ENV: "production", MY_BUN_X: "a BUN_JSC_y b", mime: "1", W: "1" },
    };
    for (const ends of ["any", "0"] as const) {
      const run = Bun.spawnSync(
        [...words.split(" "), "-c", hookCommand([program], "post", { ends })],
        {
          env: { ...others, ...steering },
          cwd: home,
        },
      );
      expect([run.exitCode, run.stderr.toString()]).toEqual([0, ""]);
      const seen = new Map(
        run.stdout
          .toString()
          .split("\0")
          .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      );
      for (const [name, value] of Object.entries(steering)) {
        expect([name, seen.get(name)]).toEqual([name, undefined]);
        expect([name, seen.get(`HCOM_CALLER_${name}`)]).toEqual([name, value]);
      }
      const { BASH_VERSION: _, ...kept } = others;
      for (const [name, value] of Object.entries(kept)) {
        if (name !== "FISH_VERSION") expect([name, seen.get(name)]).toEqual([name, value]);
      }
    }
    expect(existsSync(join(home, "PWNED"))).toBe(false);
    rmSync(home, { recursive: true });
  },
);

test("a line that took away only some variables is ours, and not what we would write", () => {
  const gate = hookGate("SESSION", "mail");
  const line = hookCommand(["/bun", "/main.js"], "post", { gate, ends: "0 or 2" });
  const former = line.replace(
    /\[ '\\\\' = .*? done'; /,
    "unset BUN_OPTIONS BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO NODE_COMPILE_CACHE " +
      "NODE_CHANNEL_FD 2>/dev/null; ",
  );
  expect(former).not.toBe(line);
  expect(hookOfCommand(former)).toBe("post");
});

const setpriv = Bun.which("setpriv");
const canLimit = process.getuid?.() === 0 && setpriv !== null && Bun.which("prlimit") !== null;
test.skipIf(!canLimit).each(["dash", "busybox sh"])(
  "%s without a process to spare blocks no agent",
  (words) => {
    if (Bun.which(words.split(" ")[0] ?? "") === null) return;
    // A user of its own, who may have no further process.
    const nobody = ["--reuid=65533", "--regid=65533", "--clear-groups", "--inh-caps=-all"];
    for (const ends of ["0 or 2", "0"] as const) {
      const line = hookCommand(["/bin/false"], "post", { ends });
      const limited = ["prlimit", "--nproc=0", ...words.split(" "), "-c", line];
      const run = Bun.spawnSync([setpriv ?? "", ...nobody, ...limited], { cwd: "/" });
      expect([ends, run.exitCode, run.stderr.toString()]).toEqual([
        ...[ends, 0, expect.stringMatching(/fork/)],
      ]);
    }
  },
);
