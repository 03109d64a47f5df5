import type { FormatRule, Product } from '@cryptrail/catalogue';
import { isMessage, lineStart } from './decode/layout.ts';
import type { CollectorNames } from './versions.ts';
import { LINE, wrapperOperators } from './wrappers.ts';
import type { Yaml } from './yaml.ts';

/** The environment variable that names the log files of a product. */
export function logVariable({ id }: Product): string {
  return `CRYPTRAIL_${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_LOG`;
}

/** The environment variable that names the encoding of these files. */
export function encodingVariable(product: Product): string {
  return logVariable(product).replace(/_LOG$/, '_ENCODING');
}

/** Endings of rotated files that hold no text. */
const PACKED = ['gz', 'bz2', 'xz', 'zst', 'zip'];

/** The receiver of log files: state that survives a restart, no line split, nothing given up. */
export function fileReceiver(
  product: Product,
  formats: readonly FormatRule[],
  names: CollectorNames,
): Record<string, Yaml> {
  const start = lineStart(product.layouts ?? [], formats);
  return {
    [`${names.fileLog}/${product.id}`]: {
      include: [`\${env:${logVariable(product)}}`],
      '# 0':
        'Rotated logs belong to the glob (*.log*), or their last lines can be missed; packed ones were read before.',
      exclude: PACKED.map((ending) => `\${env:${logVariable(product)}}.${ending}`),
      '# 1': 'From the first line on; where reading stopped is remembered in the storage.',
      '# 9': 'Of the whole file, in the names of the IANA: iso-8859-1, windows-1252, utf-16le.',
      encoding: `\${env:${encodingVariable(product)}:-utf-8}`,
      start_at: 'beginning',
      storage: `${names.fileStorage}/cryptrail`,
      '# 2': 'A refused batch is tried again for ever: the files are the buffer.',
      retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
      '# 3': 'The default of 1 MiB would split a record in two.',
      max_log_size: '16MiB',
      '# 4':
        'After logrotate with copytruncate the new lines are read; the default would wait until the file is as long as before.',
      on_truncate: 'read_whole_file',
      preserve_leading_whitespaces: true,
      include_file_path: true,
      include_file_record_offset: true,
      ...(start === undefined
        ? { include_file_record_number: true }
        : { '# 8': 'No record number: it would count records, where a record can have several lines.' }),
      ...(start === undefined ? {} : { multiline: { line_start_pattern: start } }),
      operators: [
        ...(start === undefined ? [] : breakOperators(product)),
        ...wrapperOperators(formats.some(isMessage)),
        ...lineOperators(formats),
      ],
    },
  };
}

/** The line break before a record, with which it was found, is none of it. */
function breakOperators(product: Product): Yaml[] {
  const isWide = `"\${env:${encodingVariable(product)}:-utf-8}" matches "(?i)utf-?16"`;
  return [
    {
      type: 'add',
      '# a': 'A record was found with the line break before it, which is none of it, and two bytes in UTF-16.',
      if: 'body startsWith "\\n"',
      field: 'attributes["log.file.record_offset"]',
      value: `EXPR(attributes["log.file.record_offset"] + (${isWide} ? 2 : 1))`,
    },
    { type: 'regex_replace', field: 'body', regex: '^\\n', replace_with: '' },
  ];
}

/** What is done to a line before the processors see it. */
function lineOperators(formats: readonly FormatRule[]): Yaml[] {
  const json = formats.some(({ decoder }) => decoder === 'json');
  return [
    {
      type: 'regex_replace',
      id: LINE,
      '# 5':
        'A byte order mark, also of files that were joined, the zeros that a crash leaves, and the line break that UTF-16 keeps.',
      if: `body startsWith "\\uFEFF" or body startsWith "\\x00" or body endsWith "\\x00" or body endsWith "\\n"${json ? ' or body matches "^\\\\s+[{]"' : ''}`,
      field: 'body',
      regex: '^[\\x00\\x{FEFF}\\s]+|[\\x00\\s]+$',
      replace_with: '',
    },
    { type: 'filter', '# 6': 'Blank lines are no records.', expr: 'trim(body) == ""' },
    ...(json
      ? [
          {
            type: 'json_parser',
            '# 7': 'Whole numbers stay exact here; OTTL would make floating-point numbers of them.',
            if: 'body startsWith "{"',
            parse_to: 'attributes._f',
            parse_ints: true,
            on_error: 'send_quiet',
          },
        ]
      : []),
  ];
}

/** The environment variable that names the unit of a product. */
export function unitVariable(product: Product): string {
  return logVariable(product).replace(/_LOG$/, '_UNIT');
}

/** The receiver of a journal. Its defaults would leave out debug messages, long messages and messages with control characters, and begin at the end. */
export function journalReceiver(
  product: Product,
  formats: readonly FormatRule[],
  names: CollectorNames,
): Record<string, Yaml> {
  return {
    [`${names.journald}/${product.id}`]: {
      units: [`\${env:${unitVariable(product)}}`],
      start_at: 'beginning',
      storage: `${names.fileStorage}/cryptrail`,
      priority: 'debug',
      all: true,
      convert_message_bytes: true,
      retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
      operators: [
        {
          type: 'move',
          '# 9': 'The entry is the message.',
          from: 'body.MESSAGE',
          to: 'body',
        },
        ...lineOperators(formats),
      ],
    },
  };
}
