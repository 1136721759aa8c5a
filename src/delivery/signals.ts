// The signals that a wrapper answers for: installed before the program is started, so that none
// finds only half of us, and taken back when all is over.

export interface SignalTarget {
  /** Passed on to the program's group. */
  forward(name: NodeJS.Signals): void;
  /** The program must end. */
  end(name: NodeJS.Signals): void;
  onFault(error: unknown): void;
}

type Handler = [name: string, handle: (...args: unknown[]) => void];

/**
 * They would end us at once, with the terminal raw and the program's group alive. Not the ones that
 * say that we have crashed (SEGV, ABRT, ...), nor PWR, with which Bun stops its own threads.
 */
const deadlySignals = [
  ...["SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF"],
  ...["SIGXCPU", "SIGXFSZ", "SIGSYS", "SIGIO"],
];

export function catchSignals(target: SignalTarget): Disposable {
  const end = (name: NodeJS.Signals) => () => target.end(name);
  const deadly = deadlySignals.map((name): Handler => [name, end("SIGTERM")]);
  const handlers: Handler[] = [
    ["SIGINT", () => target.forward("SIGINT")],
    ["SIGTERM", end("SIGTERM")],
    ["SIGHUP", end("SIGHUP")],
    ...deadly,
    // Whoever read our output is gone: the write says so itself.
    ["SIGPIPE", () => {}],
    // A fault of ours must not take the human's session along.
    ["uncaughtException", (error) => target.onFault(error)],
    ["unhandledRejection", (error) => target.onFault(error)],
  ];
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    [Symbol.dispose]: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
