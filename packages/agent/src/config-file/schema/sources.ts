import { products } from '@cryptrail/catalogue';
import { INPUT_FORMS, isOrder } from '@cryptrail/mapper';
import { z } from 'zod';
import { Misuse } from '../../command-line/misuse.ts';
import { parseInstant } from '../../select/instant.ts';
import { count, duration, renamed, section, size, text, texts, word } from './parts.ts';

const READABLE = products.filter(({ kind }) => kind !== 'internal');
const PRODUCT_IDS = READABLE.map(({ id }) => id) as [string, ...string[]];
const APPLICATIONS = READABLE.flatMap(({ applications }) => Object.keys(applications ?? {})) as [string, ...string[]];

const timeZone = text.refine(isTimeZone, { error: 'takes an IANA time zone such as Europe/Stockholm' });

const instant = text.transform((written, context) => {
  try {
    return parseInstant(written, 'first', 'since');
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    context.addIssue({ code: 'custom', message: 'takes a time such as 2024-05-12 or 2024-05-12T08:30:00Z' });
    return z.NEVER;
  }
});

const attributeValue = z.union([text, z.number(), z.boolean()], { error: 'takes a text, a number, true or false' });

/** Keys of every source. */
const COMMON = {
  id: text
    .optional()
    .describe(
      'Name of the source in positions and telemetry. With one, what is read can be changed without beginning anew.',
    ),
  product: word(PRODUCT_IDS)
    .optional()
    .describe('The product that all records are of. Default: each is recognised by itself.'),
  application: word(APPLICATIONS).optional().describe('The application, where CESeCore records do not tell.'),
  time_zone: timeZone.optional().describe('IANA zone of times that are printed without one. Default UTC.'),
  log_order: text
    .refine(isOrder, { error: 'names no value; write ${NAME} for each' })
    .transform((order) => order.replaceAll('\\n', '\n'))
    .optional()
    .describe('Pattern that worker, OCSP or web service logs were configured with.'),
  resource: z
    .record(text, attributeValue, { error: 'takes attribute names and values' })
    .optional()
    .describe('Attributes of the resource of every record, over those that the records tell.'),
  silent_after: duration
    .optional()
    .describe('Report the source, and each of its nodes, when nothing has come for so long.'),
  max_rate: count.optional().describe('Most records a second.'),
  since: instant.optional().describe('Pass over older records.'),
} as const;

const NAMES = {
  silent_after: 'silentAfterMillis',
  max_rate: 'maxRecordsPerSecond',
  since: 'sinceUnixNano',
  poll_interval: 'pollIntervalMillis',
  overlap: 'overlapMillis',
  gap_after: 'gapAfterMillis',
  max_body: 'maxBodyBytes',
} as const;

const startAt = word(['beginning', 'end']).optional();
const input = word(INPUT_FORMS as readonly string[] as [string, ...string[]])
  .optional()
  .describe('Form of the input. Default: told by its content.');

const serverTls = section({
  cert_file: text,
  key_file: text,
  client_ca_file: text.optional().describe('Ask clients for a certificate of these authorities.'),
})
  .transform(renamed())
  .optional()
  .describe('Certificate and key of the listener, PEM.');

const file = section({
  type: z.literal('file'),
  include: texts.describe('Files and globs.'),
  exclude: texts.optional().describe('Files and globs that are left out.'),
  start_at: startAt.describe('Where a file begins that is there at the first start. Default beginning.'),
  input,
  poll_interval: duration.optional().describe('Time between looks at the files. Default 1s.'),
  max_open_files: count.optional().describe('Files held open at a time. Default 64.'),
  ...COMMON,
});

const journald = section({
  type: z.literal('journald'),
  units: texts.optional().describe('Units, globs allowed. Default all.'),
  identifiers: texts.optional().describe('Syslog identifiers. Default all.'),
  directory: text.optional().describe('A journal that was copied here. Default: that of this machine.'),
  start_at: startAt.describe('Where the journal begins at the first start.'),
  command: text.optional().describe('Default journalctl.'),
  ...COMMON,
});

const sql = section({
  type: z.literal('sql'),
  url: text
    .refine((url) => /^(?:postgres|postgresql|mariadb|mysql):\/\//.test(url), {
      error: 'takes postgres://…, mariadb://… or mysql://…',
    })
    .describe('The database, with user and password.'),
  table: text.optional().describe('Default AuditRecordData.'),
  poll_interval: duration.optional().describe('Time between looks. Default 10s.'),
  page_rows: count.optional().describe('Rows of one page. Default 1000.'),
  overlap: duration.optional().describe('How far back is looked for rows committed late. Default 5m.'),
  gap_after: duration.optional().describe('How long a missing number may still be filled. Default 5m.'),
  ...COMMON,
});

const listen = text.describe('HOST:PORT. Only loopback is reached by nobody else.');

const otlp = section({
  type: z.literal('otlp'),
  listen,
  token: text.optional().describe('Asked of clients as Authorization: Bearer.'),
  tls: serverTls,
  max_body: size.optional().describe('Most bytes of a request, unpacked too. Default 16MiB.'),
  max_requests: count.optional().describe('Requests at a time. Default 64.'),
  ...COMMON,
});

const stdin = section({ type: z.literal('stdin'), input, ...COMMON });

const syslog = section({
  type: z.literal('syslog'),
  listen: text
    .refine((address) => /^(?:tcp|udp|tls):\/\//.test(address), { error: 'takes tcp://HOST:PORT, udp://… or tls://…' })
    .describe('tcp://HOST:PORT, udp://… or tls://…'),
  tls: serverTls,
  max_connections: count.optional().describe('Connections at a time. Default 256.'),
  ...COMMON,
});

const options = renamed(NAMES);

/** One source: its keys follow its type. */
export const source = z.discriminatedUnion(
  'type',
  [
    file.transform(({ type, ...others }) => ({ type, options: options(others) })),
    journald.transform(({ type, ...others }) => ({ type, options: options(others) })),
    sql.transform(({ type, ...others }) => ({ type, options: options(others) })),
    otlp.transform(({ type, ...others }) => ({ type, options: options(others) })),
    stdin.transform(({ type, ...others }) => ({ type, options: options(others) })),
    syslog.transform(({ type, ...others }) => ({ type, options: options(others) })),
  ],
  { error: 'takes a type: file, journald, sql, otlp, stdin or syslog' },
);

function isTimeZone(written: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
