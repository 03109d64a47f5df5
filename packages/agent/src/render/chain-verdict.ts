import type { ChainVerdict } from '@cryptrail/integrity';
import { visible } from './visible.ts';

/** What a person should know of a verdict: the result, the first break, what it proves and what it cannot. */
export function renderChainVerdict(verdict: ChainVerdict, keys: number): string {
  const { ok, error, records, verified, chains, warnings, notes } = verdict;
  const unsigned = warnings.filter(({ class: kind }) => kind === 'no_integrity').length;
  const lines = [
    ok
      ? `WHOLE as far as it can be told: ${verified} of ${records} lines are signed and fit.`
      : `NOT WHOLE: ${placeOf(error)}: ${error?.message ?? ''}`,
    '',
    `Checked  ${count(records, 'line')}, ${count(verified, 'signature')} that fit, ${count(unsigned, 'line')} without one, with ${count(keys, 'key')}`,
    ...chains.map(
      (chain, index) =>
        `Chain ${index + 1}  ${chain.file}:${chain.firstLine} to ${chain.lastFile}:${chain.lastLine}, ${chain.closed ? 'closed' : 'OPEN: it has no end mark'}${keys > 1 ? `, key ${chain.key + 1}` : ''}`,
    ),
    ...(error && !ok && error.class !== 'file_missing'
      ? [`Reading stopped at ${placeOf(error)}; what follows was not checked.`]
      : []),
    ...section(
      'Warnings',
      warnings
        .filter(({ class: kind }) => kind !== 'no_integrity')
        .map(({ class: kind, file }) => `${file || 'all files'}: ${WARNINGS[kind]}`),
    ),
    ...section(
      'Could not be checked: the text was redacted or not exported, or a line before it in the chain was',
      (verdict.not_verifiable ?? []).map(placeOf),
    ),
    ...section(
      'Beyond what the official verifier sees',
      notes.map((note) => `${placeOf(note)}: ${note.message}`),
    ),
    '',
    'A verdict of "whole" proves that no signed line was altered, removed or moved inside its chain, and that none was put between',
    'two signed ones without a note above. It cannot prove that whole chains were not taken out, or that lines without a signature are genuine.',
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

const WARNINGS = {
  no_integrity: 'a line has no signature',
  missing_end_of_final_chain:
    'the last chain has no end mark: the service was killed, still runs, or lines were cut off',
  empty_source: 'there is no signed line at all',
  file_missing: 'the file is not there',
} as const;

function placeOf(place: { readonly file: string; readonly line: number | null } | null): string {
  if (!place) return '';
  return place.line === null ? place.file : `${place.file}:${place.line}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [
        '',
        `${title}:`,
        ...lines.slice(0, 40).map((line) => `  ${line}`),
        ...(lines.length > 40 ? [`  … and ${lines.length - 40} more (see --json)`] : []),
      ];
}
