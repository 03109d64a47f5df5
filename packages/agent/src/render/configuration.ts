import type { FileReport } from '../config-check/check-files.ts';
import type { CesecoreReport, ProtectionKeyReport } from '../config-check/database-protection.ts';
import type { ConfigurationReport, LogOutput } from '../config-check/product-configuration.ts';
import { visible } from './visible.ts';

/** What was found in configuration files, for people. Ends with a line break. */
export function renderConfigurations(reports: readonly FileReport[]): string {
  return `${reports.map(page).join('\n\n')}\n`;
}

function page(report: FileReport): string {
  return [visible(report.file), ...settings(report), ...findings(report)].join('\n');
}

function settings(report: FileReport): string[] {
  if ('level' in report) return logSettings(report);
  if ('sources' in report) return report.sources.length > 0 ? [row('sources', report.sources.join(', '))] : [];
  return 'signing' in report ? protectionSettings(report) : [];
}

function logSettings({ level, level_audit, main, audit }: ConfigurationReport): string[] {
  return [
    row('log', `${level ?? '(no level)'} and above, ${place(main)}`),
    row('audit log', `${level_audit ?? '(no level)'} and above, ${place(audit)}`),
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

function protectionSettings({ signing, verifying, active_key, keys, node_id, devices }: CesecoreReport): string[] {
  const rows = [
    ...(signing === null ? [] : [row('rows signed', `${yesNo(signing)}${active_key ? `, key ${active_key}` : ''}`)]),
    ...(verifying === null ? [] : [row('verified', yesNo(verifying))]),
    ...keys.map((key) => row(`key ${key.id ?? '?'}`, keyText(key))),
    ...(node_id === null ? [] : [row('node', node_id)]),
    ...devices.map((device) => row('writes to', device)),
  ];
  return rows.map(visible);
}

function keyText({ class: token, label, version, algorithm, pin }: ProtectionKeyReport): string {
  const kind = version === '1' ? 'HMAC' : (algorithm ?? 'signature');
  return [token ?? '(no token)', kind, ...(label === null ? [] : [`label ${label}`]), `PIN ${pin}`].join(', ');
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function findings(report: FileReport): string[] {
  const notes = 'notes' in report ? report.notes : [];
  const drift = Object.entries(report.drift_with ?? {});
  return [
    ...report.problems.map((text) => row('problem', text)),
    ...notes.map((text) => row('note', text)),
    ...drift.map(([file, keys]) => row('differs', `from ${visible(file)} in ${keys.join(', ')}`)),
    ...(report.problems.length === 0 ? [row('', 'no problem found')] : []),
  ].map(visible);
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(11)} ${text}`;
}
