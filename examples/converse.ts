// Asks an agent, waits for its answer, prints that and its last exchange: converse.ts NAME QUESTION
import { HcomError, session } from "hcom";

const [name = "", question = ""] = process.argv.slice(2);
try {
  const me = await session();
  const { id } = await me.send(question, { to: name, intent: "request" });
  const answer = await me.wait("type = 'message' AND msg_reply_to_local = ?", { params: [id] });
  console.log(answer === null ? `${name} has not answered` : `${name}: ${answer.data["text"]}`);
  for (const { user, assistant } of await me.transcript(name, { last: 1 })) {
    console.log(`> ${user}\n${assistant}`);
  }
} catch (error) {
  if (!(error instanceof HcomError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
