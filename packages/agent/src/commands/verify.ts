import type { ProtectionKey, ReadSeal } from '@cryptrail/integrity';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderChainVerdict } from '../render/chain-verdict.ts';
import { renderExportVerdict } from '../render/export-verdict.ts';
import { renderSealVerdict } from '../render/seal-verdict.ts';
import { renderTableVerdict, tableVerdictJson } from '../render/table-verdict.ts';
import { visibleJson } from '../render/visible.ts';
import { readSealPublicKey } from '../seal/seal-keys.ts';
import { verifyAcra } from '../verify/acra.ts';
import { verifyCesecore } from '../verify/cesecore.ts';
import { readChainState, writeChainState } from '../verify/chain-state.ts';
import { readExportedRecords } from '../verify/exported-records.ts';
import { holds, verifyExportedAcra, verifyExportedCesecore } from '../verify/from-otlp.ts';
import { keyFromEnvironment, keyFromFile } from '../verify/key.ts';
import { readProtectionKeys } from '../verify/protection-keys.ts';
import {
  compareWithExport,
  compareWithNothing,
  compareWithSources,
  isIncomplete,
  openSeal,
  sealVerdict,
} from '../verify/seal.ts';
import { readSequenceState, writeSequenceState } from '../verify/sequence-state.ts';

const FLAGS = {
  'key-file': {
    kind: 'paths',
    placeholder: 'FILE',
    help: 'Audit log key: 32 raw bytes, or their hex or Base64 text. May be repeated.',
  },
  'key-env': { kind: 'list', placeholder: 'NAME', help: 'Environment variable with the key as hex or Base64.' },
  format: {
    kind: 'value',
    choices: ['plaintext', 'json', 'cef'],
    help: 'Format of the audit log. Default: told by each file.',
  },
  'missing-ok': { kind: 'switch', help: 'A file that is not there is a warning, no error.' },
  rows: { kind: 'paths', placeholder: 'FILE', help: 'Rows of AuditRecordData in any form; further files may follow.' },
  keys: { kind: 'value', placeholder: 'FILE', help: 'JSON from key id to {"type":"hmac"|"public","file":…}.' },
  log: { kind: 'paths', placeholder: 'FILE', help: 'Log of the node, to be compared with the rows. May be repeated.' },
  node: { kind: 'value', placeholder: 'NAME', help: 'The node whose log is given.' },
  device: {
    kind: 'value',
    choices: ['parallel', 'sequential'],
    help: 'How the rows were written. Default parallel; sequential makes every gap suspicious.',
  },
  state: {
    kind: 'value',
    placeholder: 'FILE',
    help: 'Remembers from run to run: the highest number of each node; where the chain stands.',
  },
  'time-zone': { kind: 'value', placeholder: 'ZONE', help: 'IANA zone of log times printed without one. Default UTC.' },
  'from-otlp': {
    kind: 'paths',
    placeholder: 'FILE',
    help: 'Exported records (OTLP JSON Lines) that kept log.record.original; further files may follow.',
  },
  source: { kind: 'paths', placeholder: 'FILE', help: 'Sealed files, to be compared with the seal. May be repeated.' },
  public: { kind: 'value', placeholder: 'FILE', help: 'Public key that the seal must be signed with.' },
  head: { kind: 'value', placeholder: 'HEX', help: "Hash that was the seal's last line once." },
  json: { kind: 'switch', help: 'Print the verdict as JSON.' },
} as const satisfies FlagRules;

/** What can be verified. */
const SUBJECTS = ['acra', 'cesecore', 'seal'];

