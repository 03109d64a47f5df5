import type { TableVerdict } from '@cryptrail/integrity';
import { visible, visibleJson } from './visible.ts';

/** The verdict as JSON: 64-bit numbers as numbers where JSON readers can hold them. */
export function tableVerdictJson(verdict: TableVerdict): string {
  const text = JSON.stringify(verdict, (_, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  });
  return visibleJson(text);
}

/** What a person should know of a verdict on a table. */
export function renderTableVerdict(verdict: TableVerdict, keys: number): string {
  const {
    ok,
    rows,
    protection,
    nodes,
    findings,
    bad_rows: badRows,
    log_only: logOnly,
    table_only: tableOnly,
  } = verdict;
  const lines = [
    ok ? `WHOLE as far as it can be told: ${rows} rows.` : `NOT WHOLE: see below. ${rows} rows were checked.`,
    '',
    `Protection  ${
      Object.entries(protection)
        .filter(([, number]) => number > 0)
        .map(([word, number]) => `${number} ${word.replace('_', ' ')}`)
        .join(', ') || 'no rows'
    }; ${keys} keys given`,
    ...Object.entries(nodes).map(
      ([node, { rows: count, min, max, gaps, duplicates, resets, clock_steps: steps }]) =>
        `Node ${node}  ${count} rows, numbers ${min} to ${max}${said(gaps.length, 'gap')}${said(duplicates.length, 'number used twice', 'numbers used twice')}${said(resets.length, 'reset')}${said(steps.length, 'clock step')}`,
    ),
    ...section(
      'Rows that do not verify',
      badRows
        .filter(({ verdict: word }) => word !== 'unprotected')
        .map((row) => `${row.node} #${row.sequence} ${row.pk}: ${row.verdict.replace('_', ' ')}`),
    ),
    ...section(
      'Could not be checked: the row was redacted or not exported',
      (verdict.not_verifiable ?? []).map(({ node, sequence, pk }) => `${node} #${sequence} ${pk}`),
    ),
    ...section(
      'Missing numbers',
      Object.entries(nodes).flatMap(([node, { gaps }]) =>
        gaps.map(({ from, to }) => `${node} ${from === to ? `#${from}` : `#${from} to #${to}`}`),
      ),
    ),
    ...section(
      'In the log only (rows deleted from the table)',
      logOnly.map(({ node, time, event }) => `${node} ${time} ${event}`),
    ),
    ...section(
      'In the table only (rows that no log line tells of)',
      tableOnly.map(({ node, sequence, pk }) => `${node} #${sequence} ${pk}`),
    ),
    ...section(
      'Findings',
      findings.map(
        ({ node, sequence, message }) => `${node}${sequence === undefined ? '' : ` #${sequence}`}: ${message}`,
      ),
    ),
    '',
    'Signatures prove that a row is as it was written. They cannot prove that none is missing: numbers, the log and the highest',
    'number remembered from the run before (--state) do that, each in part. A row taken off the end of the table shows only there.',
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function said(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? '' : `, ${number} ${number === 1 ? one : many}`;
}

const SHOWN = 40;

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more (see --json)`] : [];
  return ['', `${title}:`, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...rest];
}
