// hcom inside OpenCode: tells hcom what the session does, and puts what hcom answers where the
// model reads it. All words are hcom's; this file only carries them. It keeps nobody waiting for
// more than a moment, and where hcom is gone it does nothing.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, watch } from "node:fs";

/** A command line for each event, and what else differs between places; written by hcom. */
const settings = "HCOM-SETTINGS";

const patienceMs = 10_000;
/** Mail stands at the end of an output, so that is what a journal keeps of a long one. */
const keptLetters = 20_000;

export const Hcom = async ({ client, directory }) => {
  const children = new Set();
  const created = new Set();
  /** How a session was last prompted: what we prompt must not change model or agent. */
  const manners = new Map();
  const answers = new Set();
  const running = new Set();
  /** Questions to the person that are not answered yet. */
  const open = new Set();
  let current;
  let isBusy = false;
  let isCompacted = false;
  let isRinging = false;
  let isRungAgain = false;
  let watched;
  let told = Promise.resolve();

  async function isRoot(id) {
    if (id === undefined || children.has(id)) return false;
    if (id === current || created.has(id)) return true;
    const found = await client.session.get({ path: { id } }).catch(() => undefined);
    if (found?.data?.parentID === undefined) return true;
    children.add(id);
    return false;
  }

  function tell(event, id, more = {}) {
    const base = { hook_event_name: event, session_id: id, cwd: directory };
    const isOneShot = process.argv.includes("run");
    const payload = { ...base, transcript_path: journalOf(id), is_one_shot: isOneShot, ...more };
    return call(settings.commands[event], payload, directory);
  }

  /** One after the other, and nobody waits. */
  function tellLater(event, id, more) {
    told = told.then(() => tell(event, id, more)).then(() => {});
  }

  /** What a new session is to know before its first prompt. */
  async function begin(id) {
    const isAnother = id !== current;
    if (!isAnother && !isCompacted) return [];
    const source = isAnother ? sourceOf(id) : "compact";
    isCompacted = false;
    current = id;
    const said = await tell("session", id, { source });
    if (said.watch) listen(said.watch);
    return said.context ? [said.context] : [];
  }

  function sourceOf(id) {
    if (!created.has(id)) return "resume";
    return current === undefined ? "startup" : "clear";
  }

  /** hcom writes into a file of our own when something waits. Its folder is there before it is. */
  function listen(path) {
    if (watched?.path === path) return;
    watched?.close();
    const at = path.lastIndexOf("/");
    const name = path.slice(at + 1);
    try {
      const watcher = watch(path.slice(0, at), { persistent: false }, (_event, file) => {
        if (file === name) void ring();
      });
      watcher.on("error", () => {});
      watched = { path, close: () => watcher.close() };
    } catch {
      // The terminal is left.
    }
  }

  /** A ring that comes while one is under way, or while a question is open, counts afterwards. */
  async function ring() {
    if (isRinging || open.size > 0) {
      isRungAgain = true;
      return;
    }
    isRinging = true;
    try {
      do {
        isRungAgain = false;
        await wake(current);
      } while (isRungAgain && open.size === 0);
    } finally {
      isRinging = false;
    }
  }

  async function wake(id) {
    if (id === undefined) return;
    const said = await tell("bell", id);
    if (said.prompt) await prompt(id, said.prompt);
  }

  async function prompt(id, text) {
    const body = { ...manners.get(id), parts: [{ type: "text", text }] };
    await client.session.promptAsync({ path: { id }, body }).catch(() => {});
  }

  async function asked(event, request) {
    open.add(request.id);
    if (request.permission === "bash" && isSafe(request.metadata?.command)) {
      const path = { id: request.sessionID, permissionID: request.id };
      const body = { response: "once" };
      const reply = client.postSessionIdPermissionsPermissionId?.({ path, body });
      if (await reply?.then(({ error }) => error === undefined).catch(() => false)) return;
    }
    tellLater(event, request.sessionID, request);
  }

  function replied(event, { sessionID, requestID, reply }) {
    open.delete(requestID);
    if (reply === "reject") tellLater(event, sessionID, { reply });
    if (isRungAgain && open.size === 0) void ring();
  }

  function partSeen(part) {
    if (!answers.has(part.messageID)) return;
    const base = { type: "assistant", id: part.messageID };
    if (part.type === "text" && part.time?.end !== undefined && part.text) {
      note(part.sessionID, { ...base, text: part.text });
    }
    if (part.type !== "tool") return;
    const { status, input, error } = part.state;
    if (status !== "running" && status !== "error") return;
    const { tool, callID } = part;
    // It is told again and again while it runs.
    if (status === "running" && running.has(callID)) return;
    running.add(callID);
    note(part.sessionID, { ...base, status, call: callID, tool, input, error });
    if (status === "error") {
      tellLater("tool.execute.after", part.sessionID, { tool, callID, args: input, error });
    }
  }

  async function heard({ type, properties }) {
    if (type === "session.created") {
      (properties.info.parentID === undefined ? created : children).add(properties.info.id);
      return;
    }
    if (type === "message.updated") {
      if (properties.info.role === "assistant") answers.add(properties.info.id);
      return;
    }
    if (type === "message.part.updated") {
      if (properties.part.sessionID === current) partSeen(properties.part);
      return;
    }
    if (current === undefined || (properties.sessionID ?? properties.info?.id) !== current) return;
    switch (type) {
      case "session.status":
        if (properties.status.type === "busy") isBusy = true;
        break;
      case "session.idle":
        if (isBusy) tellLater(type, current);
        isBusy = false;
        break;
      case "session.error":
        tellLater(type, current, { error: properties.error });
        break;
      case "session.compacted":
        isCompacted = true;
        break;
      case "session.deleted":
        await tell(type, current);
        current = undefined;
        break;
      case "permission.asked":
      case "question.asked":
        await asked(type, properties);
        break;
      case "permission.replied":
      case "question.replied":
      case "question.rejected":
        replied("permission.replied", properties);
        break;
    }
  }

  return {
    event: ({ event }) => heard(event).catch(() => {}),

    "chat.message": async (input, output) => {
      const id = input.sessionID;
      if (!(await isRoot(id))) return;
      const { agent, model, variant } = input;
      manners.set(id, { agent, model, variant });
      isBusy = true;
      await told;
      const texts = await begin(id);
      const typed = output.parts.filter((part) => part.type === "text" && !part.synthetic);
      const words = typed.map((part) => part.text).join("\n");
      const said = await tell("chat.message", id, { prompt: words });
      if (said.context) texts.push(said.context);
      if (said.drop && typed.length > 0) typed[0].text = said.drop;
      const last = output.parts.at(-1)?.id ?? "prt_";
      for (const [at, text] of texts.entries()) {
        const place = { id: `${last}h${at}`, sessionID: id, messageID: output.message.id };
        output.parts.push({ ...place, type: "text", text, synthetic: true });
      }
      note(id, { type: "user", id: output.message.id, text: words, added: texts });
    },

    "tool.execute.before": async ({ sessionID, tool, callID }, output) => {
      if (sessionID !== current || !isTold(tool)) return;
      await tell("tool.execute.before", sessionID, { tool, callID, args: output.args });
    },

    "tool.execute.after": async ({ sessionID, tool, callID, args }, output) => {
      if (sessionID !== current) return;
      const text = typeof output.output === "string" ? output.output : "";
      const facts = { tool, callID, args, output: text.slice(-keptLetters) };
      const { context } = await tell("tool.execute.after", sessionID, facts);
      if (context && Array.isArray(output.content)) {
        output.content.push({ type: "text", text: context });
      } else if (context) output.output = `${text}\n${context}`;
      const added = context ? [context] : [];
      note(sessionID, { type: "result", call: callID, tool, args, output: facts.output, added });
    },

    "shell.env": async ({ sessionID }, output) => {
      // A program that an agent starts is somebody else: it gets its owner's settings alone.
      output.env.OPENCODE_CONFIG_CONTENT = settings.ownConfig;
      // Set for OpenCode alone: other programs go by them, too.
      const moved = process.env.HCOM_MOVED_DIRS || "";
      for (const name of moved.split(":").filter(Boolean)) output.env[name] = "";
      if (sessionID !== undefined && sessionID === current) {
        output.env.HCOM_OPENCODE_SESSION = sessionID;
      }
    },

    dispose: async () => {
      watched?.close();
      if (current !== undefined) await tell("session.deleted", current);
    },
  };
};

