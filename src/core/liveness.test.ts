import { describe, expect, test } from "bun:test";
import type { Instance } from "./instance.ts";
import {
  cleanUpDue,
  computeStatus,
  isPlaceholder,
  isTruePlaceholder,
  type LivenessView,
  limits,
  sleptBetween,
} from "./liveness.ts";

const now = 1_800_000_000;

/** An agent that started a day ago; times are given as seconds before now. */
function agent(patch: Partial<Instance> = {}): Instance {
  return {
    name: "luna",
    session_id: "s",
    status: "listening",
    status_context: "",
    status_time: now - 10_000,
    last_stop: now,
    created_at: now - 86_400,
    tcp_mode: 1,
    origin_device_id: "",
    ...patch,
  } as Instance;
}

function compute(patch: Partial<Instance>, view: Partial<LivenessView> = {}): string {
  const found = computeStatus(agent(patch), { now, hasEndpoint: false, isGrace: false, ...view });
  return [found.status, found.context, found.age].join(" ");
}

describe("a reservation", () => {
  const made = (seconds: number, status: Instance["status"] = "pending") =>
    compute({ status, status_context: "new", created_at: now - seconds });
  test("is launching for half a minute", () => {
    expect(made(10)).toBe("launching new 10");
    expect(made(29)).toBe("launching new 29");
    expect(made(10, "inactive")).toBe("launching new 10");
  });
  test("has failed to launch after that", () => {
    expect(made(30)).toBe("inactive launch_failed 30");
    expect(made(40, "inactive")).toBe("inactive launch_failed 40");
  });
});

describe("a listening agent", () => {
  test("that can be woken is alive for 35 s after its last heartbeat", () => {
    expect(compute({ last_stop: now - 20 })).toStartWith("listening  ");
    expect(compute({ last_stop: now - 35 })).toStartWith("listening  ");
    expect(compute({ last_stop: now - 36 })).toBe("inactive stale:listening 36");
    expect(compute({ last_stop: now - 40 })).toBe("inactive stale:listening 40");
  });
  test("that polls is alive for 10 s", () => {
    expect(compute({ tcp_mode: 0, last_stop: now - 10 })).toStartWith("listening");
    expect(compute({ tcp_mode: 0, last_stop: now - 11 })).toBe("inactive stale:listening 11");
  });
  test("with a registered port can be woken", () => {
    const polled = { tcp_mode: 0, last_stop: now - 30 };
    expect(compute(polled, { hasEndpoint: true })).toStartWith("listening");
  });
  test("without any heartbeat counts from its change of status", () => {
    expect(compute({ last_stop: 0, status_time: now - 20 })).toBe("listening  20");
    expect(compute({ last_stop: 0, status_time: now - 36 })).toBe("inactive stale:listening 36");
  });
  test("without any time at all was never there", () => {
    const found = compute({ last_stop: 0, status_time: 0 });
    expect(found).toBe(`inactive stale:listening ${limits.never}`);
  });
  test("has the age of its status, not of its heartbeat", () => {
    expect(compute({ status_time: now - 500, last_stop: now - 5 })).toBe("listening  500");
  });
});

describe("a working agent", () => {
  const busy = { status: "active", status_context: "tool:Bash" } as const;
  test("is believed for five minutes without a sign", () => {
    const old = { ...busy, last_stop: 0 };
    expect(compute({ ...old, status_time: now - 300 })).toBe("active tool:Bash 300");
    expect(compute({ ...old, status_time: now - 301 })).toBe("inactive stale:active 301");
  });
  test("is believed longer while its loop beats", () => {
    expect(compute({ ...busy, status_time: now - 301, last_stop: now - 20 })).toBe(
      "active tool:Bash 301",
    );
    expect(compute({ ...busy, status_time: now - 301, last_stop: now - 36 })).toBe(
      "inactive stale:active 301",
    );
  });
  test("that waits for approval is stale by the same rule", () => {
    const waiting = { status: "blocked", status_context: "approval", last_stop: 0 } as const;
    expect(compute({ ...waiting, status_time: now - 301 })).toBe("inactive stale:blocked 301");
  });
  test("without a time of status counts from its creation", () => {
    expect(compute({ ...busy, status_time: 0, created_at: now - 50 })).toBe("active tool:Bash 50");
  });
  test("has no negative age when the clock went back", () => {
    expect(compute({ ...busy, status_time: now + 100 })).toBe("active tool:Bash 0");
  });
});

