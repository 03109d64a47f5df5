import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { type Check, found, good } from '../doctor/check.ts';
import { checkBackend } from '../doctor/check-backend.ts';
import { checkSources } from '../doctor/check-sources.ts';
import { checkState } from '../doctor/check-state.ts';
import { renderChecks } from '../render/checks.ts';
import type { AgentSettings } from '../run/settings.ts';
import { PLACE_FLAGS, SOURCE_FLAGS, settingsToLookAt } from './run-settings.ts';

const FLAGS = {
  config: { kind: 'value', placeholder: 'FILE', help: 'The configuration of the agent.' },
  file: SOURCE_FLAGS.file,
  endpoint: PLACE_FLAGS.endpoint,
  state: PLACE_FLAGS.state,
  json: { kind: 'switch', help: 'Print JSON.' },
} as const satisfies FlagRules;

/** `cryptrail doctor`: what keeps the agent from working. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Find out what keeps the agent from working, and what to do about it.',
  description: [
    'Looks at the configuration, the backend (with a request that holds no records), the files, the state directory and the clocks, as the user that it runs as:\n' +
      'run it as the user of the agent, e.g. sudo -u cryptrail cryptrail doctor --config FILE. Changes nothing.',
    'Status 0: the agent could work. 1: it could not.',
  ],
  flags: FLAGS,
  examples: [
    "cryptrail doctor --file '/var/log/acra/*.log' --endpoint http://localhost:4318 --state /var/lib/cryptrail",
  ],
  run: lookAtAll,
});

async function lookAtAll({ flags, words }: Arguments<typeof FLAGS>, terminal: Terminal): Promise<Outcome> {
  if (words.length > 0) throw new Misuse('doctor takes no words.', 'The configuration is named with --config FILE.');
  const checks = await checkAll(flags, terminal);
  const healthy = checks.every(({ verdict }) => verdict !== 'bad');
  await terminal.out.write(flags.json ? `${JSON.stringify({ ok: healthy, checks })}\n` : renderChecks(checks));
  return healthy ? 0 : 1;
}

async function checkAll(flags: Arguments<typeof FLAGS>['flags'], { environment }: Terminal): Promise<readonly Check[]> {
  let settings: AgentSettings;
  try {
    settings = await settingsToLookAt(flags, environment);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [found('configuration', 'bad', error.message, 'Mend it; cryptrail config check FILE looks at it alone.')];
  }
  const configuration = flags.config === undefined ? [] : [good('configuration', `${flags.config} can be used`)];
  const { otlp, file } = settings.export;
  const parts = await Promise.all([
    otlp || !file ? checkBackend(otlp ?? {}, environment) : [],
    checkSources(settings.sources),
    checkState(settings.state),
  ]);
  return [...configuration, ...parts.flat()];
}
