// Scenarios on a made-up clock: what stands on the screen and in the log is set, time passes, and
// what the loop would have done is read.
import { expect, test } from "bun:test";
import { decide } from "./decide.ts";
import {
  type Action,
  firstState,
  type Rules,
  type Seen,
  type SeenRow,
  type State,
} from "./seen.ts";

const rules: Rules = {
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  startTimeoutMs: 5000,
  rungs: [
    { kind: "inbox", lines: () => [], isHeldWhenBypassed: false },
    { kind: "bell", since: "1.0.0" },
    { kind: "typing", text: "<hcom>", enterDelayMs: 400 },
  ],
};
const typingOnly: Rules = {
  ...rules,
  rungs: [{ kind: "typing", text: "<hcom>", enterDelayMs: 400 }],
};

class World {
  now = 1_000_000;
  row: SeenRow = {
    status: "listening",
    context: "start",
    detail: "",
    ageMs: 60_000,
    cursor: 10,
    hasSession: true,
    hookMark: 1,
    isPlaceholder: false,
  };
  mail = { ids: [] as number[], inFlight: false };
  live: Seen["live"] = { status: "idle", waitingFor: "", ageMs: 30_000 };
  screen: Seen["screen"] = {
    isReady: true,
    hasText: true,
    input: "",
    hasApproval: false,
    hasOverlay: false,
    isBusy: false,
    hasLaunchQuestion: false,
    isBypassed: false,
  };
  quietMs = 60_000;
  keyAt = 0;
  submitAt = 0;
  unusable: (string | undefined)[] = [];
  effect: Seen["effect"];
  log: string[] = [];
  startedAt = 0;
  state: State;
  rules: Rules;
  /** What the program does with what we do. */
  react: (action: Action) => void = () => {};

  constructor(given: Rules = rules) {
    this.rules = given;
    this.state = { ...firstState(given.rungs.length), launch: "ready" };
  }

  look(): Seen {
    return {
      row: this.row,
      mail: this.mail,
      live: this.live,
      screen: this.screen,
      quietMs: this.quietMs,
      sinceKey: this.now - this.keyAt,
      sinceSubmit: this.now - this.submitAt,
      runningMs: this.now - this.startedAt,
      unusable: this.unusable,
      effect: this.effect,
    };
  }

  /** Lets time pass; gives what was done in it. */
  run(ms: number): string[] {
    const from = this.log.length;
    const end = this.now + ms;
    while (this.now <= end) {
      const step = decide(this.state, this.look(), this.now, this.rules);
      this.state = step.state;
      for (const action of step.actions) {
        this.log.push(nameOf(action, this.rules));
        if (action.kind === "push") this.effect = undefined;
        this.react(action);
      }
      const pass = Math.min(step.nextMs, 250);
      this.now += pass;
      this.row = { ...this.row, ageMs: this.row.ageMs + pass };
      if (this.live) this.live = { ...this.live, ageMs: this.live.ageMs + pass };
    }
    return this.log.slice(from);
  }

  status(status: SeenRow["status"], context = ""): void {
    const hookMark = this.row.hookMark + 1;
    this.row = { ...this.row, status, context, ageMs: 0, hookMark };
  }

  /** The box takes text and Enter as a real one does. */
  withBox(onEnter: () => void): this {
    this.react = (action) => {
      if (action.kind === "type") this.screen = { ...this.screen, input: action.text };
      if (action.kind === "erase") this.screen = { ...this.screen, input: "" };
      if (action.kind === "enter") onEnter();
    };
    return this;
  }

  input(text: string | null): void {
    this.screen = { ...this.screen, input: text };
  }
}

function nameOf(action: Action, given: Rules): string {
  switch (action.kind) {
    case "push":
      return given.rungs[action.rung]?.kind ?? "?";
    case "failed":
      return `${given.rungs[action.rung]?.kind} failed: ${action.reason}`;
    case "status":
      return `${action.status} ${action.context}`;
    case "annotate":
      return `shows ${action.context}`;
    case "launch":
      return `launch ${action.outcome} ${action.context ?? ""}`.trim();
    case "type":
      return `types ${action.text}`;
    default:
      return action.kind;
  }
}

