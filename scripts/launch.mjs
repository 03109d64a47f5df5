// Starts the tasks of the root package.json from a bare clone: plain JavaScript without dependencies,
// because on a fresh machine this runs on the system's Node before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fromRoot = createRequire(join(root, 'package.json'));
const localNode = join('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const tasks = {
  start: async (args) => (await build()) || node('packages/agent/bin/cryptrail.js', 'start', ...args),
  test: async (args) => (await build()) || tool('vitest', 'vitest.mjs', 'run', ...args) || leftOut(),
  check: (args) => node('scripts/check.ts', ...args),
  build: (args) => turbo('build', ...args),
  'test:faults': (args) => slowSuite('faults', args),
  'test:collector': async (args) => (await node('scripts/build-collector.mjs')) || slowSuite('collector', args),
  typecheck: async (args) => (await turbo('typecheck', ...args)) || tool('typescript', 'bin/tsc'),
  generate: (args) => turbo('generate', '--output-logs=new-only', '--', ...args),
  bench: (args) => turbo('bench', '--', ...args),
  mission: (args) => node('scripts/mission.ts', ...args),
  'pack-check': (args) => turbo('pack-check', ...args),
};

process.exitCode = await main(process.argv[2], process.argv.slice(3));

async function main(name, args) {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    return fail(1, `Node.js ${OLDEST_NODE} or newer is needed to start; this is ${version}. See https://nodejs.org/.`);
  }
  const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined;
  if (!task) return fail(2, `Usage: node scripts/launch.mjs ${Object.keys(tasks).join('|')} [arguments]`);
  process.chdir(root);
  return (isInstalled() ? 0 : await install()) || task(args);
}

/** True when node_modules holds what package-lock.json asks for; packages of other platforms may be missing. */
function isInstalled() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed || !existsSync(localNode)) return false;
  return Object.entries(readPackages('package-lock.json') ?? {}).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    return installed[path] ? installed[path].version === entry.version : entry.optional || entry.peer;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

async function install() {
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const status = await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  if (status !== 0 || existsSync(localNode)) return status;
  return fail(1, `npm ci brought no ${localNode}: were install scripts switched off?`);
}

function build() {
  return turbo('build', '--output-logs=errors-only', '--log-order=grouped');
}

/** Suites that need more than Node.js, see vitest.slow.config.ts. */
async function slowSuite(name, args) {
  return (
    (await build()) ||
    tool('vitest', 'vitest.mjs', 'run', '--config', 'vitest.slow.config.ts', '--project', name, ...args)
  );
}

function leftOut() {
  process.stderr.write(
    'Left out, because they need more than Node.js: npm run test:faults (databases, journal, crashes), npm run test:collector (a real Collector).\n',
  );
  return 0;
}

function turbo(task, ...args) {
  return tool('turbo', 'bin/turbo', 'run', task, ...args);
}

function tool(name, file, ...args) {
  return node(join(dirname(fromRoot.resolve(`${name}/package.json`)), file), ...args);
}

function node(...args) {
  return run(join(root, localNode), args);
}

/** Runs a program to its end and gives its exit status. */
function run(command, args) {
  const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const shell = command === 'npm' && process.platform === 'win32';
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...quiet, PATH }, shell });
  // The child stops first, in its own time. On a terminal Ctrl-C reaches it without us.
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
  // npm's shell dies of SIGTERM without passing it on; who is left without a parent stops too.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  return new Promise((resolve) => {
    const done = (status) => {
      clearInterval(watch);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      resolve(status);
    };
    child.on('error', (error) => done(fail(1, `Could not run ${command}: ${error.message}`)));
    child.on('close', (status) => done(status ?? 1));
  });
}

function fail(status, message) {
  process.stderr.write(`${message}\n`);
  return status;
}