/** `cryptrail verify acra|cesecore|seal`: can this log be trusted? */
export const verify = defineCommand({
  name: 'verify',
  summary: "Check the evidence that a product put into its own log, with the verdict of the product's own verifier.",
  words: 'acra FILE… | cesecore --rows FILE… | [acra|cesecore] --from-otlp FILE… | seal SEAL',
  description: [
    'Status 0: whole. 1: not whole, or a file could not be read. Files are only read. Keys come from files or the environment, never from the command line.',
  ],
  flags: FLAGS,
  examples: [
    'cryptrail verify acra --key-file audit.key /var/log/acra/audit.log',
    'cryptrail verify cesecore --rows auditrecorddata.csv --keys keys.json',
    'cryptrail verify seal today.seal --public seal.pub --source /var/log/acra/acra.log',
  ],
  run: async ({ flags, words }, terminal) => {
    const [subject, ...paths] = words;
    if (subject === 'seal') return verifySeal(paths, flags, terminal);
    if (flags['from-otlp'].length > 0) return verifyExport(words, flags, terminal);
    if (subject === 'acra') return verifyChain(paths, flags, terminal);
    if (subject === 'cesecore') return verifyTable(paths, flags, terminal);
    const hint = subject === undefined ? undefined : didYouMean(subject, SUBJECTS);
    throw new Misuse(`What is to be verified? verify takes ${SUBJECTS.join(', ')}.`, hint);
  },
});

type Flags = Arguments<typeof FLAGS>['flags'];

async function auditKeys(flags: Flags, { environment }: Terminal): Promise<Uint8Array[]> {
  return [
    ...(await Promise.all(flags['key-file'].map(keyFromFile))),
    ...flags['key-env'].map((name) => keyFromEnvironment('--key-env', name, environment)),
  ];
}

async function verifyChain(paths: readonly string[], flags: Flags, terminal: Terminal): Promise<Outcome> {
  if (paths.length === 0) throw new Misuse('Which files? Name the audit log files in the order they were written.');
  const keys = await auditKeys(flags, terminal);
  if (keys.length === 0) throw new Misuse('Which key? Give --key-file FILE or --key-env NAME.');
  const format = flags.format === undefined ? {} : { format: flags.format };
  const earlier = flags.state === undefined ? undefined : await readChainState(flags.state);
  try {
    const options = { keys, missingOk: flags['missing-ok'], ...format, ...(earlier ? { resume: earlier } : {}) };
    const { verdict, problems, snapshot } = await verifyAcra(paths, options, terminal);
    // Behind an error there is nothing to go on from: the state of the last good run stays.
    if (flags.state !== undefined && snapshot && problems === 0) await writeChainState(flags.state, snapshot);
    await terminal.out.write(
      flags.json ? `${visibleJson(JSON.stringify(verdict))}\n` : renderChainVerdict(verdict, keys.length),
    );
    return verdict.ok && problems === 0 ? 0 : 1;
  } finally {
    for (const key of keys) key.fill(0);
  }
}

