import { readdirSync, readFileSync } from 'node:fs';
import { AUDIT_COLUMNS } from '../audit-columns.ts';
import { PRODUCTS } from '../product-tables.ts';

/** One kind of input to be mutated. */
export interface FuzzFormat {
  /** What stands before the records, e.g. the header of a table. */
  readonly head?: string;
  readonly records: readonly string[];
  readonly tail?: string;
  /** Records are lines, so that whatever happens to one, a whole line of JSON behind it is read. */
  readonly lines: boolean;
}

function fixtures(product: string, wanted: (line: string) => boolean): string[] {
  const folder = new URL(`${product}/fixtures/`, PRODUCTS);
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));
  return [...new Set(lines.filter((line) => line.length > 20 && line.length < 4000 && wanted(line)))];
}

/** `WARN[0042]`, coloured or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a coloured terminal
const TERMINAL = /^(?:\u001b\[\d+m)?[A-Z]{4}(?:\u001b\[0m)?\[/;

const acra = (wanted: (line: string) => boolean) => ({ records: fixtures('acra', wanted), lines: true });
const cesecore = (mark: string) => ({ records: fixtures('cesecore', (line) => line.includes(mark)), lines: true });

const XML = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n <object class="org.cesecore.util.Base64PutHashMap">\n  <void method="put">\n   <string>msg</string>\n   <string>B64:w6XDpMO2</string>\n  </void>\n  <void method="put">\n   <string>n</string>\n   <int>7</int>\n  </void>\n </object>\n</java>\n',
  '<java version="1.6.0_24" class="java.beans.XMLDecoder"><object class="java.util.LinkedHashMap"><void method="put"><string>d</string><object class="java.util.Date"><long>1761350400123</long></object></void><void method="put"><string>l</string><object class="java.util.ArrayList" id="L0"><void method="add"><string>x<char code="#1b"/></string></void></object></void><void method="put"><string>m</string><object idref="L0"/></void></object></java>',
  '<java class="java.beans.XMLDecoder"><object class="java.util.HashMap"><void method="put"><string>a</string><array class="int" length="3"><void index="1"><int>5</int></void></array></void><void method="put"><string>e</string><object class="java.lang.Enum" method="valueOf"><class>a.B</class><string>C</string></object></void><void method="put"><string>f</string><object class="java.util.Collections" method="emptyList"/></void></object></java>',
];
const ROWS = XML.map((xml, index) => [
  `24861ebf7f00010106e5a024d82c694${index}`,
  xml,
  'CN=SuperAdmin,O=Example AB,C=SE',
  '-2107852779',
  'SUCCESS',
  ['CERT_CREATION', 'ROLE_ACCESS_RULE_CHANGE', 'SET_WORKER_CONFIG'][index] ?? '',
  'CA',
  'node-1',
  '1:2:123:4d2f6a',
  '0',
  '51aa0c',
  'device "9"',
  String(17_640_195 + index),
  ['CORE', 'EJBCA', 'SIGNSERVER'][index] ?? '',
  '1426205614754',
]);
const cells = (render: (cell: string) => string, join: string) => ROWS.map((row) => row.map(render).join(join));
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const objects = ROWS.map((row) => Object.fromEntries(row.map((cell, index) => [AUDIT_COLUMNS[index] ?? '', cell])));

const LINES = [
  '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server","unixTime":"1726560001.250"}',
  'time="2024-09-17T08:00:00Z" level=info msg="Use sni" code=100',
  '2026-10-24 22:53:26+02:00;CA_CREATION;SUCCESS;CA;CORE;CN=a;1;;;msg=made',
];
const journal = (MESSAGE: unknown) =>
  JSON.stringify({ __REALTIME_TIMESTAMP: '1715568193562768', _HOSTNAME: 'h', _STREAM_ID: 's', MESSAGE });

/** Every kind of input, by the name that `--format` takes. */
export const FUZZ_FORMATS: Readonly<Record<string, FuzzFormat>> = {
  'acra-json': acra((line) => line.startsWith('{')),
  'acra-cef': acra((line) => line.startsWith('CEF:')),
  'acra-text': acra((line) => line.startsWith('time=')),
  'acra-terminal': acra((line) => TERMINAL.test(line)),
  'acra-censor': {
    records: [
      '{"raw_query":"select a from b where c = \'d\' and e = 5","isForbidden":false}',
      '{"raw_query":"INSERT INTO t VALUES (1, \'x\', X\'00ff\')"}',
    ],
    lines: true,
  },
  ejbca: cesecore('Log4jDevice]'),
  'ejbca-bare': {
    records: fixtures('cesecore', (line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+/.test(line)),
    lines: true,
  },
  signserver: cesecore('EVENT: '),
  'worker-fields': cesecore('AllVariablesLogger'),
  'worker-pattern': cesecore('DefaultTimeStampLogger'),
  ocsp: cesecore('ocsp.logging.TransactionLogger'),
  'ocsp-audit': {
    records: [
      '2026-11-21 20:09:58,471 DEBUG [org.cesecore.certificates.ocsp.logging.AuditLogger] (default task-1) SESSION_ID:ab12;LOG ID:1;"2026-11-21:20:09:58:GMT";TIME TO PROCESS:12;\nOCSP REQUEST:\n"3042";\nOCSP RESPONSE:\n"3003";\nSTATUS:0',
    ],
    lines: true,
  },
  ws: cesecore('ws.logger.TransactionLogger'),
  listing: { records: fixtures('cesecore', (line) => /^\d{4}-.*, [A-Z_]+, [A-Z]+, /.test(line)), lines: true },
  'aqtive-json': { records: fixtures('aqtive', (line) => line.startsWith('{')), lines: true },
  'row-json': { records: objects.map((row) => JSON.stringify(row)), lines: true },
  wrappers: {
    records: LINES.flatMap((line) => [
      `2024-09-17T08:00:00.000000001Z stderr F ${line}`,
      `2024-09-17T08:00:00.000000001Z stdout P ${line}`,
      JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2024-09-17T08:00:00.000000001Z' }),
      `acra-server-1  | ${line}`,
      `[pod/acra-0/acra] ${line}`,
      `<134>Oct 24 20:53:26 host acra[12]: ${line}`,
      `<14>1 2026-10-24T20:53:26.511Z host app 4711 - id [x@1 a="b]\\"c"] ${line}`,
      `May 13 02:43:13 host acra[12]: ${line}`,
      journal(line),
      journal([...Buffer.from(line)]),
      journal(null),
      JSON.stringify({ timestamp: '2026-10-24T20:53:26.511Z', loggerName: 'a.b', level: 'INFO', message: line }),
      JSON.stringify({ _index: 'x', _source: { '@timestamp': '2026-10-24T20:53:26.511Z', message: line } }),
      JSON.stringify({ labels: {}, line, timestamp: '2026-10-24T20:53:26.511Z' }),
    ]),
    lines: true,
  },
  'server-log': {
    records: LINES.flatMap((line) => [
      `[#|2012-10-19T10:51:43.240+0200|INFO|glassfish3.1.2|a.b.C|_ThreadID=70;_ThreadName=x;|${line}|#]`,
      `[2012-10-19T10:51:43.240+0200] [Payara 5.2022] [INFO] [] [a.b.C] [tid: _ThreadID=70 _ThreadName=x] [timeMillis: 1350636703240] [levelValue: 800] [[\n  ${line}\nmore]]\n`,
    ]),
    lines: false,
  },
  foreign: {
    records: [
      'panic: runtime error: index out of range [1]\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/b.go:12 +0x1d\nexit status 2',
      '2026-10-24 20:53:26,511 ERROR [a.b.C] (t) failed: java.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)\nCaused by: a.D: y\n\t... 12 more',
      'Traceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\nValueError: d',
      '-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----',
      '[GIN] 2026/11/21 - 19:40:48 | 200 | 45µs | 10.20.1.33 | POST "/v2/encrypt"',
    ],
    lines: true,
  },
  'journal-export': {
    records: LINES.map(
      (line) => `__CURSOR=s=1\n__REALTIME_TIMESTAMP=1715568193562768\n_HOSTNAME=h\nMESSAGE=${line}\n\n`,
    ).concat(
      `__CURSOR=s=2\n__REALTIME_TIMESTAMP=1715568193562768\nMESSAGE\n\u0005\0\0\0\0\0\0\0a\nb\tc\n_STREAM_ID=s\n\n`,
    ),
    lines: false,
  },
  'sql-copy': {
    head: `--\n-- PostgreSQL database dump\n--\n\nCOPY public.auditrecorddata (${AUDIT_COLUMNS.join(', ').toLowerCase()}) FROM stdin;\n`,
    records: cells((cell) => cell.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t'), '\t'),
    tail: '\n\\.\n',
    lines: false,
  },
  'sql-insert': {
    head: '-- PostgreSQL database dump\n',
    records: cells((cell) => `'${cell.replaceAll("'", "''")}'`, ', ').map(
      (row) => `INSERT INTO public.auditrecorddata (${AUDIT_COLUMNS.join(', ')}) VALUES (${row});`,
    ),
    lines: false,
  },
  mysqldump: {
    head: `-- MySQL dump 10.13\nCREATE TABLE \`AuditRecordData\` (\n${AUDIT_COLUMNS.map((name) => `  \`${name}\` longtext`).join(',\n')}\n);\nINSERT INTO \`AuditRecordData\` VALUES `,
    records: cells(
      (cell) => `'${cell.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`,
      ',',
    ).map((row) => `(${row}),`),
    tail: "('x');\n",
    lines: false,
  },
  csv: {
    head: `${AUDIT_COLUMNS.join(',')}\n`,
    records: cells((cell) => `"${cell.replaceAll('"', '""')}"`, ','),
    lines: false,
  },
  psql: {
    records: ROWS.map(
      (row, at) =>
        `-[ RECORD ${at + 1} ]-----+----\n${row.map((cell, index) => `${(AUDIT_COLUMNS[index] ?? '').padEnd(18)}| ${cell.replaceAll('\n', `+\n${' '.repeat(18)}| `)}`).join('\n')}`,
    ),
    lines: false,
  },
  'mysql-vertical': {
    records: ROWS.map(
      (row, at) =>
        `*************************** ${at + 1}. row ***************************\n${row.map((cell, index) => `${(AUDIT_COLUMNS[index] ?? '').padStart(17)}: ${cell}`).join('\n')}`,
    ),
    lines: false,
  },
  'text-table': {
    head: ` ${AUDIT_COLUMNS.join(' | ')} \n-${AUDIT_COLUMNS.map((name) => '-'.repeat(name.length)).join('-+-')}-\n`,
    records: cells((cell) => ` ${cell.slice(0, 9).replaceAll('\n', ' ').padEnd(12)} `, '|'),
    tail: '\n(3 rows)\n',
    lines: false,
  },
  'json-array': {
    head: '[\n',
    records: objects.map((row) => `${JSON.stringify(row, null, 1)},`),
    tail: '{}]\n',
    lines: false,
  },
  tsv: {
    records: ROWS.map((row) => [0, 7, 12, 14, 5, 4, 2, 13, 6, 3, 10, 11, 1, 8].map((index) => row[index]).join('\t')),
    lines: false,
  },
  'java-xml': {
    head: '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17" class="java.beans.XMLDecoder">\n',
    records: ROWS.map(
      (row) =>
        `<object class="java.util.LinkedHashMap">${row.map((cell, index) => `<void method="put"><string>${AUDIT_COLUMNS[index]}</string><string>${escapeXml(cell)}</string></void>`).join('\n')}</object>`,
    ),
    tail: '</java>\n',
    lines: false,
  },
};
