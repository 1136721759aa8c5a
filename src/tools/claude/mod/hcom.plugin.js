// hcom inside Claude Code: takes mail from hcom's wrapper and puts it where the model reads it, in
// the middle of a turn or by beginning one. It asks over a socket and holds the question open, so
// nothing runs while nothing comes. Where hcom is gone it does nothing.
//
// Claude Code reads this file before it runs it: `$` is only spelled out and only passed to
// functions at the top, and an event that it does not know would refuse the whole file.

const host = "http://hcom/";
const retryMs = 1000;
/** A prompt that is queued is heard of when its turn begins. */
const patienceMs = 3000;
const keptAnswers = 200;
/** A row that no turn takes along is the wrapper's to offer again. */
const mostWakes = 2;

let socket = "";
let isOver = false;
/** The root's turn that runs. */
let turn = null;
/** Rows that no request has carried yet: what to wake the session with, and how often we did. */
const riding = new Map();
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
    await tell($, { kind: "hello", session });
    void listen($);
    return started;
  });
  on("turn.start", ($, event, next) => {
    if (event.agentId === undefined) {
      turn = event.turnId;
      void tell($, { kind: "busy" });
    }
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
    if (!isStopped) await wakeForRiding($);
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
  riding.set(row.uuid, { title: letter.title, wakes: 0 });
  // The turn ended meanwhile, and nobody looked at this row.
  if (turn === null) void wakeForRiding($);
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
  const prompt = await $.prompt.submit({ text: letter.text });
  if (prompt.drop === undefined) return { kind: "handed", id: letter.id };
  const answer = { kind: "dropped", id: letter.id, why: prompt.drop };
  // It may have been taken for handed over meanwhile.
  answers.set(letter.id, answer);
  void tell($, answer);
  return answer;
}

async function patience($, letter) {
  await $.clock.sleep(patienceMs);
  return { kind: "handed", id: letter.id };
}

/** What came behind the turn's last request waits for the next one. */
async function wakeForRiding($) {
  for (const [uuid, row] of [...riding]) {
    const behind = await $.session.messages({ after: uuid });
    const isGone = !Array.isArray(behind) || row.wakes >= mostWakes;
    if (isGone || behind.some((one) => one.role === "assistant")) riding.delete(uuid);
  }
  if (turn !== null || riding.size === 0) return;
  const titles = new Set();
  for (const row of riding.values()) {
    row.wakes++;
    titles.add(row.title);
  }
  await $.prompt.submit({ text: [...titles].join(", ") });
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
