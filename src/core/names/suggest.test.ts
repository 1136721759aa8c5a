import { expect, test } from "bun:test";
import { nearest } from "./suggest.ts";

const words = ["luna", "nova", "kira", "subagent_timeout", "timeout"];

function check(word: string, found: string | undefined): void {
  test(`${word} -> ${found}`, () => expect(nearest(word, words)).toBe(found));
}
check("luna", "luna");
check("LUNA", "luna");
check("lnua", "luna");
check("lun", "luna");
check("nava", "nova");
check("timout", "timeout");
check("subagent_timout", "subagent_timeout");
check("zzz", undefined);
check("", undefined);
check("moon", undefined);
