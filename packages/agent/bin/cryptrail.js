#!/usr/bin/env node
// Checked in, so that npm can link the command before the first build.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const program = new URL('../dist/cli.js', import.meta.url);

if (major < 22 || (major === 22 && minor < 15)) {
  fail(`cryptrail needs Node.js 22.15 or newer; this is ${process.versions.node}.`);
  // Not imported: see src/node-builtins.ts.
} else if (process.getBuiltinModule('node:fs').existsSync(program)) {
  await import(program.href);
} else {
  fail('cryptrail is not built yet: run `npm run build` first.');
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