// ------------------------------------------------------------------ when to push

test("an idle session with mail gets one push", () => {
  const world = new World();
  world.mail.ids = [11];
  expect(world.run(3000)).toEqual(["inbox"]);
  world.mail.ids = [];
  expect(world.run(60_000)).toEqual([]);
});

test("no mail, no push", () => expect(new World().run(60_000)).toEqual([]));

test("while the session is busy nothing is pushed", () => {
  for (const live of ["busy", "waiting"] as const) {
    const world = new World();
    world.mail.ids = [11];
    world.status("active", "prompt");
    world.live = { status: live, waitingFor: "permission prompt", ageMs: 30_000 };
    expect(world.run(9000)).toEqual([]);
  }
});

test("a session that has just become idle is left alone for a moment", () => {
  const world = new World();
  world.mail.ids = [11];
  world.status("active", "prompt");
  world.live = { status: "busy", waitingFor: "", ageMs: 1000 };
  expect(world.run(1000)).toEqual([]);
  world.status("listening");
  world.live = { status: "idle", waitingFor: "", ageMs: 0 };
  expect(world.run(0)).toEqual([]);
  expect(world.run(1000)).toEqual(["inbox"]);
});

test("the registry's word counts more than an idle row", () => {
  const world = new World();
  world.mail.ids = [11];
  world.live = { status: "busy", waitingFor: "", ageMs: 0 };
  expect(world.run(30_000)).toEqual(["shows tui:not-idle"]);
});

test("inside `listen` an agent fetches its mail itself", () => {
  const world = new World();
  world.mail.ids = [11];
  world.row.detail = "cmd:listen";
  expect(world.run(30_000).filter((one) => !one.startsWith("shows"))).toEqual([]);
});

test("mail that somebody is handing over is left alone", () => {
  const world = new World();
  world.mail = { ids: [11], inFlight: true };
  expect(world.run(30_000)).toEqual([]);
  world.mail = { ids: [11], inFlight: false };
  expect(world.run(1000)).toEqual(["inbox"]);
});

test("a hand-over that a push has started is not interrupted, however long it takes", () => {
  const world = new World();
  world.mail.ids = [11];
  expect(world.run(300)).toEqual(["inbox"]);
  world.mail.inFlight = true;
  expect(world.run(30_000)).toEqual([]);
});

test("what the human has just sent takes the mail along", () => {
  const world = new World();
  world.mail.ids = [11];
  world.submitAt = world.now;
  expect(world.run(1400)).toEqual([]);
  expect(world.run(1000)).toEqual(["inbox"]);
});

test("without an answer of the database nothing happens", () => {
  const world = new World();
  world.mail.ids = [11];
  const { row: _, ...seen } = world.look();
  const step = decide(world.state, { ...seen, row: undefined }, world.now, rules);
  expect(step.actions).toEqual([]);
});

test("new mail during a push waits for its end, then gets its own", () => {
  const world = new World();
  world.mail.ids = [11];
  expect(world.run(1000)).toEqual(["inbox"]);
  world.mail.ids = [11, 12];
  expect(world.run(1000)).toEqual([]);
  world.mail.ids = [12];
  world.row.cursor = 11;
  expect(world.run(1000)).toEqual(["inbox"]);
});

// ------------------------------------------------------------------ the ladder

test("a rung without effect makes room for the next", () => {
  const world = new World();
  world.mail.ids = [11];
  expect(world.run(5300)).toEqual(["inbox", "inbox failed: no effect in time", "bell"]);
  expect(world.run(5000).slice(0, 2)).toEqual(["bell failed: no effect in time", "inbox"]);
});

test("a queue has as long to show its effect as its tool says", () => {
  const queued: Rules = {
    ...rules,
    rungs: [{ kind: "queue", since: "1.0.0", argv: () => [], effectMs: 13_000 }],
  };
  const world = new World(queued);
  world.mail.ids = [11];
  expect(world.run(12_900)).toEqual(["queue"]);
  expect(world.run(500)).toEqual(["queue failed: no effect in time"]);
});

test("a rung that says it failed is not waited for", () => {
  const world = new World();
  world.mail.ids = [11];
  world.run(300);
  world.effect = { failure: "connection refused" };
  expect(world.run(200)).toEqual(["inbox failed: connection refused", "bell"]);
});

