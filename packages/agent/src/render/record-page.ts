import type { AttributeValue, LogRecord } from '@cryptrail/mapper';
import { Double } from '@cryptrail/mapper';
import { severityName, severityStyle } from './colour.ts';
import type { PageLayout } from './event-page.ts';
import { renderTime } from './time.ts';
import { describe } from './wrap.ts';

/** What could be read of one line: when, how severe, what, and every attribute. */
export function renderRecordPage(record: LogRecord, { width, paint }: PageLayout): string {
  const severity = [severityName(record.severityNumber), record.severityText && `printed as ${record.severityText}`];
  const style = severityStyle(record.severityNumber);
  const heading = record.eventName ?? WITHOUT_EVENT[record.parseStatus ?? 'read'];
  const attributes = [...record.attributes, ...record.resource.attributes];
  const lines = [
    style === undefined ? paint('bold', heading) : paint(style, paint('bold', heading)),
    ...describe(
      [
        ['Time', renderTime(record.timeUnixNano) ?? 'none that can be read'],
        ['Severity', severity.filter(Boolean).join(', ') || 'none'],
        ['Body', record.body],
        ...(record.parseStatus === undefined ? [] : [['Read', record.parseStatus] as const]),
        ...record.issues.map(({ code, message }) => ['Issue', `${message} (${code})`] as const),
        ...(record.traceId === undefined ? [] : [['Trace', record.traceId] as const]),
        ...attributes.map(([name, value]) => [name, textOf(value)] as const),
      ],
      width,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const WITHOUT_EVENT = {
  read: 'A record of a known product, but no event that the catalogue knows',
  partial: 'A record of a known product, but no event that the catalogue knows',
  truncated: 'A record that was cut',
  unparsed: 'Meant to be a record of a known product, but broken',
  foreign: 'Not a record of a known product',
} as const;

function textOf(value: AttributeValue): string {
  if (value instanceof Double) return String(value.value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
