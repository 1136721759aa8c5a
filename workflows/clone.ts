// Gives a task to a copy of an agent, which knows what that one knows and reports what came of it.
import { baseOf, lastEvent, openCrew } from "./kit/crew.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "clone",
  about: "a copy of an agent does a task and reports; the agent itself is not disturbed",
  usage: "TASK [--target NAME]",
  options: [
    { name: "target", value: "NAME", about: "whose copy (the agent that calls)" },
    { name: "no-stop", about: "the copy stays when it has reported" },
    { name: "timeout", value: "SECONDS", about: "how long it may take (1800)" },
  ],
  run: clone,
});

async function clone(call: Call): Promise<number> {
  const task = call.words.join(" ");
  if (task === "") throw new Usage("say what the copy is to do");
  const target = call.text("target") ?? (call.isAgent ? call.caller.name : undefined);
  if (target === undefined) throw new Usage("whose copy? name an agent: --target NAME");
  const reader = call.caller.name;
  await using crew = openCrew(call);
  const after = await lastEvent(call);
  const name = await crew.hire({
    tag: "clone",
    forkOf: target,
    prompt: roleOf(target, task, reader),
  });
  if (call.has("no-stop")) crew.release(name);
  const report = await call.voice.wait(
    `(type = 'message' AND msg_from = ?
      AND EXISTS (SELECT 1 FROM json_each(msg_mentions) WHERE value = ?))
     OR (type = 'life' AND instance = ? AND life_action = 'stopped')`,
    { params: [name, baseOf(reader), name], after, timeout: call.number("timeout", 1800) },
  );
  if (report?.type === "message") {
    call.say(String(report.data["text"]));
    return 0;
  }
  const why = report === null ? "took too long" : "stopped";
  await call.report(`${name}, the copy of ${target}, ${why} and did not report`);
  return 1;
}

function roleOf(target: string, task: string, reader: string): string {
  return (
    `You are a copy of ${target}: you know what ${target} knew until now, and from here on you ` +
    "are " +
    `somebody else. You have one task and nothing besides: ${task}\n` +
    "Do not go on with what was under way before, and answer no other messages. " +
    `When it is done, or cannot be done, say so once: hcom send @${reader} --intent inform ` +
    "--stdin, " +
    "with the result on standard input: what you found or changed, and where. Then end your turn."
  );
}
