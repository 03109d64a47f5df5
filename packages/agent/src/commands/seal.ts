import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { defineCommand } from '../command-line/command.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import { writeSealKeys } from '../seal/seal-keys.ts';

/** `cryptrail seal init`: the keys that seals are signed with. */
export const seal = defineCommand({
  name: 'seal',
  summary: 'Make the key pair that signs seals of what was read.',
  words: 'init',
  description: [
    'convert --seal FILE --seal-key KEY writes a seal, verify seal FILE --public KEY checks it. Give the public key to whoever is to verify;\n' +
      'who has the private key can make a seal of anything.',
  ],
  flags: {
    dir: { kind: 'value', placeholder: 'DIR', help: 'Where seal.key and seal.pub are written. Default: here.' },
    'key-file': { kind: 'value', placeholder: 'FILE', help: 'The private key; the public one ends in .pub instead.' },
  },
  examples: ['cryptrail seal init --dir seal-keys'],
  run: async ({ flags, words }, terminal) => {
    const [word, ...more] = words;
    if (word !== 'init' || more.length > 0)
      throw new Misuse('seal takes init.', word === undefined ? undefined : didYouMean(word, ['init']));
    if (flags.dir !== undefined && flags['key-file'] !== undefined)
      throw new Misuse('--dir and --key-file exclude each other.');
    const privatePath = flags['key-file'] ?? join(flags.dir ?? '.', 'seal.key');
    const publicPath = join(dirname(privatePath), `${basename(privatePath).replace(/\.(?:key|pem)$/, '')}.pub`);
    await mkdir(dirname(privatePath), { recursive: true, mode: 0o700 });
    await writeSealKeys(privatePath, publicPath);
    await terminal.out.write(`${privatePath}: signs seals; keep it to yourself\n${publicPath}: verifies them\n`);
    return 0;
  },
});
