// A person types while mail keeps coming to an agent that can only be typed to: what they send is
// what they wrote, always.
import { expect, test } from "bun:test";
import { send } from "../../src/bus/mail/send.ts";
import { until } from "../kit/until.ts";
import { tempDir, wrapAgent } from "./lab.ts";

/** Side by side, each with moments of its own between the text and its Enter. */
const agents = [0, 1, 2] as const;

/** Twenty by hand: HCOM_ROUNDS=20. */
const rounds = Number(process.env["HCOM_ROUNDS"] ?? 4);

test.concurrent.each(agents)(
  "a line of the person never carries the nudge, %p",
  async (at) => {
    using dir = tempDir();
    await using agent = await wrapAgent(dir.path, "typing");
    const sender = { kind: "external", name: "bigboss" } as const;
    const written: string[] = [];
    const ids: number[] = [];
    while (written.length < rounds) {
      const n = written.length;
      const { id } = send(agent.bus, { sender, targets: [agent.name], text: `mail ${n}` });
      ids.push(id);
      const isTyped = () => agent.draft() === "<hcom>";
      await until(() => isTyped() || agent.times([id])[0] === 1, {
        timeoutMs: 15_000,
        what: `nudge ${n} in the box`,
        dump: agent.dump,
      });
      // It came with the end of the turn before: once more.
      if (!isTyped()) continue;
      // At every moment between the text and its Enter, and behind it: the chance under test.
      await Bun.sleep(((n * agents.length + at) * 37) % 450);
      const line = `line ${n} of mine`;
      written.push(line);
      for (const key of line) agent.press(key);
      await until(() => agent.draft()?.endsWith(line), {
        timeoutMs: 5000,
        what: `"${line}" in the box`,
        dump: agent.dump,
      });
      agent.press("\r");
      await until(() => agent.prompts().some((one) => one.text.includes(line)), {
        timeoutMs: 10_000,
        what: `"${line}" to be sent`,
        dump: agent.dump,
      });
      await agent.arrives(id);
    }
    const mine = agent.prompts().map((one) => one.text.trim());
    expect(mine.filter((text) => text.includes("of mine"))).toEqual(written);
    expect(agent.times(ids)).toEqual(ids.map(() => 1));
  },
  180_000,
);