describe("never stale", () => {
  const silent = { last_stop: now - 5000, status_time: now - 5000 };
  test("is anybody just after the machine slept", () => {
    expect(compute(silent, { isGrace: true })).toBe("listening  5000");
    expect(compute({ ...silent, status: "active" }, { isGrace: true })).toBe("active  5000");
  });
  test("is an agent of another device", () => {
    expect(compute({ ...silent, origin_device_id: "device" })).toBe("listening  5000");
  });
  test("is who has left already", () => {
    const left = { ...silent, status: "inactive", status_context: "exit:killed" } as const;
    expect(compute(left)).toBe("inactive exit:killed 5000");
  });
});

describe("clean-up", () => {
  function due(patch: Partial<Instance>, computed: string, age: number): string {
    const [status, context = ""] = computed.split(" ");
    const row = agent(patch);
    const found = cleanUpDue(row, { status: status as "inactive", context, age }, now);
    if (found === undefined) return "stays";
    return found.isPlaceholder ? `${found.reason}, name free` : found.reason;
  }
  const left = (context: string, age: number) =>
    due({ status: "inactive", status_context: context }, `inactive ${context}`, age);

  test("takes a reservation after 120 s and frees its name", () => {
    const made = (seconds: number) =>
      due(
        { status: "pending", status_context: "new", created_at: now - seconds },
        "inactive launch_failed",
        seconds,
      );
    expect(made(120)).toBe("stays");
    expect(made(121)).toBe("stale_cleanup, name free");
  });
  for (const reason of ["killed", "closed", "timeout", "interrupted", "session_switch"]) {
    test(`takes exit:${reason} after a minute`, () => {
      expect(left(`exit:${reason}`, 60)).toBe("stays");
      expect(left(`exit:${reason}`, 61)).toBe("exit_cleanup");
    });
  }
  test("takes the stale after an hour", () => {
    expect(due({}, "inactive stale:listening", 3600)).toBe("stays");
    expect(due({}, "inactive stale:listening", 3601)).toBe("stale_cleanup");
  });
  test("takes the other inactive ones after twelve hours", () => {
    expect(left("exit:clear", 43_200)).toBe("stays");
    expect(left("exit:clear", 43_201)).toBe("inactive_cleanup");
    expect(left("tool:send", 43_201)).toBe("inactive_cleanup");
  });
  test("leaves the living alone, however old", () => {
    expect(due({}, "listening ", 1_000_000)).toBe("stays");
    expect(due({ status: "blocked" }, "blocked approval", 1_000_000)).toBe("stays");
  });
  test("leaves agents of other devices to the relay", () => {
    expect(due({ origin_device_id: "d" }, "inactive stale:listening", 99_999)).toBe("stays");
  });
});

describe("placeholders", () => {
  const row = (status: Instance["status"], context: string, session: string | null = null) =>
    agent({ status, status_context: context, session_id: session });
  test("are reservations that nothing happened to", () => {
    expect(isPlaceholder(row("pending", "new"))).toBe(true);
    expect(isPlaceholder(row("inactive", "new"))).toBe(true);
    expect(isPlaceholder(row("active", "new"))).toBe(false);
    expect(isPlaceholder(row("inactive", "exit:killed"))).toBe(false);
  });
  test("may be merged also after a wrapper saw the tool come up", () => {
    for (const context of ["start", "ready_observed", "launch_blocked_cleared"]) {
      expect(isTruePlaceholder(row("listening", context))).toBe(true);
    }
    expect(isTruePlaceholder(row("pending", "new"))).toBe(true);
  });
  test("are over with the first session or the first real status", () => {
    expect(isTruePlaceholder(row("pending", "new", "s"))).toBe(false);
    expect(isTruePlaceholder(row("listening", "start", "s"))).toBe(false);
    expect(isTruePlaceholder(row("listening", ""))).toBe(false);
    expect(isTruePlaceholder(row("active", "start"))).toBe(false);
  });
});

test("a gap between looks is sleep from half a minute up to an hour", () => {
  const gaps = [30, 31, 3600, 3601, -100].map((gap) => sleptBetween(now, now + gap));
  expect(gaps).toEqual([false, true, true, false, false]);
});
