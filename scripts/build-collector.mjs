// Builds the OpenTelemetry Collector that the tests of the Collector packs run, from Go modules:
//   node scripts/build-collector.mjs [--sql] [--print]
// The official builder writes the sources from packages/collector/build/builder.yaml; go.mod and go.sum beside it pin every module.
// The binary is kept in a cache folder named after the hash of these files and of the Go version, so a second call costs nothing.
// `--sql` builds an older one that reads databases, from packages/collector/build/sql. OTELCOL=<binary> and OTELCOL_SQL=<binary> use others.
// `--print` only prints the path, and ends with 1 when there is no binary yet. The path is the last line of stdout.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILDER = 'go.opentelemetry.io/collector/cmd/builder@v0.160.0';
const isSql = process.argv.includes('--sql');
const program = isSql ? 'otelcol-sql' : 'otelcol';
const variable = isSql ? 'OTELCOL_SQL' : 'OTELCOL';
const manifest = fileURLToPath(new URL(`../packages/collector/build/${isSql ? 'sql/' : ''}`, import.meta.url));
const pins = ['builder.yaml', 'go.mod', 'go.sum'];

process.exitCode = main(process.argv.includes('--print'));

function main(printOnly) {
  const given = process.env[variable];
  if (given) return existsSync(given) ? tell(given) : fail(`${variable} names ${given}, which is not there.`);
  const version = goVersion();
  const binary = join(cacheFolder(), `${program}-${keyOf(version ?? 'none')}`);
  if (existsSync(binary)) return tell(binary);
  if (printOnly) return 1;
  if (!version)
    return fail(`There is no go on the PATH: install Go 1.26 or newer, or set ${variable} to a Collector binary.`);
  return build(binary) ? tell(binary) : fail('The Collector could not be built; the output of go stands above.');
}

function tell(path) {
  process.stdout.write(`${path}\n`);
  return 0;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}

function goVersion() {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function keyOf(version) {
  const hash = createHash('sha256').update(version);
  for (const name of pins) hash.update(`\0${name}\0`).update(readFileSync(join(manifest, name)));
  return hash.digest('hex').slice(0, 16);
}

function cacheFolder() {
  const base =
    process.env.CRYPTRAIL_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cryptrail');
  mkdirSync(base, { recursive: true });
  return base;
}

/** True when the binary is in its place. Works beside it, so that a half-made one is never taken for it. */
function build(binary) {
  const work = mkdtempSync(join(tmpdir(), 'cryptrail-otelcol-'));
  try {
    for (const name of pins) cpSync(join(manifest, name), join(work, name));
    const tools = join(work, 'bin');
    const made =
      go(work, { GOBIN: tools }, 'install', BUILDER) &&
      run(work, {}, join(tools, 'builder'), '--config', 'builder.yaml', '--skip-compilation', '--skip-get-modules') &&
      pinModules(work) &&
      go(
        join(work, 'dist'),
        { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -mod=mod' },
        'build',
        '-trimpath',
        '-ldflags=-s -w',
        '-o',
        '../otelcol',
        '.',
      );
    if (!made) return false;
    cpSync(join(work, 'otelcol'), `${binary}.new`);
    renameSync(`${binary}.new`, binary);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function pinModules(work) {
  for (const name of ['go.mod', 'go.sum']) cpSync(join(work, name), join(work, 'dist', name));
  return true;
}

function go(cwd, env, ...args) {
  return run(cwd, env, 'go', ...args);
}

/** Output goes to stderr: stdout carries the path and nothing else. */
function run(cwd, env, program, ...args) {
  process.stderr.write(`> ${program.split('/').at(-1)} ${args.join(' ')}\n`);
  const { status } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  return status === 0;
}
