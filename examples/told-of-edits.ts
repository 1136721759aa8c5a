// Has an agent told once when somebody writes a file of a folder: told-of-edits.ts NAME FOLDER
import { session } from "hcom";

const [name = "", folder = ""] = process.argv.slice(2);
const agent = await session({ name });
const condition = "status_context LIKE 'tool:%' AND status_detail LIKE ? || '%'";
const id = await agent.subscribe(condition, { params: [folder], once: true });
const own = (await agent.subscriptions()).filter((one) => one.caller === name);
console.log(`${id}: ${own.length} subscriptions of ${name}`);