test("a rung that cannot be used is passed over", () => {
  const world = new World();
  world.mail.ids = [11];
  world.unusable = ["no inbox", undefined];
  expect(world.run(1000)).toEqual(["bell"]);
});

test("a nudge that started a turn is in progress, however long the turn is", () => {
  const world = new World();
  world.mail.ids = [11];
  expect(world.run(1000)).toEqual(["inbox"]);
  world.status("active", "prompt");
  world.live = { status: "busy", waitingFor: "", ageMs: 0 };
  expect(world.run(600_000)).toEqual([]);
  world.mail.ids = [];
  world.status("listening");
  world.live = { status: "idle", waitingFor: "", ageMs: 0 };
  expect(world.run(60_000)).toEqual([]);
});

test("a turn that ends without taking the mail has failed", () => {
  const world = new World();
  world.mail.ids = [11];
  world.run(1000);
  world.status("active", "prompt");
  world.live = undefined;
  world.run(5000);
  world.status("listening");
  expect(world.run(2500)).toEqual(["inbox failed: the turn ended without taking the mail", "bell"]);
});

test("a session whose hooks did not answer the first nudge is not nudged again", () => {
  const world = new World();
  const turn = { status: "busy", waitingFor: "", ageMs: 0 } as const;
  world.mail.ids = [11];
  world.run(1000);
  world.live = turn;
  world.run(3000);
  world.live = { ...turn, status: "idle" };
  const silent = "inbox failed: a turn ran on the nudge, and none of hcom's hooks ran in it";
  expect(world.run(600_000)).toEqual([silent, "shows tui:hooks-silent"]);
  world.mail.ids = [11, 12];
  expect(world.run(60_000)).toEqual([]);
  // The person has put the settings right: the next prompt's hook speaks.
  world.status("active", "prompt");
  world.run(1000);
  world.status("listening");
  expect(world.run(60_000)).toContain("inbox");
});

test("typing that comes first leaves a draft alone: the next rung goes past it", () => {
  const queue = { kind: "queue", since: "1.0.0", argv: () => [], effectMs: 1000 } as const;
  const world = new World({ ...typingOnly, rungs: [...typingOnly.rungs, queue] });
  world.input("a draft");
  world.mail.ids = [11];
  expect(world.run(500)).toEqual(["queue"]);
});

test("failures back off to one try per rung in thirty seconds", () => {
  const world = new World({ ...rules, rungs: rules.rungs.slice(0, 1) });
  world.mail.ids = [11];
  world.run(600_000);
  const tries = world.run(350_000).filter((one) => one === "inbox");
  expect(tries.length).toBeGreaterThan(8);
  expect(tries.length).toBeLessThan(12);
});

test("success forgets the failures", () => {
  const world = new World();
  world.mail.ids = [11];
  world.run(5300);
  world.mail.ids = [];
  world.run(100);
  world.mail.ids = [12];
  expect(world.run(1000)).toEqual(["inbox"]);
});

// ------------------------------------------------------------------ typing

const typed = ["types <hcom>", "enter"];

test("text, then Enter, then nothing more", () => {
  const world = new World(typingOnly).withBox(() => {
    world.input("");
    world.mail.ids = [];
  });
  world.mail.ids = [11];
  const started = world.now;
  expect(world.run(700)).toEqual(typed);
  expect(world.now - started).toBeGreaterThan(400);
  expect(world.run(60_000)).toEqual([]);
});

test("with a question open nothing is typed until it is closed", () => {
  const world = new World(typingOnly);
  world.live = undefined;
  world.screen = { ...world.screen, hasApproval: true, input: "" };
  world.status("blocked", "approval");
  world.mail.ids = [11];
  expect(world.run(60_000)).toEqual([]);
  world.screen = { ...world.screen, hasApproval: false };
  world.status("listening");
  expect(world.run(1000)).toEqual(["types <hcom>"]);
});

test("the human's draft is left alone, and said", () => {
  const world = new World(typingOnly);
  world.mail.ids = [11];
  world.input("my draft");
  expect(world.run(60_000)).toEqual(["shows tui:prompt-has-text"]);
  world.input("");
  expect(world.run(1000)).toEqual(["shows ", "types <hcom>"]);
});

