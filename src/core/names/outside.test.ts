import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkSenderName, checkTag } from "./address.ts";
import { checkOutsideName, isSwappedFor, looksLike, reservedLook, spelledOut } from "./outside.ts";

describe("names that look like the human or the system", () => {
  const disguises = [
    ...["BigBoss", "big boss", "big-boss", "b1gb0ss", "bigböss"],
    ...["bіgboss", "ЬіɡЬоѕѕ", "hcom ", "HCOM", "hc0m"],
    ...["hcorn", "ｈｃｏｍ", "һсом"],
    ...["ʙɪɢʙᴏꜱꜱ", "ʜᴄᴏᴍ", "ᏂᏟᎾᎷ", "ɦcom", "6igboss", "ƃigboss", "bigbøss", "ħcom", "b|gboss"],
    ...["bigboss(human)", "bigboss.", "hcom-events", "hcom system", "-hcom mail", "ʜᴄᴏᴍ events"],
  ];
  for (const name of disguises) {
    test(JSON.stringify(name), () => expect(() => checkSenderName(name)).toThrow());
  }
  test("zero-width, direction and separator characters are refused wherever they stand", () => {
    for (const sign of "\u200b\u200d\u2060\u202e\u2066\u2028\u00ad\ufeff\u3164\u061c\u{e0041}") {
      for (const name of [`big${sign}boss`, `lu${sign}na`]) {
        expect(() => checkSenderName(name)).toThrow(/may not have: U\+|look like/);
      }
    }
  });
  test("the human's own name is one name in every compatible form", () => {
    expect(checkSenderName("bigboss")).toBe("bigboss");
    for (const form of [" bigboss\u00a0", "ｂｉｇｂｏｓｓ", "𝐛𝐢𝐠𝐛𝐨𝐬𝐬"]) {
      expect(checkSenderName(form)).toBe("bigboss");
    }
  });
  test("a longer word is another word", () => {
    for (const name of ["hcommander", "hcom2", "my-hcom", "boss", "the boss", "big"]) {
      expect(checkSenderName(name)).toBe(name);
    }
  });
  test("tags, too", () => {
    for (const tag of ["bigboss", "BIGBOSS", "big-boss", "hcom"]) {
      expect(() => checkTag(tag)).toThrow(/would look like/);
    }
  });
});

describe("outside names", () => {
  test("several alphabets in one name are refused, one alphabet is not", () => {
    for (const name of ["lunа", "τeru", "kirа bot"]) {
      expect(() => checkOutsideName(name, "name")).toThrow(/mixes letters that look alike/);
    }
    for (const name of ["équipe", "Луна", "ルナ team", "배포", "σέρβερ", "CI bot", "מערכת"]) {
      expect(checkOutsideName(name, "name")).toBe(name.normalize("NFKC"));
    }
  });
  test("what a reader would take for one another is alike", () => {
    for (const other of ["LUNA", "ｌｕｎａ", "lúna", "lun\u0430", "lu\u200bna"]) {
      expect(looksLike("luna", other)).toBe(true);
    }
    expect(looksLike("luna", "lana")).toBe(false);
  });
  test("the same letters of another alphabet are swapped, marks and case are not", () => {
    for (const [one, other] of [
      ["орѕ", "ops"],
      ["ｏｐｓ", "οpѕ"],
      ["ОРЅ", "OPS"],
    ]) {
      expect(isSwappedFor(one ?? "", other ?? "")).toBe(true);
    }
    for (const other of ["ops", "Ops", "öps", "ｏｐｓ"])
      expect(isSwappedFor("ops", other)).toBe(false);
  });
  test("agents read what a name that came past the rule is made of", () => {
    for (const name of ["luna", "équipe", "Луна", "ルナ team"]) expect(spelledOut(name)).toBe(name);
    expect(spelledOut("bіgboss")).toBe("b(U+0456)gboss");
    expect(spelledOut("bigböss")).toBe("bigb(U+00f6)ss");
    expect(spelledOut("lu\u200bna")).toBe("lu(U+200b)na");
  });
  test("a name that passes has one form, and passes again unchanged", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
        let name: string;
        try {
          name = checkSenderName(text);
        } catch {
          return;
        }
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(checkSenderName(name)).toBe(name);
        expect(name === "bigboss" || reservedLook(name) === undefined).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
