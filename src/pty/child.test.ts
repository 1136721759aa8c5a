import { expect, test } from "bun:test";
import { isSameProcess, processStart } from "../sys/process.ts";
import { type Child, spawnChild } from "./child.ts";

function start(script: string, size = { cols: 80, rows: 24 }) {
  const chunks: Uint8Array[] = [];
  const waits: (() => void)[] = [];
  const child: Child = spawnChild({
    argv: ["/bin/sh", "-c", script],
    env: { PATH: process.env["PATH"], TERM: "xterm" },
    directory: "/",
    ...size,
    onData(bytes) {
      chunks.push(bytes);
      for (const look of waits) look();
    },
  });
  const text = () => Buffer.concat(chunks).toString("utf8").replaceAll("\r\n", "\n");
  const shows = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => text().includes(wanted) && resolve();
      waits.push(look);
      look();
    });
  return { child, text, shows };
}

test("the exit status is the program's", async () => {
  expect(await start("exit 42").child.exited).toBe(42);
});

test("a program ended by a signal gives 128 + signal", async () => {
  const { child, shows } = start("echo up; exec sleep 60");
  await shows("up");
  child.signal("SIGTERM");
  expect(await child.exited).toBe(143);
});

test("kill ends the whole group, SIGKILL included", async () => {
  const { child, shows, text } = start(
    "(trap '' TERM HUP; echo inner $(sh -c 'echo $PPID'); while :; do sleep 1; done) & " +
      "echo up; wait",
  );
  await shows("up");
  await shows("inner");
  child.kill();
  await child.exited;
  expect(processStart(Number(text().match(/inner (\d+)/)?.[1]))).toBeUndefined();
}, 15_000);

test("it has a controlling terminal: ^C reaches it", async () => {
  const { child, shows, text } = start(
    "trap 'echo got; exit 3' INT; echo up; while :; do sleep 0.05; done",
  );
  await shows("up");
  child.write("\x03");
  expect(await child.exited).toBe(3);
  expect(text()).toContain("got");
});

test("a resize reaches it", async () => {
  const { child, shows } = start(
    "trap 'stty size; exit' WINCH; stty size; while :; do sleep 0.05; done",
  );
  await shows("24 80");
  child.resize(101, 33);
  await shows("33 101");
  expect(await child.exited).toBe(0);
});

test("one megabyte arrives whole, before the exit is told", async () => {
  const { child, text } = start("seq 1 160000");
  expect(await child.exited).toBe(0);
  expect(text()).toBe(`${Array.from({ length: 160_000 }, (_, n) => n + 1).join("\n")}\n`);
});

test("input beyond the terminal's buffer arrives whole", async () => {
  const { child, shows, text } = start("stty raw -echo; echo up; head -c 300000 | wc -c");
  await shows("up");
  child.write("x".repeat(300_000));
  await child.exited;
  expect(text()).toContain("300000");
});

test("a grandchild that keeps the terminal open does not keep the session", async () => {
  const { child } = start("(trap '' HUP; exec sleep 3) & exit 5");
  const before = performance.now();
  expect(await child.exited).toBe(5);
  expect(performance.now() - before).toBeLessThan(2500);
});

test("a program that does not exist throws", () => {
  expect(() =>
    spawnChild({ argv: ["/nope"], env: {}, directory: "/", cols: 1, rows: 1, onData() {} }),
  ).toThrow("ENOENT");
});

test("the start identity tells a process from a stranger with its pid", async () => {
  const { child } = start("read x");
  expect(child.start).toMatch(/./);
  expect(isSameProcess(child.pid, child.start)).toBe(true);
  expect(isSameProcess(child.pid, "1")).toBe(false);
  child.write("\n");
  await child.exited;
  expect(isSameProcess(child.pid, child.start)).toBe(false);
});
