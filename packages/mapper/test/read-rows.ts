import { openByContent } from '../src/forms/forms.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';

/** What a text is read as: rows as objects, null for NULL; a broken row is its issue, a line its text. */
export function readRows(text: string, chunk = 7, maxRecordBytes = 4096) {
  const reader = openByContent({ ...DEFAULT_LIMITS, maxRecordBytes });
  const data = new TextEncoder().encode(text);
  const entries = [];
  for (let at = 0; at < data.length; at += chunk) entries.push(...reader.push(data.subarray(at, at + chunk)));
  entries.push(...reader.end());
  return entries.map((entry) => {
    if (entry.kind === 'line') return entry.frame.text;
    if (entry.row.broken) return entry.row.issues[0]?.message;
    return Object.fromEntries(
      [...entry.row.fields].map(([name, { kind, text: value }]) => [name, kind === 'null' ? null : value]),
    );
  });
}
