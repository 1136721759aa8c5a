// hcom inside Claude Code: takes mail from hcom's wrapper and puts it where the model reads it, in
// the middle of a turn or by beginning one. It asks over a socket and holds the question open, so
// nothing runs while nothing comes. Where hcom is gone it does nothing.
//
// Claude Code reads this file before it runs it: `$` is only spelled out and only passed to
// functions at the top, and an event that it does not know would refuse the whole file.

const host = "http://hcom/";
const retryMs = 1000;
/** A prompt that has not begun its turn by then is queued, behind a menu perhaps. */
const patienceMs = 3000;
const keptAnswers = 200;
/** A row that no turn takes along is left to the next one. */
const mostWakes = 2;
/** After a request that failed for good, once. */
const afterErrorMs = 2000;
/** A row goes a little after the turn that its person stopped. */
const looksMs = [300, 2000];
/** Which of our lives says so: a module that is loaded anew knows of no letter before. */
const life = String(Math.random());

let socket = "";
let isOver = false;
/** The root's turn that runs. */
let turn = null;
/** Rows that no answer stands behind: their letters, and how often we woke the session for them. */
const riding = new Map();
/** Letters whose prompt has no row yet. */
const submitted = new Map();
/** Claude's own words where a request failed: no answer. */
const failures = new Set();
let hasWokenAfterError = false;
/** The same for subagents: the letter and whose it is. */
const below = new Map();
/** What was answered for each letter: the wrapper offers again what it hears nothing about. */
const answers = new Map();

export function register(on) {
  on("session.start", async ($, event, next) => {
    socket = (await $.env.get("HCOM_MOD_SOCKET")) ?? "";
    const started = await next(event);
    // An open question would keep a run that answers once from ending.
    if (socket === "" || !event.isInteractive) return started;
    const session = await $.session.id();
    await tell($, { kind: "hello", session, life });
    void listen($);
    return started;
  });
  on("turn.start", ($, event, next) => {
    if (event.agentId === undefined) {
      turn = event.turnId;
      void tell($, { kind: "busy" });
      void lookQuietly($);
    }
    return next(event);
  });
  on("session.append", (_$, event, next) => {
    if (event.agentId === undefined) note(event);
    return next(event);
  });
  on("turn.complete", async ($, event, next) => {
    const completed = await next(event);
    if (event.agentId !== undefined) {
      await giveBack($, event.agentId);
      return completed;
    }
    turn = null;
    // Stopped by its person, who shall speak next; after an error another turn would fail, too.
    const isStopped = event.reason !== "answer" || event.answer === "";
    void tell($, { kind: "idle", isStopped });
    if (event.reason === "error") void wakeAfterError($);
    else if (isStopped) void lookAfterStop($);
    else {
      hasWokenAfterError = false;
      await wakeForRiding($);
    }
    return completed;
  });
  on("session.end", async ($, event, next) => {
    if (event.reason !== "clear" && event.reason !== "resume") {
      isOver = true;
      await tell($, { kind: "bye" });
    }
    return next(event);
  });
}

async function listen($) {
  while (!isOver) {
    try {
      const answer = await $.http.fetch(`${host}next`, { socketPath: socket });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      for (const letter of JSON.parse(answer.text).mail) await deliver($, letter);
    } catch {
      await $.clock.sleep(retryMs);
    }
  }
}

async function deliver($, letter) {
  const known = answers.get(letter.id);
  const answer = known ?? (await hand($, letter));
  answers.set(letter.id, answer);
  if (answers.size > keptAnswers) answers.delete(answers.keys().next().value);
  await tell($, answer);
}

async function hand($, letter) {
  try {
    if (letter.agentId !== undefined) return await rideBelow($, letter);
    if (turn !== null && (await ride($, letter))) return { kind: "handed", id: letter.id };
    return await Promise.race([submit($, letter), patience($, letter)]);
  } catch (error) {
    return { kind: "dropped", id: letter.id, why: String(error) };
  }
}

/** Into the turn that runs: its next request carries it. */
async function ride($, letter) {
  const content = [{ type: "text", text: letter.text }];
  const row = await $.session.append({ message: { type: "user", content } });
  if (row.deny !== undefined) return false;
  riding.set(row.uuid, { id: letter.id, title: letter.title, wakes: 0 });
  // The turn ended meanwhile, and nobody looked at this row.
  if (turn === null) void wakeQuietly($);
  return true;
}

