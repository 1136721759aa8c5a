// kill -9 and SIGSTOP on `hcom listen`: nothing is lost, and what an undisturbed listener printed
// is not printed again. What a killed one printed may come again: nobody can know who read it.
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { hcom } from "../process/lab.ts";
import { launcher } from "../process/programs.ts";
import { harm, newTally, openPlace, type Round, signal, type Tally } from "./lab.ts";

export async function listeners({ random, goesOn }: Round): Promise<Tally[]> {
  const tally = newTally("listeners under kill -9 and SIGSTOP");
  using place = openPlace();
  const started = await hcom(place.env, ["start", "--json"]);
  const name = asText(asObject(parseJson(started.out))["name"]) ?? "";
  const printed: string[] = [];
  const safely: string[] = [];
  const sent: string[] = [];
  for (let n = 0; goesOn(); n++) {
    const listening = listen(place.env, name, "6");
    const text = `message ${n} end`;
    const { id } = await place.send(text, name);
    if (id !== null) sent.push(text);
    const isDisturbed = random() < 0.6;
    if (isDisturbed) disturb(listening.pid, random);
    const texts = textsOf(await listening.out);
    tally.tried++;
    printed.push(...texts);
    if (!isDisturbed) safely.push(...texts);
  }
  for (let round = 0; round < 3; round++) {
    const texts = textsOf(await listen(place.env, name, "1").out);
    printed.push(...texts);
    safely.push(...texts);
  }
  for (const text of sent) if (!printed.includes(text)) harm(tally, "lost", text);
  const again = safely.filter((text, at) => safely.indexOf(text) !== at);
  for (const text of again) harm(tally, "doubled", text);
  return [tally];
}

function listen(env: Record<string, string>, name: string, seconds: string) {
  const argv = ["sh", launcher, "listen", "--name", name, "--timeout", seconds, "--json"];
  const options = { env, cwd: env["HOME"] ?? "/", stdin: "ignore", stderr: "ignore" } as const;
  const child = Bun.spawn(argv, { ...options, stdout: "pipe" });
  return { pid: child.pid, out: new Response(child.stdout).text() };
}

function disturb(pid: number, random: () => number): void {
  const afterMs = random() * 250;
  const isStop = random() < 0.4;
  setTimeout(() => signal(pid, isStop ? "SIGSTOP" : "SIGKILL"), afterMs);
  if (!isStop) return;
  const name = random() < 0.5 ? "SIGCONT" : "SIGKILL";
  setTimeout(() => signal(pid, name), afterMs + random() * 800);
}

/** Both shapes of `listen --json`: one value, or one to a line; a cut-off line is no message. */
function textsOf(out: string): string[] {
  return out
    .split("\n")
    .map(parseJson)
    .flatMap((value) => [value, ...asList(value), ...asList(asObject(value)["messages"])])
    .flatMap((value) => asText(asObject(value)["text"]) ?? []);
}
