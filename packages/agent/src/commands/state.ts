import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderState } from '../render/state.ts';
import type { Position } from '../sources/source.ts';
import { lockHolder } from '../state/lock.ts';
import { readPositions } from '../state/position-store.ts';
import { resetPositions } from '../state/reset.ts';
import { isStateDirectory, openState } from '../state/state-directory.ts';
import { PLACE_FLAGS, stateDirectoryOf } from './run-settings.ts';

const FLAGS = {
  config: { kind: 'value', placeholder: 'FILE', help: 'Take the directory from this configuration.' },
  state: PLACE_FLAGS.state,
  source: { kind: 'value', placeholder: 'ID', help: 'Only this source.' },
  stream: { kind: 'value', placeholder: 'NAME', help: 'Only this stream of it, e.g. one file or node.' },
  json: { kind: 'switch', help: 'Print JSON.' },
} as const satisfies FlagRules;

const ACTIONS = ['show', 'reset'];

/** `cryptrail state show|reset`: how far the agent has come. */
export const state = defineCommand({
  name: 'state',
  summary: 'Show how far the agent has come in its sources, or have it begin anew.',
  words: 'show|reset',
  description: [
    'reset forgets positions, of one source or stream or of all, while no agent runs: what is forgotten is read again from where the source begins.',
  ],
  flags: FLAGS,
  examples: ['cryptrail state show --state /tmp/cryptrail-nothing-yet'],
  run: showOrReset,
});

type Given = Arguments<typeof FLAGS>;

async function showOrReset(given: Given, terminal: Terminal): Promise<Outcome> {
  const [action, ...rest] = given.words;
  if (action === undefined || !ACTIONS.includes(action) || rest.length > 0) {
    const hint = action === undefined ? undefined : didYouMean(action, ACTIONS);
    throw new Misuse('What is to be done with the state? state takes show, reset.', hint);
  }
  if (given.flags.stream !== undefined && given.flags.source === undefined)
    throw new Misuse('--stream needs --source ID: streams of several sources may have one name.');
  const directory = await stateDirectoryOf(given.flags, terminal.environment);
  return action === 'show' ? show(directory, given, terminal) : reset(directory, given, terminal);
}

async function show(directory: string, { flags }: Given, { out }: Terminal): Promise<Outcome> {
  const used = await isStateDirectory(directory);
  const holder = used ? await lockHolder(directory) : { running: false };
  const positions = (used ? await readPositions(directory) : undefined) ?? new Map();
  const wanted = [...positions].flatMap(([source, streams]) =>
    [...streams].flatMap(([stream, position]) =>
      isWanted(source, stream, flags) ? [{ source, stream, position: withoutEvidence(position) }] : [],
    ),
  );
  const report = { directory, ...holder, positions: wanted };
  await out.write(flags.json ? `${JSON.stringify(report)}\n` : renderState(report));
  return 0;
}

async function reset(directory: string, { flags }: Given, { out }: Terminal): Promise<Outcome> {
  const forgotten = (await isStateDirectory(directory))
    ? await withState(directory, (positions) =>
        resetPositions(positions, (source, stream) => isWanted(source, stream, flags)),
      )
    : 0;
  await out.write(
    flags.json ? `${JSON.stringify({ directory, forgotten })}\n` : `${forgotten} positions forgotten in ${directory}\n`,
  );
  return 0;
}

async function withState<Result>(
  directory: string,
  use: (positions: Awaited<ReturnType<typeof openState>>['positions']) => Result,
): Promise<Result> {
  const opened = await openState(directory);
  try {
    return use(opened.positions);
  } finally {
    await opened.close();
  }
}

function isWanted(source: string, stream: string, { source: one, stream: other }: Given['flags']): boolean {
  return (one === undefined || source === one) && (other === undefined || stream === other);
}

/** Where evidence stands is a secret: whoever knows it can go on with a chain. It is in the state, and shown to nobody. */
function withoutEvidence(position: Position): Position {
  if (typeof position !== 'object' || position === null) return position;
  if (Array.isArray(position)) return position.map(withoutEvidence);
  const entries = Object.entries(position).map(([name, value]): [string, Position] => [
    name,
    name === 'evidence' ? 'not shown' : withoutEvidence(value),
  ]);
  return Object.fromEntries(entries);
}
