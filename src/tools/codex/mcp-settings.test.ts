import { expect, test } from "bun:test";
import { serverWords } from "../mcp-settings.ts";
import { mcpSettings } from "./mcp-settings.ts";

const path = "/c/config.toml";
const words = serverWords(["/opt/bun", "--no-env-file", "--no-install", "/opt/hcom.js"]);
const command = 'command = "/opt/bun"';
const args = 'args = ["--no-env-file", "--no-install", "/opt/hcom.js", "mcp"]';

test("the entry is a table at the end that lets HCOM_DIR through", () => {
  expect(mcpSettings.add(path, 'model = "x"\n', words)).toBe(
    `model = "x"\n\n[mcp_servers.hcom]\n${command}\n${args}\nenv_vars = ["HCOM_DIR"]\n`,
  );
});

const rewritten: [what: string, text: string, left: string][] = [
  [
    "with tables below it",
    `a = 1\n\n[mcp_servers.hcom]\n${command}\n${args}\n\n[mcp_servers.hcom.tools.send]\n` +
      'approval_mode = "approve"\n\n[mcp_servers.other]\nurl = "x"\n',
    'a = 1\n\n[mcp_servers.other]\nurl = "x"\n',
  ],
  [
    "as an inline table",
    `[mcp_servers]\nhcom = { ${command}, ${args} } # moved\nother = { url = "x" }\n`,
    '[mcp_servers]\nother = { url = "x" }\n',
  ],
  ["as dotted keys", `mcp_servers.hcom.${command}\na = 1\nmcp_servers.hcom.${args}\n`, "a = 1\n"],
  ["with a quoted name", `[mcp_servers."hcom"]\n${args}\n${command}\n[b]\nc = 1\n`, "[b]\nc = 1\n"],
];

test.each(rewritten)("an entry that was rewritten %s is ours still", (_what, text, left) => {
  expect(mcpSettings.find(path, text)).toEqual({ words, isOn: true });
  expect(mcpSettings.add(path, text, words)).toBe(text);
  const moved = ["/new/bun", ...words.slice(1)];
  expect(mcpSettings.add(path, text, moved)).toBe(text.replace("/opt/bun", "/new/bun"));
  expect(mcpSettings.remove(path, text)).toBe(left);
});

test("an entry within one value with others is not cut out of it", () => {
  const text = `mcp_servers = { hcom = { ${command}, ${args} } }\n`;
  expect(mcpSettings.find(path, text)).toEqual({ words, isOn: true });
  expect(() => mcpSettings.remove(path, text)).toThrow("is an inline table");
});
