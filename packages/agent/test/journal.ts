import { appendFileSync, chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Fields of an entry, in the order in which they are written. */
export type JournalFields = Readonly<Record<string, string | Uint8Array>>;

/** Entries as `journalctl -o export` writes them: values with bytes that do not print have a length. */
export function exportOf(entries: readonly JournalFields[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    for (const [name, value] of Object.entries(entry)) {
      const bytes = Buffer.from(value);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what does not print
      if (/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/.test(bytes.toString('latin1')))
        parts.push(Buffer.from(`${name}=`), bytes);
      else {
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(bytes.length));
        parts.push(Buffer.from(`${name}\n`), length, bytes);
      }
      parts.push(Buffer.from('\n'));
    }
    parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** A cursor as systemd writes it. */
export function cursorOf(number: number, journal = 'a'.repeat(32)): string {
  return `s=${journal};i=${number.toString(16)};b=${'b'.repeat(32)};m=${number};t=${number};x=${number}`;
}

/** A program that does what journalctl does with a journal in a file, and dies when it is told to. */
export interface FakeJournalctl {
  readonly command: string;
  append(entries: readonly JournalFields[]): void;
  /** Replaces the journal, as a vacuum does. */
  replace(entries: readonly JournalFields[]): void;
  /** The next run that follows or reads to the end dies after so many bytes. */
  dieAfter(bytes: number): void;
}

const SCRIPT = `#!${process.execPath}
const fs = require('node:fs');
const [folder] = [__dirname];
const option = (name) => process.argv.find((one) => one.startsWith('--' + name + '='))?.slice(name.length + 3);
const values = (name) => process.argv.filter((one) => one.startsWith('--' + name + '=')).map((one) => one.slice(name.length + 3));
const death = folder + '/die';
let left = fs.existsSync(death) && !option('lines') ? Number(fs.readFileSync(death, 'utf8')) : Infinity;
if (left !== Infinity) fs.unlinkSync(death);
const field = (entry, name) => entry.split('\\n').find((line) => line.startsWith(name + '='))?.slice(name.length + 1);
let seen = 0;
let from = option('cursor');
const number = (cursor) => parseInt(/;i=([0-9a-f]+);/.exec(cursor)[1], 16);
function show(final) {
  let entries = fs.readFileSync(folder + '/journal', 'latin1').split('\\n\\n').filter(Boolean).slice(seen);
  seen += entries.length;
  if (from) entries = entries.filter((entry) => number(field(entry, '__CURSOR')) >= number(from));
  if (option('lines')) entries = entries.slice(-Number(option('lines')));
  const units = values('unit'), identifiers = values('identifier');
  if (units.length) entries = entries.filter((entry) => units.includes(field(entry, '_SYSTEMD_UNIT')));
  if (identifiers.length) entries = entries.filter((entry) => identifiers.includes(field(entry, 'SYSLOG_IDENTIFIER')));
  const bytes = Buffer.from(entries.map((entry) => entry + '\\n\\n').join(''), 'latin1');
  fs.writeSync(1, bytes.subarray(0, Math.min(bytes.length, left)));
  left -= bytes.length;
  if (left <= 0) { fs.writeSync(2, 'Bad message\\n'); process.exit(1); }
}
show();
if (process.argv.includes('--follow')) setInterval(show, 10);
`;

/** Makes the program in a folder of its own. */
export function createFakeJournalctl(entries: readonly JournalFields[]): FakeJournalctl {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-journal-'));
  const command = join(folder, 'journalctl.cjs');
  writeFileSync(command, SCRIPT);
  chmodSync(command, 0o755);
  const journal = join(folder, 'journal');
  writeFileSync(journal, exportOf(entries));
  return {
    command,
    append: (more) => appendFileSync(journal, exportOf(more)),
    replace: (others) => writeFileSync(journal, exportOf(others)),
    dieAfter: (bytes) => writeFileSync(join(folder, 'die'), String(bytes)),
  };
}
