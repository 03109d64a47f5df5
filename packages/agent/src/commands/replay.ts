import { resolve } from 'node:path';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { openDelivery } from '../deliver/open-delivery.ts';
import { type ReplayResult, replayFile } from '../deliver/replay.ts';
import { reasonOf } from '../input/system-error.ts';

const FLAGS = {
  endpoint: {
    kind: 'value',
    placeholder: 'URL',
    help: 'Deliver there. Default: OTEL_EXPORTER_OTLP_ENDPOINT, or where they were refused.',
  },
  json: { kind: 'switch', help: 'Print the counts as JSON.' },
} as const satisfies FlagRules;

/** `cryptrail replay FILE`: dead letters sent again. */
export const replay = defineCommand({
  name: 'replay',
  summary: 'Send the records again that a backend has refused, and leave in the file what it refuses still.',
  words: 'FILE',
  description: [
    'FILE is dead-letters.jsonl in the state directory of the agent, which may go on running.\n' +
      'While it is sent the file is called FILE.replay; when that is still there, the last replay broke off, and it is taken up first.',
    'Status 1 when something is left in the file.',
  ],
  flags: FLAGS,
  examples: ['cryptrail replay /var/lib/cryptrail/dead-letters.jsonl --endpoint http://localhost:4318'],
  run: replayLetters,
});

async function replayLetters({ flags, words }: Arguments<typeof FLAGS>, terminal: Terminal): Promise<Outcome> {
  const [file, ...others] = words;
  if (file === undefined || others.length > 0) {
    throw new Misuse('replay takes one FILE.', 'It is dead-letters.jsonl in the state directory of the agent.');
  }
  const { environment, signal, out, warn } = terminal;
  const path = resolve(file);
  const named = environment.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  const result = await sendAgain(path, {
    signal,
    now: () => new Date(),
    open: async (firstEndpoint, onDeadLetter) =>
      openDelivery({ ...targetOf(flags.endpoint, named, firstEndpoint), environment, onDeadLetter }),
  });
  await out.write(flags.json ? `${JSON.stringify(result)}\n` : `${sentence(result)}\n`);
  if (result.reason !== undefined) warn(`not all was accepted: ${result.reason}`);
  return result.refused + result.left + result.unreadable === 0 ? 0 : 1;
}

/** The address of a dead letter is whole: nothing is added to it. */
function targetOf(given: string | undefined, named: string | undefined, recorded: string) {
  if (given !== undefined) return { endpoint: given };
  return named || recorded === '' ? {} : { url: recorded };
}

async function sendAgain(path: string, options: Parameters<typeof replayFile>[1]): Promise<ReplayResult> {
  try {
    return await replayFile(path, options);
  } catch (error) {
    if (error instanceof Misuse || error instanceof Failure) throw error;
    throw new Failure(`${path} cannot be sent again: ${reasonOf(error)}.`, { cause: error });
  }
}

function sentence({ accepted, refused, left, unreadable }: ReplayResult): string {
  const parts = [`${accepted} accepted`, `${refused} refused again`, `${left} not answered`];
  const lines = unreadable === 0 ? '' : `; ${unreadable} lines are no dead letters`;
  return `records: ${parts.join(', ')}${lines}`;
}
