// hcom channel subscribe, unsubscribe, subscriptions: who hears of which topics.
import { setTopicWake } from "../../bus/channels/live-members.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { operations } from "../../core/channels/operations.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type ChannelCall, participantOf, policyNamed, type Word, wordsOf } from "./call.ts";

export const topicWords: readonly Word[] = [
  {
    word: "subscribe",
    usage: "TOPIC [--wake POLICY] [--as NAME]",
    about: "what is published on a topic reaches you; builds.* and builds.# are patterns",
    run(call) {
      const [topic = ""] = wordsOf(call, "TOPIC");
      const policy = call.flags.value("wake");
      const wake = policy === undefined ? undefined : policyNamed(policy);
      const subscriber = participantOf(call);
      const made = call.bus.db.write(() => {
        const subscription = call.does(operations.subscribe, { topic, subscriber });
        if (wake !== undefined)
          setTopicWake(call.bus, { space: call.space, subscriber, topic }, wake);
        return subscription;
      });
      if (call.json) call.out.json(made);
      else
        call.out.line(`${call.shown(subscriber)} subscribed to ${topic} (subscription ${made.id})`);
      return exitCode.ok;
    },
  },
  {
    word: "unsubscribe",
    usage: "TOPIC|SUBSCRIPTION [--as NAME]",
    about: "hear no more of a topic",
    run: unsubscribe,
  },
  {
    word: "subscriptions",
    usage: "",
    about: "who has subscribed to what",
    run(call) {
      wordsOf(call);
      const all = call.does(operations.list_subscriptions, {});
      if (call.json) call.out.json(all);
      else if (all.length === 0) {
        call.out.line("No subscriptions yet. Make one: hcom channel subscribe TOPIC");
      }
      const rows = all.map((one) => [
        `${one.id}`,
        style.name(call.shown(one.subscriber)),
        one.topic,
      ]);
      const columns = [{ align: "right" }, { least: 8 }, { least: 8 }] as const;
      for (const line of table(call.json ? [] : rows, columns, call.out.view.width)) {
        call.out.line(...line);
      }
      return exitCode.ok;
    },
  },
];

/** A number is a subscription; a topic means one's own subscriptions to it. */
function unsubscribe(call: ChannelCall): number {
  const [word = ""] = wordsOf(call, "TOPIC|SUBSCRIPTION [--as NAME]");
  const ids = /^\d+$/.test(word) ? [Number(word)] : ownSubscriptions(call, word);
  call.bus.db.write(() => {
    for (const id of ids) call.does(operations.unsubscribe, { subscription_id: id });
  });
  if (call.json) call.out.json({ status: "unsubscribed", subscriptions: ids });
  else call.out.line(`unsubscribed: ${ids.join(", ")}`);
  return exitCode.ok;
}

function ownSubscriptions(call: ChannelCall, topic: string): number[] {
  const subscriber = participantOf(call);
  const own = call
    .does(operations.list_subscriptions, {})
    .filter((one) => one.subscriber === subscriber);
  const found = own.filter((one) => one.topic === topic);
  if (found.length > 0) return found.map((one) => one.id);
  const topics = [...new Set(own.map((one) => one.topic))];
  throw new Refusal({
    code: "not_subscribed",
    exit: exitCode.notFound,
    message: `${call.shown(subscriber)} is not subscribed to ${topic}`,
    hint: topics.length === 0 ? "it has no subscriptions" : `subscriptions: ${topics.join(", ")}`,
  });
}