test("an input box that cannot be found is not typed into", () => {
  const world = new World(typingOnly);
  world.mail.ids = [11];
  world.input(null);
  expect(world.run(60_000)).toEqual(["shows tui:no-input-box"]);
});

test("keys of the human and overlays hold it back", () => {
  const world = new World(typingOnly);
  world.mail.ids = [11];
  world.keyAt = world.now + 300;
  expect(world.run(700)).toEqual([]);
  world.screen = { ...world.screen, hasOverlay: true };
  expect(world.run(1000)).toEqual([]);
  world.screen = { ...world.screen, hasOverlay: false };
  expect(world.run(500)).toEqual(["types <hcom>"]);
});

test("a draft that joins our text stops Enter", () => {
  const world = new World(typingOnly).withBox(() => {});
  world.mail.ids = [11];
  expect(world.run(250)).toEqual(["types <hcom>"]);
  world.input("<hcom>and more");
  expect(world.run(30_000).filter((one) => !one.startsWith("shows"))).toEqual([
    "typing failed: a draft joined it",
  ]);
});

test("Enter waits while a question, a key or a turn came between", () => {
  for (const what of ["question", "key", "turn"] as const) {
    const world = new World(typingOnly).withBox(() => world.input(""));
    world.live = undefined;
    world.mail.ids = [11];
    expect(world.run(250)).toEqual(["types <hcom>"]);
    if (what === "question") world.screen = { ...world.screen, hasApproval: true };
    if (what === "key") world.keyAt = world.now + 20_000;
    if (what === "turn") world.status("active", "prompt");
    expect(world.run(15_000).filter((one) => one === "enter")).toEqual([]);
    world.screen = { ...world.screen, hasApproval: false };
    world.keyAt = 0;
    world.status("listening");
    expect(world.run(1000)).toEqual(["enter"]);
  }
});

test("Enter that did nothing is pressed again, at most three times more", () => {
  const world = new World(typingOnly).withBox(() => {});
  world.mail.ids = [11];
  const done = world.run(14_000);
  expect(done.filter((one) => one === "enter")).toHaveLength(4);
  expect(done).toContain("typing failed: Enter had no effect");
});

test("text that stayed in the box is used again", () => {
  const world = new World(typingOnly).withBox(() => {});
  world.mail.ids = [11];
  world.run(12_000);
  world.react = (action) => {
    if (action.kind !== "enter") return;
    world.input("");
    world.mail.ids = [];
  };
  expect(world.run(20_000).slice(-2)).toEqual(["types ", "enter"]);
});

test("mail that goes another way takes our text out of the box", () => {
  const world = new World(typingOnly).withBox(() => {});
  world.mail.ids = [11];
  expect(world.run(250)).toEqual(["types <hcom>"]);
  world.mail.ids = [];
  expect(world.run(5000)).toEqual(["erase"]);
  expect(world.screen.input).toBe("");
});

test("typing that nobody answers stops after three times, until newer mail comes", () => {
  const world = new World(typingOnly).withBox(() => world.input(""));
  world.mail.ids = [11];
  const done = world.run(300_000);
  expect(done.filter((one) => one === "types <hcom>")).toHaveLength(3);
  expect(done.at(-1)).toBe("shows tui:delivery-paused");
  world.mail.ids = [11, 12];
  expect(world.run(40_000)).toContain("types <hcom>");
});

test("the gate is only for typing: a draft does not keep the inbox waiting", () => {
  const world = new World();
  world.mail.ids = [11];
  world.input("my draft");
  world.keyAt = world.now + 1000;
  expect(world.run(2000)).toEqual(["inbox"]);
});

// ------------------------------------------------------------------ status

test("a turn whose end no hook told is over when the registry says so", () => {
  const world = new World();
  world.status("active", "prompt");
  world.live = { status: "busy", waitingFor: "", ageMs: 0 };
  expect(world.run(20_000)).toEqual([]);
  world.live = { status: "idle", waitingFor: "", ageMs: 0 };
  world.react = () => world.status("listening", "pty:recovered");
  expect(world.run(1000)).toEqual([]);
  expect(world.run(20_000)).toEqual(["listening pty:recovered"]);
});

