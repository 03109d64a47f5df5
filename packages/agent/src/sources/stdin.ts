import type { Readable } from 'node:stream';
import type { StdinOptions } from './options.ts';
import { giverOf, type RecordGiver } from './record-giver.ts';
import type { Source, SourceContext, Stretch } from './source.ts';

const STREAM = 'stdin';

/** A record of several lines is given out when nothing has followed it for this long. */
const SETTLE_MILLIS = 1000;

/**
 * Standard input, to its end. It cannot be read again, so it has no position: what was read and not yet accepted when the agent
 * is killed is gone.
 *
 * @example
 * ```ts
 * await openStdinSource({ product: 'acra' }).run(context);
 * ```
 */
export function openStdinSource({ id = STREAM, input }: StdinOptions, stdin: Readable = process.stdin): Source {
  return {
    id,
    type: 'stdin',
    run: async (context) =>
      readStream(stdin, giverOf(context.createPipeline(input === undefined ? {} : { input }).open(), context), context),
  };
}

async function readStream(stdin: Readable, reader: RecordGiver, context: SourceContext): Promise<void> {
  let last: Promise<void> = Promise.resolve();
  // One after the other, also when the timer of a pause meets the next bytes.
  const give = (logs: Stretch['logs']) => {
    last = last.then(() => (logs.length > 0 ? context.push({ stream: STREAM, logs }) : undefined));
    return last;
  };
  const onAbort = () => stdin.destroy();
  context.signal.addEventListener('abort', onAbort, { once: true });
  const pause = setTimeout(() => give(reader.settle()).catch(() => {}), SETTLE_MILLIS);
  try {
    if (!context.signal.aborted) {
      for await (const chunk of stdin) {
        await give(reader.push(chunk));
        pause.refresh();
      }
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  } finally {
    clearTimeout(pause);
    context.signal.removeEventListener('abort', onAbort);
  }
  // Nobody can read these lines again, so the half of one is given out too.
  await give(reader.end());
}
