// All commands of `acomm`, in the order of the help.
import { channelVerbs } from "./channel-verbs.ts";
import { documentVerbs } from "./document-verbs.ts";
import { exchangeVerbs } from "./exchange-verbs.ts";
import { messageVerbs } from "./message-verbs.ts";
import type { Verb } from "./verb.ts";

export const verbs: readonly Verb[] = [
  ...messageVerbs,
  ...channelVerbs,
  ...documentVerbs,
  ...exchangeVerbs,
];
