// An end for work that cannot be interrupted: a statement of SQLite that never comes back, because
// somebody asked for every combination of a million rows.

/**
 * Until it is disposed of, a second thread watches the clock: after `ms` it writes `text` to
 * standard error and kills this process, because nothing gentler reaches a thread that is in native
 * code. Costs some milliseconds; for rare commands.
 */
export function endProcessAfter(ms: number, text: string): Disposable {
  const code = `
    setTimeout(() => {
      try { require("node:fs").writeSync(2, ${JSON.stringify(`${text}\n`)}); } catch {}
      process.kill(${process.pid}, "SIGKILL");
    }, ${ms});`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.unref();
  return {
    [Symbol.dispose]() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