test("a registry that is older than the row proves nothing at first", () => {
  const world = new World();
  world.status("active", "prompt");
  expect(world.run(9000)).toEqual([]);
  world.react = () => world.status("listening");
  expect(world.run(4000)).toEqual(["listening pty:recovered"]);
});

test("a question that no hook told is told", () => {
  const world = new World();
  world.row.ageMs = 20_000;
  world.live = { status: "waiting", waitingFor: "input needed", ageMs: 0 };
  world.react = () => world.status("blocked", "approval");
  expect(world.run(5000)).toEqual(["blocked approval"]);
  world.live = { status: "busy", waitingFor: "", ageMs: 0 };
  world.row.ageMs = 5000;
  world.react = () => world.status("active", "approved");
  expect(world.run(5000)).toEqual(["active approved"]);
});

test("without a registry the screen tells: question, answer, end of a turn", () => {
  const world = new World();
  world.live = undefined;
  world.status("active", "prompt");
  world.screen = { ...world.screen, isBusy: true };
  expect(world.run(60_000)).toEqual([]);
  world.screen = { ...world.screen, hasApproval: true };
  world.react = () => world.status("blocked", "pty:approval");
  expect(world.run(5000)).toEqual(["blocked pty:approval"]);
  world.screen = { ...world.screen, hasApproval: false };
  world.react = () => world.status("active", "approved");
  expect(world.run(5000)).toEqual(["active approved"]);
  world.screen = { ...world.screen, isBusy: false };
  world.react = () => world.status("listening", "pty:recovered");
  expect(world.run(10_000)).toEqual(["listening pty:recovered"]);
});

test("a screen that cannot tell must be silent for ten seconds", () => {
  const world = new World();
  world.live = undefined;
  world.status("active", "prompt");
  world.screen = { ...world.screen, isBusy: null };
  world.quietMs = 9000;
  expect(world.run(30_000)).toEqual([]);
  world.quietMs = 11_000;
  world.react = () => world.status("listening");
  expect(world.run(1000)).toEqual(["listening pty:recovered"]);
});

// ------------------------------------------------------------------ launch

function launching(): World {
  const world = new World();
  world.state = { ...world.state, launch: "pending" };
  world.row = {
    ...world.row,
    status: "pending",
    context: "new",
    hasSession: false,
    isPlaceholder: true,
  };
  world.live = undefined;
  world.startedAt = world.now;
  world.screen = { ...world.screen, input: null, hasText: false, isReady: false };
  world.quietMs = 0;
  return world;
}

test("a launch is ready when the input box is seen", () => {
  const world = launching();
  expect(world.run(3000)).toEqual([]);
  world.input("");
  expect(world.run(3000)).toEqual(["launch ready ready_observed"]);
});

test("a question at the start blocks the launch, its answer makes it ready", () => {
  const world = launching();
  world.screen = { ...world.screen, hasLaunchQuestion: true, hasText: true };
  world.react = () => {
    world.status("blocked", "launch_blocked");
    world.row.isPlaceholder = false;
  };
  expect(world.run(3000)).toEqual(["launch blocked launch_blocked"]);
  world.screen = { ...world.screen, hasLaunchQuestion: false, input: "" };
  world.react = () => world.status("listening", "launch_blocked_cleared");
  expect(world.run(3000)).toEqual(["launch ready launch_blocked_cleared"]);
});

test("a silent screen with text and no box blocks the launch, output does not", () => {
  const world = launching();
  world.screen = { ...world.screen, hasText: true };
  expect(world.run(20_000)).toEqual([]);
  world.quietMs = 1500;
  world.react = () => world.status("blocked", "launch_blocked");
  expect(world.run(1000)).toEqual(["launch blocked launch_blocked"]);
});

test("a hook that spoke proves the start; its status stands", () => {
  const world = launching();
  world.row = {
    ...world.row,
    status: "active",
    context: "prompt",
    hasSession: true,
    isPlaceholder: false,
  };
  expect(world.run(1000)).toEqual(["launch ready"]);
});