/** Into the loop of a subagent, where it runs. */
async function rideBelow($, letter) {
  const { id, agentId } = letter;
  const content = [{ type: "text", text: letter.text }];
  const row = await $.session.append({ message: { type: "user", content }, agentId });
  if (row.deny !== undefined) return { kind: "dropped", id, why: row.deny };
  below.set(row.uuid, { id, agentId });
  return { kind: "handed", id };
}

/** What came behind a subagent's last request is nobody's. */
async function giveBack($, agentId) {
  for (const [uuid, row] of [...below]) {
    if (row.agentId !== agentId) continue;
    below.delete(uuid);
    const behind = await $.session.messages({ agentId, after: uuid });
    if (!Array.isArray(behind) || behind.some((one) => one.role === "assistant")) continue;
    void tell($, { kind: "dropped", id: row.id, why: "its turn was over" });
  }
}

/** Begins a turn, and leaves alone what its person has half typed. */
async function submit($, letter) {
  submitted.set(letter.id, letter);
  const answer = await answerOf($, letter);
  submitted.delete(letter.id);
  // It may have been called queued meanwhile.
  if (answers.get(letter.id) !== undefined) {
    answers.set(letter.id, answer);
    void tell($, answer);
  }
  return answer;
}

async function answerOf($, letter) {
  const { id } = letter;
  try {
    const prompt = await $.prompt.submit({ text: letter.text });
    return prompt.drop === undefined
      ? { kind: "handed", id }
      : { kind: "dropped", id, why: prompt.drop };
  } catch (error) {
    return { kind: "dropped", id, why: String(error) };
  }
}

async function patience($, letter) {
  await $.clock.sleep(patienceMs);
  return { kind: "queued", id: letter.id };
}

/** A row of the root's conversation: one of our prompts, or Claude's word that a request failed. */
function note(event) {
  const { door, origin, message, uuid } = event;
  if (door === "response" && origin.model === "<synthetic>") failures.add(uuid);
  if (origin.kind !== "plugin" || submitted.size === 0) return;
  const text = JSON.stringify(message.content);
  for (const letter of submitted.values()) {
    // As it stands in there.
    const inside = JSON.stringify(letter.text).slice(1, -1);
    if (text.includes(inside)) riding.set(uuid, { id: letter.id, title: letter.title, wakes: 0 });
  }
}

/** What is answered needs nothing more, and what is gone will come to no request. */
async function look($) {
  for (const [uuid, row] of [...riding]) {
    const behind = await $.session.messages({ after: uuid });
    const isGone = !Array.isArray(behind);
    if (!isGone && !behind.some(isAnswer)) continue;
    if (riding.delete(uuid) && isGone) {
      void tell($, { kind: "dropped", id: row.id, why: "its turn was stopped before it began" });
    }
  }
}

function isAnswer(row) {
  return row.role === "assistant" && !failures.has(row.uuid);
}

async function lookQuietly($) {
  try {
    await look($);
  } catch {
    // The next turn looks again.
  }
}

async function lookAfterStop($) {
  await lookQuietly($);
  for (const ms of looksMs) {
    if (riding.size === 0) return;
    await $.clock.sleep(ms);
    await lookQuietly($);
  }
}

async function wakeAfterError($) {
  if (hasWokenAfterError) return;
  hasWokenAfterError = true;
  await $.clock.sleep(afterErrorMs);
  await wakeQuietly($);
}

async function wakeQuietly($) {
  try {
    await wakeForRiding($);
  } catch {
    // It goes with the next turn.
  }
}

/** What came behind the turn's last request waits for the next one. */
async function wakeForRiding($) {
  await look($);
  if (turn !== null) return;
  const titles = new Set();
  for (const row of riding.values()) {
    if (row.wakes++ < mostWakes) titles.add(row.title);
  }
  if (titles.size > 0) await $.prompt.submit({ text: [...titles].join(", ") });
}

async function tell($, fact) {
  if (socket === "") return;
  const body = JSON.stringify(fact);
  try {
    await $.http.fetch(`${host}fact`, { method: "POST", socketPath: socket, body });
  } catch {
    // Nobody is there; what matters is offered again.
  }
}
