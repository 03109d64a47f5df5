const LEAST_CHECK_MILLIS = 100;
/** A source that tells more nodes than this is no longer watched node by node: memory stays bounded. */
const MOST_NODES = 1000;

/** Something that has fallen silent: the whole source, or one node that it had told of. */
export interface Silence {
  readonly node?: string;
  readonly silentMillis: number;
}

/** Watches whether records come. Each silence is told once; records end it. */
export interface SilenceWatch {
  /** Records have come, of this node where they tell. */
  heard(node?: string): void;
  stop(): void;
}

/** @param afterMillis Milliseconds without a record that count as silence. */
export function watchSilence(
  afterMillis: number,
  now: () => number,
  onSilence: (silence: Silence) => void,
): SilenceWatch {
  const heardMillis = new Map<string | undefined, number>([[undefined, now()]]);
  const silent = new Set<string | undefined>();
  const check = () => {
    for (const [node, last] of heardMillis) {
      const silentMillis = now() - last;
      if (silentMillis < afterMillis || silent.has(node)) continue;
      silent.add(node);
      // A silent source is told once, and not again for each of its nodes.
      if (node === undefined || !silent.has(undefined))
        onSilence({ silentMillis, ...(node === undefined ? {} : { node }) });
    }
  };
  const timer = setInterval(check, Math.max(LEAST_CHECK_MILLIS, afterMillis / 10));
  timer.unref();
  const hear = (node: string | undefined) => {
    if (node !== undefined && !heardMillis.has(node) && heardMillis.size > MOST_NODES) return;
    heardMillis.set(node, now());
    silent.delete(node);
  };
  return {
    heard: (node) => {
      hear(undefined);
      if (node !== undefined) hear(node);
    },
    stop: () => clearInterval(timer),
  };
}
