/**
 * Everything quick that a change must pass: `npm run check`. Every step runs, also after one has failed.
 * `--only NAME` runs one step, `--list` prints the names.
 */
import { spawnSync } from 'node:child_process';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const launch = (task: string, ...rest: string[]): Step['command'] => [
  process.execPath,
  'scripts/launch.mjs',
  task,
  ...rest,
];
const steps: readonly Step[] = [
  { name: 'lint', command: ['biome', 'lint', '--error-on-warnings', '.'] },
  { name: 'format', command: ['biome', 'check', '--linter-enabled=false', '.'] },
  { name: 'types', command: launch('typecheck', '--output-logs=errors-only') },
  { name: 'unit', command: ['vitest', 'run', '--project', 'unit', '--reporter=dot'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'generated', command: launch('generate', '--check') },
  { name: 'mission', command: [process.execPath, 'scripts/mission.ts', '--check'] },
  { name: 'packaging', command: launch('pack-check', '--output-logs=errors-only') },
];

const args = process.argv.slice(2);
const only = args[0] === '--only' ? args[1] : undefined;
const chosen = steps.filter((step) => only === undefined || step.name === only);

if (args[0] === '--list') {
  console.log(steps.map((step) => step.name).join('\n'));
} else if (chosen.length === 0 || (args.length > 0 && only === undefined)) {
  console.error(`Usage: npm run check [-- --list | --only ${steps.map((step) => step.name).join('|')}]`);
  process.exitCode = 2;
} else {
  const failed = chosen.filter((step) => !passes(step)).map((step) => step.name);
  if (chosen.length > 1) console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function passes({ name, command: [program, ...rest] }: Step): boolean {
  console.log(`\n── ${name}`);
  const { status, error } = spawnSync(program, rest, { stdio: 'inherit' });
  if (error) console.error(`${program} did not start: ${error.message}`);
  return status === 0;
}
