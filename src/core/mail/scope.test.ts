import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { splitFullName } from "../names/address.ts";
import { Refusal } from "../refusal.ts";
import {
  type Candidate,
  needsConfirmation,
  resolveTargets,
  unknownTargetsRefusal,
} from "./scope.ts";

/** `api-luna luna_x_1 kira:BOXE`: full names, a colon makes one remote. */
function people(text: string): Candidate[] {
  const words = text.split(" ").filter((word) => word !== "");
  return words.map((word) => {
    const { tag, base } = splitFullName(word).at(-1) ?? { tag: null, base: word };
    return { name: base, tag, remote: word.includes(":") };
  });
}

function resolve(targets: string, candidates: string) {
  return resolveTargets({ targets: targets.split(" "), candidates: people(candidates) });
}

describe("targets", () => {
  function check(targets: string, candidates: string, names: string, unknown = ""): void {
    test(`${targets} among ${candidates}`, () => {
      const result = resolve(targets, candidates);
      expect(result.names.join(" ")).toBe(names);
      expect(result.unknown.join(" ")).toBe(unknown);
    });
  }
  check("api-", "api-luna api-nova luna_x_1", "luna nova");
  check("luna", "luna luna_x_1", "luna");
  check("luna", "luna_x_1", "", "luna");
  check("luna", "api-luna luna_x_1", "luna");
  check("luna_x", "luna luna_xy_1", "luna_xy_1");
  check("bigboss:BOXE", "luna", "bigboss");
  check("BigBoss", "luna", "bigboss");
  check("big", "luna", "", "big");
  check("@luna @LUNA luna:", "luna", "luna");
  check("nova luna", "luna nova", "nova luna");
  check("dev", "dev-luna dev-kira devi", "luna kira devi");
  check("dev-", "dev-luna dev-kira dev-ops-miso", "luna kira");
  check("dev-o", "dev-ops-miso dev-luna", "miso");
  check("lu", "api-luna nova", "luna");
  check("luna", "luna:BOXE", "", "luna");
  check("luna:BOXE", "luna luna:BOXE luna:KEZE", "luna:BOXE");
  check("api-luna:boxe", "luna api-luna:BOXE", "luna:BOXE");
  check("luna:B", "luna:BOXE luna:KEZE", "luna:BOXE");
  check("luna:ZZZZ", "luna luna:BOXE", "", "luna:ZZZZ");
  check("zzz luna", "luna", "luna", "zzz");

  test("only targets that hit several by their beginning are reported as such", () => {
    const { byPrefix } = resolve("dev l nova api-", "dev-kira dev-miso luna nova api-a api-b");
    expect(byPrefix).toEqual([{ target: "dev", names: ["kira", "miso"] }]);
  });
  test("a beginning that fits on several devices must be written out", () => {
    const ambiguous = () => resolve("luna:", "luna:BOXE");
    expect(ambiguous().unknown).toEqual(["luna"]);
    expect(() => resolve("luna:K", "luna:KEZE luna:KOBI")).toThrow(/@luna:KEZE or @luna:KOBI/);
  });
  test("an empty target never means everybody", () => {
    for (const target of ["@", "", " ", "@:"]) {
      expect(() => resolveTargets({ targets: [target], candidates: people("luna") })).toThrow(
        /names nobody/,
      );
    }
  });
  test("an underscore always blocks a beginning", () => {
    const word = fc.stringMatching(/^[a-z]{1,4}$/);
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 6 }), (target, bases) => {
        const candidates = [...bases, `${target}_x_1`].map(
          (name): Candidate => ({ name, tag: null, remote: false }),
        );
        const { names } = resolveTargets({ targets: [target], candidates });
        expect(names).not.toContain(`${target}_x_1`);
        expect(names.every((name) => name.startsWith(target))).toBe(true);
        if (bases.includes(target)) expect(names).toEqual([target]);
      }),
    );
  });
});

describe("unknown targets", () => {
  function check(unknown: string, candidates: string, message: string): void {
    test(`${unknown} among ${candidates}`, () => {
      const words = unknown.split(" ");
      const refusal = unknownTargetsRefusal({ unknown: words, candidates: people(candidates) });
      expect(refusal).toBeInstanceOf(Refusal);
      expect([refusal.code, refusal.exit]).toEqual(["unknown_target", 3]);
      expect(refusal.message).toBe(message);
    });
  }
  check("zzz", "luna kira", "no agent @zzz. Available: luna, kira");
  check(
    "nova",
    "luna api-kira nova:BOXE",
    "no agent @nova - did you mean @nova:BOXE? Available: luna, api-kira, nova:BOXE",
  );
  check("lnua", "luna", "no agent @lnua - did you mean @luna? Available: luna");
  check("kirra", "kira:BOXE", "no agent @kirra - did you mean @kira:BOXE? Available: kira:BOXE");
  check("a zzz", "", "no agents @a, @zzz. Available: nobody yet");
  check("bigbos", "", "no agent @bigbos - did you mean @bigboss? Available: nobody yet");

  test("at most thirty are listed", () => {
    const candidates = people(Array.from({ length: 33 }, (_, at) => `agent${at}`).join(" "));
    const { message } = unknownTargetsRefusal({ unknown: ["zzz"], candidates });
    expect(message).toEndWith("agent28, agent29, +3 more");
  });
  test("a target copied from the documentation is explained", () => {
    const refusal = unknownTargetsRefusal({ unknown: ["mention"], candidates: [] });
    expect(refusal.hint).toContain("@mention stands for an agent's name");
  });
});

describe("confirmation", () => {
  const byPrefix = [{ target: "dev", names: ["luna", "kira"] }];
  function check(plan: Partial<Parameters<typeof needsConfirmation>[0]>, asks: boolean): void {
    test(`${JSON.stringify(plan)}: ${asks}`, () => {
      const base = { insideTool: true, scope: "broadcast" as const, byPrefix: [], go: false };
      expect(needsConfirmation({ ...base, recipients: ["a", "b", "c", "d"], ...plan })).toBe(asks);
    });
  }
  check({}, true);
  check({ go: true }, false);
  check({ insideTool: false }, false);
  check({ recipients: ["a", "b", "c"] }, false);
  check({ scope: "mentions" }, false);
  check({ scope: "mentions", byPrefix }, true);
  check({ scope: "mentions", byPrefix, go: true }, false);
  check({ scope: "mentions", byPrefix, insideTool: false }, false);
});