/** Words behind `--rows FILE` are further files of rows. */
async function verifyTable(paths: readonly string[], flags: Flags, terminal: Terminal): Promise<Outcome> {
  const rows = [...flags.rows, ...paths];
  if (rows.length === 0) throw new Misuse('Which rows? Give --rows FILE… with the rows of AuditRecordData.');
  const keys = flags.keys === undefined ? new Map<string, ProtectionKey>() : await readProtectionKeys(flags.keys);
  const remembered = flags.state === undefined ? new Map<string, bigint>() : await readSequenceState(flags.state);
  const { node, device, 'time-zone': timeZone } = flags;
  try {
    const options = {
      rows,
      logs: flags.log,
      keys,
      remembered,
      ...(node === undefined ? {} : { node }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(device === undefined ? {} : { device }),
    };
    const { verdict, highest, problems } = await verifyCesecore(options, terminal);
    if (flags.state !== undefined && problems === 0) await writeSequenceState(flags.state, remembered, highest);
    await terminal.out.write(flags.json ? `${tableVerdictJson(verdict)}\n` : renderTableVerdict(verdict, keys.size));
    return verdict.ok && problems === 0 ? 0 : 1;
  } finally {
    for (const key of keys.values()) if (key.type === 'hmac') key.key.fill(0);
  }
}

/** Without a subject both are verified, each with the keys that were given for it. Words behind `--from-otlp FILE` are further files. */
async function verifyExport(words: readonly string[], flags: Flags, terminal: Terminal): Promise<Outcome> {
  const [first, ...rest] = words;
  const subject = first === 'acra' || first === 'cesecore' ? first : undefined;
  const audit = await auditKeys(flags, terminal);
  const keys = flags.keys === undefined ? undefined : await readProtectionKeys(flags.keys);
  if (subject === 'acra' && audit.length === 0) throw new Misuse('Which key? Give --key-file FILE or --key-env NAME.');
  if (subject === undefined && audit.length === 0 && !keys)
    throw new Misuse("Which keys? Give --key-file FILE for Acra's records, --keys FILE for CESeCore's rows, or both.");
  const files = [...flags['from-otlp'], ...(subject === undefined ? words : rest)];
  const { records, problems } = await readExportedRecords(files, terminal);
  const wants = (one: 'acra' | 'cesecore', keyed: boolean) =>
    subject === one || (subject === undefined && keyed && holds(records, one));
  try {
    const chain = wants('acra', audit.length > 0) ? verifyExportedAcra(records, audit, flags.format) : undefined;
    const table = wants('cesecore', keys !== undefined)
      ? await verifyExportedCesecore(records, { keys: keys ?? new Map(), remembered: new Map() }, terminal)
      : undefined;
    if (!chain && !table) throw new Failure('the export holds no record that these keys are for');
    const shown = { audit: audit.length, keys: keys?.size ?? 0, json: flags.json, both: subject === undefined };
    await terminal.out.write(renderExportVerdict(chain, table?.verdict, shown));
    const whole = [chain, table?.verdict].every((one) => !one || (one.ok && one.not_verifiable === undefined));
    return whole && problems === 0 && (table?.problems ?? 0) === 0 ? 0 : 1;
  } finally {
    for (const key of audit) key.fill(0);
    for (const key of keys?.values() ?? []) if (key.type === 'hmac') key.key.fill(0);
  }
}

/** With files or exported records the seal is compared, else it is checked by itself. */
async function verifySeal(words: readonly string[], flags: Flags, terminal: Terminal): Promise<Outcome> {
  const [path, ...more] = words;
  if (path === undefined) throw new Misuse('Which seal? verify seal takes the file that convert --seal wrote.');
  const [sources, exports] = [flags.source, flags['from-otlp']];
  if (sources.length > 0 && exports.length > 0) throw new Misuse('--source and --from-otlp exclude each other.');
  if (more.length > 0 && sources.length + exports.length === 0)
    throw new Misuse('verify seal takes one seal.', 'Sealed files are named with --source FILE.');
  const head = flags.head?.toLowerCase();
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) throw new Misuse('--head takes 64 hex digits.');
  const publicKey = flags.public === undefined ? undefined : await readSealPublicKey(flags.public);
  const seal = await openSeal(path, publicKey, head);
  const { compared, problems } = await compareSeal(seal, { sources, exports, more }, terminal);
  const verdict = sealVerdict(seal, compared, publicKey !== undefined);
  await terminal.out.write(flags.json ? `${visibleJson(JSON.stringify(verdict))}\n` : renderSealVerdict(verdict));
  return verdict.ok && !isIncomplete(verdict) && problems === 0 ? 0 : 1;
}

async function compareSeal(
  seal: ReadSeal,
  { sources, exports, more }: Readonly<Record<'sources' | 'exports' | 'more', readonly string[]>>,
  terminal: Terminal,
) {
  if (sources.length > 0) return compareWithSources(seal, [...sources, ...more], terminal);
  if (exports.length === 0) return { compared: compareWithNothing(seal), problems: 0 };
  const { records, problems } = await readExportedRecords([...exports, ...more], terminal);
  return { compared: compareWithExport(seal, records), problems };
}
