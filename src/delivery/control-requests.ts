// What can be asked of a wrapper from outside: the screen, typing into it, its state, its end.
import { asText, asTexts, isObject } from "../core/json.ts";
import { refusal } from "./control.ts";
import type { Glance } from "./plan/seen.ts";
import type { ScreenSnapshot } from "./snapshot.ts";

export interface ControlTarget {
  screen(): ScreenSnapshot;
  glance(): Glance;
  /** Types into the program as somebody else than the delivery. */
  write(text: string): void;
  /** Keys that answer the question on the screen, where they are known. */
  answers(): { yes: string; no: string } | undefined;
  status(): object;
  kill(): void;
  /** Between a text and its Enter: some programs take a burst for a paste. */
  enterDelayMs: number;
}

export async function handleRequest(target: ControlTarget, request: unknown): Promise<object> {
  const asked = isObject(request) ? request : {};
  switch (asked["op"]) {
    case "screen":
      return { ...target.screen(), answerable: keysFor(target) !== undefined };
    case "status":
      return target.status();
    case "kill":
      target.kill();
      return { ok: true };
    case "answer":
      return answer(target, { isYes: asked["yes"] === true, shown: asTexts(asked["shown"]) });
    case "inject":
      return inject(target, {
        text: cleanText(asText(asked["text"]) ?? ""),
        enter: asked["enter"] === true,
        force: asked["force"] === true,
      });
    default:
      return refusal("bad_request", `unknown request ${JSON.stringify(asked["op"])}`);
  }
}

function keysFor(target: ControlTarget) {
  return target.glance().hasApproval ? target.answers() : undefined;
}

/** A question has this many lines at most; what stands above it may have moved on. */
const questionLines = 14;

/** Only the very question that its person has seen: another one may stand there by now. */
function answer(
  target: ControlTarget,
  { isYes, shown }: { isYes: boolean; shown: readonly string[] },
): object {
  const keys = keysFor(target);
  if (keys === undefined) return refusal("no_question", "no question stands there any more");
  const now = target.screen().lines;
  if (questionIn(shown) !== questionIn(now)) {
    return refusal("question_changed", "another question stands there by now: look again");
  }
  target.write(isYes ? keys.yes : keys.no);
  return { ok: true };
}

function questionIn(lines: readonly string[]): string {
  const written = lines.map((line) => line.trim()).filter((line) => line !== "");
  return written.slice(-questionLines).join("\n");
}

/** No escape sequences and no line breaks through this door; tabs pass. */
export function cleanText(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "");
}

const shownWithinMs = 2000;
const lookEveryMs = 30;

async function inject(
  target: ControlTarget,
  order: { text: string; enter: boolean; force: boolean },
): Promise<object> {
  if (!order.force && isQuestion(target.glance())) return questionOpen();
  const before = target.glance().input;
  if (order.text !== "") target.write(order.text);
  if (!order.enter) return { ok: true, typed: order.text };
  if (order.text !== "" && !order.force) {
    const wanted = [bare(order.text), bare(`${before ?? ""}${order.text}`)];
    const isShown = await until(() => wanted.includes(bare(target.glance().input ?? "")));
    // A tool without an input box that we can read cannot prove anything.
    const isBlind = before === null && target.glance().input === null;
    if (!isShown && !isBlind) {
      return refusal("not_shown", "the text stands not alone in the input box: Enter was not sent");
    }
  }
  if (order.text !== "") await Bun.sleep(target.enterDelayMs);
  if (!order.force && isQuestion(target.glance())) return questionOpen();
  target.write("\r");
  return { ok: true, typed: order.text, entered: true };
}

/** An input box wraps long text where it likes. */
function bare(text: string): string {
  return text.replace(/\s+/g, "");
}

function isQuestion(glance: Glance): boolean {
  return glance.hasApproval || glance.hasLaunchQuestion;
}

function questionOpen(): object {
  return refusal("approval_open", "a question to its person is on the screen");
}

async function until(isDone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + shownWithinMs;
  while (!isDone()) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(lookEveryMs);
  }
  return true;
}
