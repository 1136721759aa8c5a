// Another user of the machine, as far as we are root and may become one: reads nothing of ours,
// changes nothing, and its own hooks in our directory stay silent.
import { chmodSync, existsSync, lstatSync } from "node:fs";
import {
  entriesOf,
  harm,
  judgeHook,
  newTally,
  openPlace,
  type Round,
  type Tally,
  timed,
} from "./lab.ts";

const setpriv = Bun.which("setpriv");
const prefix = [setpriv ?? "", "--reuid=65534", "--regid=65534", "--clear-groups"];

export async function otherUser({ goesOn }: Round): Promise<Tally[]> {
  if (process.getuid?.() !== 0 || setpriv === null) return [];
  const tally = newTally("another user");
  do {
    using place = openPlace();
    const agent = await place.join("s1");
    await place.send("a secret", agent.name);
    // Only the directory itself keeps others out: everything around it is open.
    chmodSync(place.path, 0o755);
    const folder = `${place.path}/.hcom`;
    for (const entry of ["", ...entriesOf(folder)]) {
      const path = `${folder}/${entry}`;
      if (!existsSync(path) || lstatSync(path).isSymbolicLink()) continue;
      tally.tried++;
      for (const flag of ["-r", "-w"]) {
        const may = Bun.spawnSync([...prefix, "/usr/bin/test", flag, path], { stdin: "ignore" });
        if (may.exitCode === 0) harm(tally, "leaked", `test ${flag} ${entry}`);
      }
    }
    const theirs = { ...agent.env, HOME: "/nonexistent" };
    const options = { prefix, cwd: "/", stdin: agent.payload() };
    const run = await timed(theirs, ["userpromptsubmit"], options);
    // Where the checkout itself is private, nobody else can start us at all.
    if (run.code !== 126 && run.code !== 127) {
      if (run.out.includes("secret")) harm(tally, "leaked", "a hook told a message");
      if (run.code === 0) judgeHook(tally, "userpromptsubmit", run);
    }
  } while (goesOn());
  return [tally];
}
