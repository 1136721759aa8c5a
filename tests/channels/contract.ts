// What every form of `CommStore` does alike. A form's test makes its stores and calls this; what
// only one form has is tested beside that form.
import { describe } from "bun:test";
import { checkChannels } from "./contract-channels.ts";
import { checkFanOut } from "./contract-fan-out.ts";
import { checkHistory } from "./contract-history.ts";
import { checkMessages } from "./contract-messages.ts";
import { checkRefusals } from "./contract-refusals.ts";
import { checkSearch } from "./contract-search.ts";
import { checkTimeToLive } from "./contract-time-to-live.ts";
import { type MakeStore, opener } from "./lab.ts";

/** `runs` is how often the property of search is tried. */
export function checkContract(name: string, makeStore: MakeStore, runs = 200): void {
  describe(name, () => {
    const open = opener(makeStore);
    describe("refusals", () => checkRefusals(open));
    describe("channels", () => checkChannels(open));
    describe("messages", () => checkMessages(open));
    describe("fan-out", () => checkFanOut(open));
    describe("history", () => checkHistory(open));
    describe("time to live", () => checkTimeToLive(open));
    describe("search", () => checkSearch(open, makeStore, runs));
  });
}
