// Launches two agents with one task, waits until both have reported, and ends them.
//   two-workers.ts "list the tests that nobody runs"
import { launch, session, stop } from "hcom";

const [task = ""] = process.argv.slice(2);
const me = await session();
const { handles } = await launch({
  count: 2,
  tag: "worker",
  background: true,
  prompt: `${task}. Then report with: hcom send @${me.name} --intent inform -- REPORT`,
});
const names = handles.map((handle) => handle.instance_name);
console.log(`started ${names.length}`);
let after = 0;
const open = new Set(names);
while (open.size > 0) {
  const marks = [...open].map(() => "?").join(", ");
  const report = await me.wait(`type = 'message' AND msg_from IN (${marks})`, {
    params: [...open],
    after,
    timeout: 300,
  });
  if (report === null) break;
  after = report.id;
  open.delete(report.instance);
  console.log(`report: ${report.data["text"]}`);
}
await stop(...names);
process.exitCode = open.size === 0 ? 0 : 1;
