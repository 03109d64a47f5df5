/** Signals that end a process unless somebody listens. */
export type EndingSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** What is done when a process ends. */
export interface ExitHooks {
  /** The process has nothing left to do. Called again whenever that is so again: it must not begin anything when nothing waits. */
  readonly onIdle: () => void;
  /** Signals on which `onSignal` runs before the process ends by them. */
  readonly signals: readonly EndingSignal[];
  readonly onSignal: () => Promise<void>;
}

/**
 * Listens for the end of the process.
 *
 * @returns What stops listening.
 */
export function listenForExit({ onIdle, signals, onSignal }: ExitHooks): () => void {
  const handlers = signals.map((signal) => {
    const handler = () => {
      process.removeListener(signal, handler);
      // With no listener left the second signal ends the process at once, and so does the first when the work is done.
      void onSignal().finally(() => {
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      });
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  process.on('beforeExit', onIdle);
  return () => {
    process.removeListener('beforeExit', onIdle);
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}
