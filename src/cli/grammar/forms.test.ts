import { expect, test } from "bun:test";
import type { Command } from "../command.ts";
import { checkForms, mayFollow } from "./forms.ts";

const log: Pick<Command, "name" | "usage" | "flags"> = {
  name: "log",
  usage: [
    "log [filters] [--last N]",
    "log [filters] --follow [--last N | --after-id N]",
    "log sub NAME|filters [--once] [--as NAME | -b]",
    "log unsub ID",
  ],
  flags: [
    { name: "last", value: "N", about: "" },
    { name: "follow", short: "f", about: "" },
    { name: "after-id", value: "N", about: "" },
    { name: "once", about: "" },
    { name: "as", value: "NAME", about: "" },
    { name: "bigboss", short: "b", about: "" },
    { name: "agent", value: "NAME", about: "", isFilter: true },
    { name: "space", value: "NAME", about: "" },
  ],
};

/** What is wrong with `words --flag --flag`; empty when nothing is. */
function wrong(line: string): string {
  const all = line.split(" ").filter(Boolean);
  const given = all.filter((one) => one.startsWith("--")).map((one) => one.slice(2));
  try {
    checkForms(
      log,
      all.filter((one) => !one.startsWith("--")),
      given,
    );
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("flags that stand on one line go together", () => {
  const right = ["", "--last", "--last --agent", "--follow --last", "--follow --after-id --agent"];
  for (const line of [...right, "sub --once --bigboss", "sub --agent", "unsub x"]) {
    expect([line, wrong(line)]).toEqual([line, ""]);
  }
});

test("a flag that stands on no line goes with everything", () => {
  for (const line of ["--space", "sub --space", "unsub --space --follow"]) {
    expect([line, wrong(line)]).toEqual([line, line.includes("follow") ? wrong(line) : ""]);
  }
  expect(wrong("unsub --space --follow")).toContain("--follow");
});

test("a flag of another line is refused, and what it does not go with is named", () => {
  expect(wrong("--once")).toBe('log: --once does not go with "log" alone');
  expect(wrong("--last --once")).toBe("log: --once does not go with --last");
  expect(wrong("sub x --last")).toBe('log: --last does not go with "log sub"');
  expect(wrong("unsub x --agent")).toBe('log: --agent does not go with "log unsub"');
  expect(wrong("--after-id")).toBe("log: --after-id needs --follow");
});

test("of flags at choice only one is taken", () => {
  expect(wrong("--follow --last --after-id")).toBe("log: --after-id does not go with --last");
  expect(wrong("sub --as --bigboss")).toBe("log: --bigboss does not go with --as");
});

test("a line that takes all flags takes them in any company", () => {
  const send = { ...log, usage: ["log @luna [flags] -- words", "log @luna --follow | --once"] };
  expect(() => checkForms(send, ["@luna"], ["follow", "last", "as"])).not.toThrow();
});

test("what may still be added is what some line allows", () => {
  const free = (words: string[], given: string[]) =>
    log.flags.map(({ name }) => name).filter((name) => mayFollow(log, name, { words, given }));
  expect(free(["sub"], [])).toEqual(["once", "as", "bigboss", "agent", "space"]);
  expect(free(["unsub"], [])).toEqual(["space"]);
  expect(free([], ["after-id"])).toEqual(["follow", "after-id", "agent", "space"]);
});
