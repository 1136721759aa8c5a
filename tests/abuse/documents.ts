// kill -9 on writers of one document: it can be read at every moment, whatever was confirmed is in
// it once, and nothing stays beside it that hinders the next.
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { type Env, hcom } from "../process/lab.ts";
import { launcher } from "../process/programs.ts";
import { harm, newTally, openPlace, type Round, signal, type Tally, timed } from "./lab.ts";

export async function documents({ random, goesOn }: Round): Promise<Tally[]> {
  const tally = newTally("document writers under kill -9");
  using place = openPlace();
  const file = `${place.path}/crowd.acomm`;
  const confirmed: string[] = [];
  const first = await acomm(place.env, ["add", file, "text", "the first"]);
  if (first.code !== 0) throw new Error(first.err);
  for (let round = 0; goesOn(); round++) {
    const writers = [0, 1, 2, 3].map((n) => {
      const text = `round ${round} writer ${n}`;
      const argv = ["sh", launcher, "--program=acomm", "add", file, "text", text];
      const options = { env: place.env, cwd: place.path, stdin: "ignore" } as const;
      const child = Bun.spawn(argv, { ...options, stdout: "ignore", stderr: "ignore" });
      if (random() < 0.5) setTimeout(() => signal(child.pid, "SIGKILL"), random() * 300);
      return child.exited.then((code) => code === 0 && confirmed.push(text));
    });
    const reader = timed(place.env, ["--program=acomm", "--file", file, "channel", "list"]);
    await Promise.all(writers);
    tally.tried += writers.length;
    const { code, err } = await reader;
    if (code !== 0) harm(tally, "blocked", `read: exit ${code} ${err}`);
  }
  const texts = textsOf(
    (await acomm(place.env, ["--file", file, "search", "writer", "--limit", "1000000"])).out,
  );
  for (const text of confirmed) if (!texts.includes(text)) harm(tally, "lost", text);
  for (const text of new Set(texts)) {
    if (texts.indexOf(text) !== texts.lastIndexOf(text)) harm(tally, "doubled", text);
  }
  return [tally];
}

function acomm(env: Env, args: readonly string[]) {
  return hcom(env, ["--program=acomm", ...args]);
}

function textsOf(out: string): string[] {
  const said = parseJson(out);
  return [...asList(said), ...asList(asObject(said)["messages"])].flatMap(
    (one) => asText(asObject(one)["content"]) ?? asText(asObject(one)["text"]) ?? [],
  );
}
