import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { deviceShortId, isBaseName, namePool, pickName, scoreName, subagentName } from "./name.ts";
import { curatedNames } from "./name-list.ts";

describe("the words", () => {
  test("about two hundred are curated, each once, and all of them are given out", () => {
    const pool = new Set(namePool());
    expect(new Set(curatedNames).size).toBe(curatedNames.length);
    expect(curatedNames.length).toBeGreaterThan(180);
    expect(curatedNames.filter((name) => !pool.has(name))).toEqual([]);
  });
  test("the pool holds the 5000 best, best first", () => {
    const scores = namePool().map(scoreName);
    expect(scores.length).toBe(5000);
    expect(new Set(namePool()).size).toBe(5000);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });
  test("commands and unfit words are never given out", () => {
    const pool = namePool();
    for (const word of ["sudo", "meta", "name", "none"]) expect(pool).not.toContain(word);
  });
});

describe("scores", () => {
  function check(name: string, score: number): void {
    test(name, () => expect(scoreName(name)).toBe(score));
  }
  check("luna", 146);
  check("tofu", 100);
  check("kivi", 104);
  check("baga", -2);
  check("vuzu", -23);
  check("lizu", 52);
  check("sudo", Number.NEGATIVE_INFINITY);
});

describe("picking", () => {
  /** A small repeatable source of numbers. */
  function numbers(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }
  const nobody = { alive: [], taken: new Set<string>() };

  test("every pick is free, of the pool, and unlike the living", () => {
    const pool = new Set(namePool());
    for (let seed = 0; seed < 300; seed++) {
      const name = pickName({ alive: ["luna"], taken: new Set(["luna"]), random: numbers(seed) });
      const same = [...name].filter((letter, at) => letter === "luna"[at]).length;
      expect(pool.has(name)).toBe(true);
      expect(same).toBeLessThan(2);
    }
  });
  test("mostly curated words, and not always the same", () => {
    const picks = Array.from({ length: 400 }, (_, seed) =>
      pickName({ ...nobody, random: numbers(seed * 7919) }),
    );
    const liked = picks.filter((name) => curatedNames.includes(name)).length;
    expect(liked).toBeGreaterThan(250);
    expect(new Set(picks).size).toBeGreaterThan(100);
  });
  test("the letters of the living are avoided", () => {
    const picks = Array.from({ length: 200 }, (_, seed) =>
      pickName({ alive: ["luna"], taken: new Set(), random: numbers(seed * 31) }),
    );
    const sameFirst = picks.filter((name) => name.startsWith("l")).length;
    expect(sameFirst).toBeLessThan(10);
  });
  test("a luna on another device is alive, too", () => {
    const pick = pickName({ alive: ["luna:BOXE"], taken: new Set(), random: () => 0.999 });
    expect(pick).not.toBe("luna");
  });
  test("five hundred agents get five hundred names", () => {
    const alive: string[] = [];
    const random = numbers(1);
    for (let count = 0; count < 500; count++) {
      alive.push(pickName({ alive, taken: new Set(alive), random }));
    }
    expect(new Set(alive).size).toBe(500);
  });
  test("the last free name is found, then there is none", () => {
    const taken = new Set(namePool().filter((name) => name !== "miso"));
    expect(pickName({ alive: [], taken, random: numbers(3) })).toBe("miso");
    taken.add("miso");
    expect(() => pickName({ alive: [], taken, random: numbers(3) })).toThrow(/all 5000 names/);
  });
  test("a stuck source of randomness still gives a name", () => {
    for (const value of [0, 0.5, 1]) {
      expect(isBaseName(pickName({ ...nobody, random: () => value }))).toBe(true);
    }
  });
});

describe("device ids", () => {
  function check(uuid: string, first: string, second: string): void {
    test(JSON.stringify(uuid), () => {
      expect([deviceShortId(uuid, 0), deviceShortId(uuid, 1)]).toEqual([first, second]);
    });
  }
  check("", "DULU", "FULU");
  check("a", "RUTA", "SUTA");
  check("test", "KEZE", "LEZE");
  check("device-1234", "HUMU", "KUMU");
  check("00000000-0000-0000-0000-000000000000", "TOVO", "VOVO");
});

describe("subagents", () => {
  function check(type: string, existing: string[], name: string): void {
    test(`${type} beside ${existing.join(" ")}`, () => {
      expect(subagentName("luna", type, existing)).toBe(name);
    });
  }
  check("Explore", [], "luna_explore_1");
  check("explore", ["luna_explore_9", "luna_explore_10", "luna_plan_40"], "luna_explore_11");
  check("explore", ["luna_explore_x", "kira_explore_4"], "luna_explore_1");
  check("code reviewer!", [], "luna_code_reviewer_1");
  check("___", [], "luna_task_1");
  check("a", ["luna_a_b_3"], "luna_a_1");
  test("any type gives a base name", () => {
    fc.assert(fc.property(fc.string(), (type) => isBaseName(subagentName("luna", type, []))));
  });
});
