// The first prompt of a launch whose terminal did not take it: from hcom, as mail.
import { storeDeliveries } from "../../store/deliveries.ts";
import { instanceOfProcess } from "../agents/of-process.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";

export function mailFirstPrompt(bus: Bus, processId: string, prompt: string): void {
  bus.db.write(() => {
    const row = instanceOfProcess(bus, processId);
    if (row === undefined) return;
    const { name, principal } = row;
    const id = append(bus, {
      type: "message",
      instance: "sys_hcom",
      data: {
        from: "hcom",
        sender_kind: "system",
        scope: "mentions",
        text: `your first prompt, which your terminal did not take: ${prompt}`,
        delivered_to: [name],
        mentions: [name],
        intent: "request",
      },
    });
    storeDeliveries(bus.db, id, [{ name, principal }], bus.system.now() / 1000);
  });
}
