// An agent without our wrapper: its turn-end hook stays open and waits for mail, which keeps the
// session reachable. It ends when the instance is stopped or its waiting time is over.

import { setStatus } from "../bus/agents/set-status.ts";
import type { Bus } from "../bus/bus.ts";
import { listen, waitTimeout } from "../bus/mail/listen.ts";
import { type Answer, noAnswer } from "./answer.ts";

export async function waitAtTurnEnd(bus: Bus, name: string): Promise<Answer> {
  const parent = process.ppid;
  const heard = await listen(bus, name, {
    timeoutSeconds: waitTimeout(bus, name),
    via: "poll",
    detail: "",
    // The tool is gone when we were handed to another parent: mail must not be taken for it.
    isOver: () => process.ppid !== parent,
  });
  if (heard.kind === "mail") {
    return {
      reply: { kind: "continue", text: heard.offer.text },
      commit: () => heard.offer.commit(),
    };
  }
  if (heard.kind === "timeout") {
    setStatus(bus, name, { status: "inactive", context: "exit:timeout", writer: "poll" });
  }
  return noAnswer;
}
