import type { FileReport, UnknownFile } from '../config-check/check-files.ts';
import type { LogOutput } from '../config-check/product-configuration.ts';
import { visible } from './visible.ts';

/** What was found in configuration files, for people. Ends with a line break. */
export function renderConfigurations(reports: readonly (FileReport | UnknownFile)[]): string {
  return `${reports.map(page).join('\n\n')}\n`;
}

function page(report: FileReport | UnknownFile): string {
  return [visible(report.file), ...('level' in report ? settings(report) : []), ...findings(report)].join('\n');
}

function settings({ level, level_audit, main, audit }: FileReport): string[] {
  return [
    `  log         ${level ?? '(no level)'} and above, ${place(main)}`,
    `  audit log   ${level_audit ?? '(no level)'} and above, ${place(audit)}`,
  ];
}

function place(output: LogOutput): string {
  switch (output.sink) {
    case 'journal':
      return 'to the journal';
    case 'unset':
      return 'to the file above or to the journal: the vendor says both';
    case 'file':
      return `to ${visible(output.path)}, ${rotation(output.rotate_daily, output.rotate_max)}`;
  }
}

function rotation(daily: boolean, max: number | null): string {
  if (!daily) return 'never rotated';
  return max === null ? 'a new file every day, all kept' : `a new file every day, ${max} kept`;
}

function findings(report: FileReport | UnknownFile): string[] {
  const { notes, drift_with } = 'level' in report ? report : { notes: [], drift_with: undefined };
  const drift = Object.entries(drift_with ?? {});
  return [
    ...report.problems.map((text) => `  problem     ${text}`),
    ...notes.map((text) => `  note        ${text}`),
    ...drift.map(([file, keys]) => `  differs     from ${visible(file)} in ${keys.join(', ')}`),
    ...(report.problems.length === 0 ? ['  no problem found'] : []),
  ];
}
