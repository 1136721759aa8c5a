import { expect, test } from "bun:test";
import { isNudge, nudgeText } from "../../core/mail/envelope.ts";
import { dialect } from "./dialect.ts";
import { wordsOf } from "./prompt-frame.ts";

const nudge = nudgeText([42, 43]);
const head = '<cross-session-message from="uds:/tmp/1.sock" from-name="luna">';
const peer = `${head}\n${nudge}\n</cross-session-message>`;
const advice = "\n\nThis came from another Claude session — not typed by your user, but …";
const idle = "Another Claude session sent a message:";
const busy = "Another Claude session sent a message while you were working:";
const bell = (words: string) =>
  "<task-notification>\n<task-id>b1</task-id>\n</task-notification>\n<system-reminder>\n" +
  `Stop hook blocking error from command "FileChanged": ${words}\n</system-reminder>`;

const framed: Record<string, string> = {
  bare: nudge,
  "from a peer": peer,
  "with the advice": `${idle}\n${nudge}${advice}`,
  "from a peer with the advice": `${idle}\n${peer}${advice}`,
  "in the middle of a turn": `<system-reminder>\n${busy}\n${nudge}${advice}\n</system-reminder>`,
  "of a background hook": bell("&lt;hcom&gt;mail: 42, 43&lt;/hcom&gt;"),
  "of a background hook, unescaped": bell(nudge),
  "of a background hook, as a notification":
    "[SYSTEM NOTIFICATION - NOT USER INPUT]\nHook blocking error from command: " +
    "&lt;hcom&gt;mail: 42, 43&lt;/hcom&gt;",
};
for (const [what, prompt] of Object.entries(framed)) {
  test(`a nudge ${what} is a nudge`, () => {
    expect(wordsOf(prompt)).toBe(nudge);
    expect(factOf(prompt)).toMatchObject({ kind: "prompt", text: prompt, isNudge: true });
  });
}

const others = [
  `${peer}\n<cross-session-message from="x">\nreal words\n</cross-session-message>`,
  `${idle}\nfix the build${advice}`,
  `${idle}\n${nudge} and then fix the build${advice}`,
  bell("out of memory"),
  `what does this mean: ${nudge}`,
  `what does this mean:\n${nudge}`,
  `I got "${idle} ${nudge}", why?`,
  `Another Claude session sent a message and I saw ${nudge}`,
  `<task-notification>\n${nudge}\n</task-notification>`,
];
for (const prompt of others) {
  test(`no nudge: ${JSON.stringify(prompt.slice(0, 90))}`, () => {
    expect(factOf(prompt)).toMatchObject({ kind: "prompt", text: prompt, isNudge: false });
  });
}

test("mail that our module submits is no nudge, and is read without its frame", () => {
  const mail = "<hcom>[new message #7] bigboss → luna: hello</hcom>";
  expect(factOf(mail)).toMatchObject({ kind: "prompt", isNudge: false, isSynthetic: true });
  const advice =
    "This is how Claude Code surfaces a prompt a plugin submits between turns — it starts";
  expect(wordsOf(`The hcom plugin sent a message:\n${mail}\n\n${advice} this turn.`)).toBe(mail);
});

test("a hostile text does not stall", () => {
  const start = performance.now();
  const parts = ["<task-notification>", "<system-reminder>", idle, "<cross-session-message", "\n "];
  for (const part of parts) {
    isNudge(wordsOf(part.repeat(60_000 / part.length)));
    isNudge(wordsOf(`${busy}\n${part.repeat(60_000 / part.length)}!`));
    isNudge(wordsOf(`${idle}\nThis came from another Claude session${part}<`.repeat(500)));
  }
  expect(performance.now() - start).toBeLessThan(500);
});

function factOf(prompt: string): object {
  return dialect.read("userpromptsubmit", { prompt }, {});
}
