// Which machine the numbers are from, and what else it had to do at the time.
import { statfsSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  bun: string;
  filesystem: string;
}

export function machineOf(folder: string): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? "unknown",
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()} ${process.arch}`,
    bun: Bun.version,
    filesystem: filesystemOf(folder),
  };
}

export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGb, kernel, bun, filesystem } = machine;
  return `machine: ${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, ${filesystem}, Bun ${bun}`;
}

/** More load than cores: medians still compare, the high percentiles mean little. */
export function loadLine(before: readonly number[], machine: Machine): string {
  const now = loadavg();
  const busiest = Math.max(before[0] ?? 0, now[0] ?? 0);
  const verdict = busiest > machine.cores ? "; others were at work, distrust the p99" : "";
  return `load average: ${shown(before)} before, ${shown(now)} after${verdict}`;
}

function shown(load: readonly number[]): string {
  return load.map((one) => one.toFixed(2)).join(" ");
}

/** linux/magic.h */
const filesystems = new Map([
  [0xef53, "ext4"],
  [0x01021994, "tmpfs"],
  [0x794c7630, "overlayfs"],
  [0x9123683e, "btrfs"],
  [0x58465342, "xfs"],
]);

function filesystemOf(folder: string): string {
  const { type } = statfsSync(folder);
  return filesystems.get(type) ?? `filesystem 0x${type.toString(16)}`;
}
