// What was just said in a channel, as those learn it who bring it to its readers.
import type { ChannelType } from "../../core/channels/channel.ts";
import type { WakePolicy } from "../../core/channels/wake-policy.ts";

export interface Reader {
  participant: string;
  /** Null: nobody we know is behind that name. */
  principal: string | null;
  wake: WakePolicy;
}

export interface Post {
  space: string;
  channel: { id: number; name: string; type: ChannelType };
  /** Seconds after which it ends by itself; 0 = never. */
  endsAfter: number;
  sender: string;
  content: string;
  /** The first stored id; 0 when a broadcast or publication had no recipient. */
  messageId: number;
  /** Who should see it besides the sender. */
  readers: Reader[];
}
