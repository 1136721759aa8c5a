import { afterAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { findSetting } from "../core/setting.ts";
import { editSetting, resetSettings, setToml } from "./edit.ts";
import { parseEnvFile } from "./env-file.ts";
import { type Paths, pathsOf } from "./paths.ts";
import { lazySettings } from "./settings.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-edit-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let serial = 0;

function place(files: Record<string, string> = {}): Paths {
  const dir = `${root}/${++serial}`;
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${dir}/${name}`, text);
  return pathsOf({ HCOM_DIR: dir, HOME: root }, root);
}

function set(paths: Paths, key: string, text: string): void {
  const row = findSetting(key);
  editSetting(paths, row, row.check(text));
}

function valueIn(paths: Paths, key: string): unknown {
  return lazySettings(paths, {}).of(key).value;
}

const tag = ["launch", "tag"];

describe("one key of a text", () => {
  function check(what: string, before: string, after: string): void {
    test(what, () => {
      const edited = setToml(before, tag, "new", "config.toml");
      expect(edited).toBe(after);
      expect(Bun.TOML.parse(edited)).toMatchObject({ launch: { tag: "new" } });
    });
  }
  check("of nothing", "", '[launch]\ntag = "new"\n');
  check("is replaced where it stands", '[launch]\ntag = "old"\n', '[launch]\ntag = "new"\n');
  check(
    "keeps the comment beside it",
    '# top\n[launch] # ours\n  tag   =  "old"   # why\n# end\n',
    '# top\n[launch] # ours\n  tag   =  "new"   # why\n# end\n',
  );
  check(
    "keeps unknown keys and tables",
    '[other]\nx = [1, 2]\n\n[launch]\nmine = true\ntag = "old"\nlast = 1979-05-27\n',
    '[other]\nx = [1, 2]\n\n[launch]\nmine = true\ntag = "new"\nlast = 1979-05-27\n',
  );
  check(
    "joins its table behind the last key",
    '[launch]\nhints = "a" # b\n\n[terminal]\nactive = "here"\n',
    '[launch]\nhints = "a" # b\ntag = "new"\n\n[terminal]\nactive = "here"\n',
  );
  check("joins an empty table", "[launch]\n[x]\n", '[launch]\ntag = "new"\n[x]\n');
  check("makes its table", "[x]\ny = 1\n", '[x]\ny = 1\n\n[launch]\ntag = "new"\n');
  check("copes with a missing last line break", "[launch]", '[launch]\ntag = "new"');
  check(
    "copes with one missing behind a key",
    "[x]\ny = 1",
    '[x]\ny = 1\n\n[launch]\ntag = "new"\n',
  );
  check(
    "replaces a text of several lines",
    '[launch]\ntag = """a\nb"""\n',
    '[launch]\ntag = "new"\n',
  );
  check("knows a quoted key", '[launch]\n"tag" = "old"\n', '[launch]\n"tag" = "new"\n');
  check("knows a quoted table", '["launch"]\ntag = "old"\n', '["launch"]\ntag = "new"\n');
  check("knows a dotted key", 'launch.tag = "old"\n', 'launch.tag = "new"\n');
  check("knows a table in one line", 'launch = { tag = "old" }\n', 'launch = { tag = "new" }\n');
  check(
    "is not confused by the same key of another table",
    '[other]\ntag = "theirs"\n[launch.claude]\ntag = "theirs"\n',
    '[other]\ntag = "theirs"\n[launch.claude]\ntag = "theirs"\n\n[launch]\ntag = "new"\n',
  );
});

test("a table that cannot be continued is not broken: the edit is refused", () => {
  for (const text of ['launch.hints = "a"\n', 'launch = { hints = "a" }\n', "launch = 1\n"]) {
    expect(() => setToml(text, tag, "new", "config.toml")).toThrow(/form we cannot add to/);
  }
});

test("numbers, switches and difficult texts are written as TOML reads them", () => {
  const values = [5, true, 'a "quoted" \\ back', "tab\tand\nline", "ünï → 日本 😀", ""];
  for (const value of values) {
    const text = setToml("", tag, value, "config.toml");
    expect(Bun.TOML.parse(text)).toEqual({ launch: { tag: value } });
  }
});

test("what is not TOML is refused and stays as it is", () => {
  const paths = place({ "config.toml": "[launch\n" });
  expect(() => set(paths, "tag", "api")).toThrow(/is not TOML/);
  expect(readFileSync(paths.configToml, "utf8")).toBe("[launch\n");
});

test("every setting can be set and is read back", () => {
  const paths = place();
  const wanted = { timeout: "60", auto_approve: "no", tag: "a-b", codex_args: "--x 'y z'" };
  for (const [key, text] of Object.entries(wanted)) set(paths, key, text);
  const read = Object.keys(wanted).map((key) => valueIn(paths, key));
  expect(read).toEqual([60, false, "a-b", "--x 'y z'"]);
});

test("a new settings file is private", () => {
  const paths = place();
  set(paths, "tag", "api");
  expect(statSync(paths.configToml).mode & 0o777).toBe(0o600);
});

test("a settings file that is a link stays one", () => {
  const paths = place({ "dotfile.toml": "# mine\n" });
  symlinkSync(`${paths.dir}/dotfile.toml`, paths.configToml);
  set(paths, "tag", "api");
  expect(lstatSync(paths.configToml).isSymbolicLink()).toBe(true);
  expect(readFileSync(`${paths.dir}/dotfile.toml`, "utf8")).toStartWith("# mine\n");
});

describe("the older settings file", () => {
  const old =
    "# mine\nHCOM_TAG=api\nHCOM_TIMEOUT=60\nHCOM_DEFAULT_SUBSCRIPTIONS=stopped,blocked\n" +
    'HCOM_UNKNOWN=1\nANTHROPIC_MODEL=opus\nexport GREETING="say \\"hi\\""\n';
  test("moves into config.toml and env with the first change", () => {
    const paths = place({ "config.env": old });
    set(paths, "hints", "be short");
    const settings = ["tag", "timeout", "auto_subscribe", "hints"].map((key) =>
      valueIn(paths, key),
    );
    expect(settings).toEqual(["api", 60, "stopped,blocked", "be short"]);
    expect(parseEnvFile(readFileSync(paths.env, "utf8"))).toEqual([
      ["ANTHROPIC_MODEL", "opus"],
      ["GREETING", 'say "hi"'],
    ]);
    expect(readFileSync(paths.configToml, "utf8")).not.toContain("UNKNOWN");
  });
  test("is itself left alone", () => {
    const paths = place({ "config.env": old });
    set(paths, "hints", "be short");
    expect(readFileSync(paths.configEnv, "utf8")).toBe(old);
  });
  test("gives way to what is being set", () => {
    const paths = place({ "config.env": old });
    set(paths, "tag", "web");
    expect(valueIn(paths, "tag")).toBe("web");
  });
  test("is not looked at again once there is a config.toml", () => {
    const paths = place({ "config.env": old, "config.toml": "" });
    set(paths, "hints", "x");
    expect(readFileSync(paths.configToml, "utf8")).toBe('[launch]\nhints = "x"\n');
    expect(existsSync(paths.env)).toBe(false);
  });
  test("does not overwrite an env file", () => {
    const paths = place({ "config.env": old, env: "MINE=1\n" });
    set(paths, "hints", "x");
    expect(readFileSync(paths.env, "utf8")).toBe("MINE=1\n");
  });
  test("with an invalid line does not stop a change", () => {
    const paths = place({ "config.env": "HCOM_TIMEOUT=soon\nHCOM_TAG=api\n" });
    set(paths, "hints", "x");
    expect(valueIn(paths, "tag")).toBe("api");
    expect(readFileSync(paths.configToml, "utf8")).not.toContain("timeout");
  });
});

test("a reset moves all files into the archive, so that the defaults count", () => {
  const paths = place({ "config.toml": "[launch]\n", "config.env": "HCOM_TAG=x\n", env: "A=1\n" });
  const moved = resetSettings(paths, Date.UTC(2026, 0, 2, 3, 4, 5));
  expect(moved.map((path) => path.slice(paths.archive.length))).toEqual([
    "/config/config.toml.2026-01-02T03-04-05-000Z",
    "/config/config.env.2026-01-02T03-04-05-000Z",
    "/config/env.2026-01-02T03-04-05-000Z",
  ]);
  expect(moved.map((path) => readFileSync(path, "utf8"))).toEqual([
    "[launch]\n",
    "HCOM_TAG=x\n",
    "A=1\n",
  ]);
  const left = [paths.configToml, paths.configEnv, paths.env].filter(existsSync);
  expect(left).toEqual([]);
  expect(resetSettings(paths, 0)).toEqual([]);
});

test("a file that is no UTF-8 is refused and stays as it is; a reset keeps it whole", () => {
  const paths = place();
  const latin1 = Buffer.from('[launch]\nhints = "caf\xe9"\n', "latin1");
  writeFileSync(paths.configToml, latin1);
  expect(() => set(paths, "tag", "api")).toThrow("is not UTF-8, and stays as it is");
  expect(readFileSync(paths.configToml)).toEqual(latin1);
  const [moved = ""] = resetSettings(paths, 0);
  expect(readFileSync(moved)).toEqual(latin1);
});

test("a place that cannot be written is refused, with its path", () => {
  writeFileSync(`${root}/file`, "");
  const paths = pathsOf({ HCOM_DIR: `${root}/file`, HOME: root }, root);
  const refusal = expect.objectContaining({
    code: "settings_unwritable",
    message: expect.stringContaining(paths.configToml),
  });
  expect(() => set(paths, "tag", "api")).toThrow(refusal);
  expect(resetSettings(paths, 0)).toEqual([]);
  const taken = place();
  mkdirSync(taken.configToml);
  const unreadable = expect.objectContaining({ code: "settings_unwritable" });
  expect(() => set(taken, "tag", "api")).toThrow(unreadable);
  expect(() => resetSettings(taken, 0)).toThrow(unreadable);
});