const toldActions = new Set(["bash", "edit", "write", "patch", "apply_patch", "multiedit", "task"]);

function isTold(tool) {
  return toldActions.has(tool) || tool.startsWith("hcom_");
}

/** One command of hcom's that may run unasked. */
function isSafe(command) {
  if (typeof command !== "string" || settings.safe === "") return false;
  return new RegExp(settings.safe).test(command);
}

function hcomDir() {
  const given = process.env.HCOM_DIR;
  if (given?.startsWith("/")) return given;
  return `${process.env.HOME ?? "/nonexistent"}/.hcom`;
}

/** What the session's model was given and answered: OpenCode keeps its own in a database. */
function journalOf(session) {
  return `${hcomDir()}/.tmp/journals/${session.replace(/[^\w-]/g, "_")}.jsonl`;
}

function note(session, line) {
  try {
    if (!existsSync(hcomDir())) return;
    const path = journalOf(session);
    mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ ...line, session, time: new Date().toISOString() });
    appendFileSync(path, `${text}\n`, { mode: 0o600 });
  } catch {
    // A journal that cannot be kept proves nothing, and that is all.
  }
}

/** hcom's answer; an empty one when it says nothing, or not in time. */
function call(command, payload, directory) {
  return new Promise((resolve) => {
    let said = "";
    const give = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: directory,
      env: process.env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      give({});
    }, patienceMs);
    child.on("error", () => give({}));
    child.stdin.on("error", () => {});
    child.stdout.on("data", (piece) => {
      said += piece;
    });
    child.on("close", () => give(parsed(said)));
    child.stdin.end(JSON.stringify(payload));
  });
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
