// Starts the tasks of the root package.json from a bare clone: plain JavaScript without dependencies,
// because on a fresh machine this runs on the system's Node before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fromRoot = createRequire(join(root, 'package.json'));

const tasks = {
  build: (args) => turbo('build', args),
  typecheck: (args) => turbo('typecheck', args) || tool('typescript', 'bin/tsc', []),
  generate: (args) => turbo('generate', ['--output-logs=new-only', '--', ...args]),
  bench: (args) => turbo('bench', ['--', ...args]),
  start: (args) =>
    turbo('build', ['--output-logs=errors-only']) || node(['packages/agent/bin/cryptrail.js', 'start', ...args]),
  test: (args) => turbo('build', ['--output-logs=errors-only']) || tool('vitest', 'vitest.mjs', ['run', ...args]),
  'pack-check': (args) => turbo('pack-check', args),
  mission: (args) => node(['scripts/mission.ts', ...args]),
  check: (args) => node(['scripts/check.ts', ...args]),
};

main(process.argv[2], process.argv.slice(3));

function main(name, args) {
  const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined;
  if (!task) return fail(`Usage: node scripts/launch.mjs ${Object.keys(tasks).join('|')} [arguments]`);
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    return fail(`Node.js ${OLDEST_NODE} or newer is needed to start; this is ${version}. See https://nodejs.org/.`);
  }
  process.chdir(root);
  process.exitCode = (isInstalled() ? 0 : install()) || task(args);
}

/** True when node_modules holds what package-lock.json asks for; packages of other platforms may be missing. */
function isInstalled() {
  const installed = readPackages('node_modules/.package-lock.json');
  const wanted = readPackages('package-lock.json');
  if (!installed || !existsSync(localNode())) return false;
  return Object.entries(wanted ?? {}).every(([path, entry]) => {
    if (path === '' || !path.includes('node_modules/')) return true;
    return installed[path] ? installed[path].version === entry.version : entry.optional || entry.peer;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function install() {
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const status = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (status === 0 && !existsSync(localNode()))
    return fail(`npm ci brought no ${localNode()}: were install scripts switched off?`);
  return status;
}

function localNode() {
  return join('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function turbo(task, args) {
  return tool('turbo', 'bin/turbo', ['run', task, ...args]);
}

function tool(name, file, args) {
  return node([join(dirname(fromRoot.resolve(`${name}/package.json`)), file), ...args]);
}

function node(args) {
  return run(join(root, localNode()), args);
}

function run(command, args) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const env = {
    ...process.env,
    PATH: path,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  };
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env,
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (error) return fail(`Could not run ${command}: ${error.message}`);
  return status ?? 1;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
  return 1;
}
