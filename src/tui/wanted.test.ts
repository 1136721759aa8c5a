// What is asked for again and again, and what is not.
import { expect, test } from "bun:test";
import { firstState } from "../view/state.ts";
import { viewNames } from "../view/view-name.ts";
import { wantedPace } from "./wanted.ts";

test("only a screen that is shown is polled, and most views read nothing more", () => {
  const paces = viewNames.map((view) => {
    const state = firstState({ nowMs: 0, width: 80, height: 24, view });
    return [view, wantedPace(state)];
  });
  expect(Object.fromEntries(paces)).toEqual({
    ...{ agents: "none", talk: "none", activity: "none", launch: "none" },
    ...{ agent: "screen", approvals: "screen" },
    ...{ channels: "log", relay: "log", settings: "log" },
  });
});
