import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { missingFrom } from "./ci-lock.ts";

test("a missing package of another platform is filled in from its name and its parent", () => {
  const optionalDependencies = { "@x/cli-linux-x64": "1.0.0", "@x/cli-linux-arm64-musl": "1.0.0" };
  const parent = { version: "1.0.0", dev: true, license: "MIT", optionalDependencies };
  const packages = { "node_modules/x": parent, "node_modules/@x/cli-linux-x64": {} };
  const filled = {
    version: "1.0.0",
    cpu: ["arm64"],
    dev: true,
    libc: ["musl"],
    license: "MIT",
    optional: true,
    os: ["linux"],
  };
  expect(missingFrom({ packages })).toEqual([["node_modules/@x/cli-linux-arm64-musl", filled]]);
});

test("the lock holds the packages of every platform: else run `npm run lock`", () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dir, "..", "package-lock.json"), "utf8"));
  expect(missingFrom(lock).map(([path]) => path)).toEqual([]);
});
