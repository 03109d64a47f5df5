import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { runAgent } from '../run/agent.ts';
import type { AgentSettings } from '../run/settings.ts';
import { EVIDENCE_FLAGS } from './evidence-flags.ts';
import { FILTER_FLAGS } from './filter-flags.ts';
import { LIMIT_FLAGS } from './limit-flags.ts';
import { READING_FLAGS } from './reading-flags.ts';
import { RECORD_FLAGS } from './record-flags.ts';
import { PLACE_FLAGS, SOURCE_FLAGS, settingsOfFlags, withPlaces } from './run-settings.ts';

const FLAGS = {
  config: { kind: 'value', placeholder: 'FILE', help: 'Configuration, in YAML (see: cryptrail config example).' },
  'until-idle': { kind: 'switch', help: 'End when everything that is there has been read and acknowledged.' },
  ...PLACE_FLAGS,
  ...SOURCE_FLAGS,
  ...READING_FLAGS,
  ...FILTER_FLAGS,
  ...RECORD_FLAGS,
  ...EVIDENCE_FLAGS,
  'seal-key': {
    kind: 'value',
    placeholder: 'FILE',
    help: 'Seal what is read, beside the state, with this private key from: cryptrail seal init.',
  },
  'max-line': LIMIT_FLAGS['max-line'],
} as const satisfies FlagRules;

/** `cryptrail run`: the agent. */
export const run = defineCommand({
  name: 'run',
  summary: 'Read sources for ever and deliver their records over OTLP, without losing one.',
  description: [
    'A position moves only when the backend has accepted the records: after a crash some may come twice, none is lost.\n' +
      'SIGTERM and Ctrl-C deliver what is under way, for at most 10 s, and end; a second one ends at once. SIGHUP reads the configuration again.',
    'Status with --until-idle: 0 when everything was read and accepted; 1 when a source failed or the backend refused something for good.',
  ],
  flags: FLAGS,
  examples: [
    "cryptrail run --file '/var/log/acra/*.log' --endpoint http://localhost:4318 --state /tmp/cryptrail --until-idle",
  ],
  endsBy: 'drain',
  run: runSources,
});

async function runSources({ flags, words }: Arguments<typeof FLAGS>, terminal: Terminal): Promise<Outcome> {
  if (words.length > 0) throw new Misuse('run takes no words.', "Files are named with --file '/var/log/acra/*.log'.");
  const untilIdle = flags['until-idle'];
  const load = settingsLoader(flags, terminal);
  return runAgent({ load, untilIdle }, terminal);
}

function settingsLoader(flags: Arguments<typeof FLAGS>['flags'], terminal: Terminal): () => Promise<AgentSettings> {
  const { config, 'until-idle': untilIdle } = flags;
  if (config === undefined) return () => settingsOfFlags(flags, untilIdle, terminal);
  const besides = Object.keys(FLAGS).filter(
    (name) => !GO_WITH_CONFIG.has(name) && isGiven(flags[name as keyof typeof FLAGS]),
  );
  if (besides.length > 0)
    throw new Misuse(`--config and --${besides[0]} exclude each other.`, 'Write it in the configuration.');
  return async () => {
    const { loadSettings } = await import('../config-file/load-settings.ts');
    return withPlaces(await loadSettings(config, { environment: terminal.environment, untilIdle }), flags);
  };
}

/** Where things go and when to end may differ from one start to the next; what is read is in one place only. */
const GO_WITH_CONFIG: ReadonlySet<string> = new Set(['config', 'until-idle', ...Object.keys(PLACE_FLAGS)]);

function isGiven(value: boolean | string | readonly string[] | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
