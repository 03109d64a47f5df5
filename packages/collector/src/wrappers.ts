import { PREFIX, STAMP } from './decode/layout.ts';
import { isoTime } from './map/time.ts';
import type { Block } from './ottl/block.ts';
import { all, attribute, set, WORK } from './ottl/expression.ts';
import type { Yaml } from './yaml.ts';

/** The operator at which a line without a wrapper begins. */
export const LINE = 'line';

const SAID = `attributes.${WORK.wrapper}`;
const STREAM = 'attributes["log.iostream"]';

/** One line of a container: of the log file of Kubernetes, of `docker compose logs` or of `kubectl logs --prefix`. */
const LINE_OF =
  `(?s)^(?:(?P<time>${STAMP}) (?P<stream>stdout|stderr) (?P<tag>[FP])[^ ]* ` +
  '|(?P<container>[A-Za-z0-9][A-Za-z0-9_.-]*) +\\| ' +
  '|\\[(?:pod|container)/(?P<pod>[A-Za-z0-9_.-]+)(?:/(?P<within>[A-Za-z0-9_.-]+))?[A-Za-z0-9/_.-]*\\] )(?P<text>.*)$';
/** Two pieces of a line that was cut, and what of their heads stays: the place of the first, the mark of the second. */
const TWO_PIECES = `^(${STAMP} (?:stdout|stderr) )P[^ ]* ([^\\n]*)\\n${STAMP} (?:stdout|stderr) ([FP][^ ]* )`;
/** A line that is cut into more pieces than this and in the middle of a record keeps breaks between the others. */
const MOST_PIECES = 4;

/** A JSON object that carries a line in one of its members. */
interface Envelope {
  readonly id: string;
  readonly holds: string;
  /** The member with the line. */
  readonly text: string;
  /** The member with the time. */
  readonly time: string;
  /** Members that are parts of a logging layout, by the name of the part. */
  readonly layout?: Readonly<Record<string, string>>;
}

const member = (name: string) => `${SAID}["${name}"]`;
const has = (...names: readonly string[]) => names.map((name) => `"${name}" in ${SAID}`).join(' and ');
const isText = (name: string) => `type(${member(name)}) == "string"`;

const FORMATTER = { time: 'timestamp', level: 'level', category: 'loggerName', thread: 'threadName' };
/** In the order in which they are asked; the first three are Docker's, a log collector's, and one of WildFly's. */
const ENVELOPES: readonly Envelope[] = [
  { id: 'docker', holds: all(has('log', 'time'), isText('log')), text: 'log', time: 'time' },
  {
    id: 'collected',
    holds: all(has('log'), `(${has('stream')} or ${has('kubernetes')})`, isText('log')),
    text: 'log',
    time: '@timestamp',
  },
  {
    id: 'formatter',
    holds: all(has('loggerName', 'message'), isText('message')),
    text: 'message',
    time: 'timestamp',
    layout: FORMATTER,
  },
  { id: 'beat', holds: all(has('@timestamp', 'message'), isText('message')), text: 'message', time: '@timestamp' },
];
/** One of these stands in every line that has an envelope, and in few others. */
const MARKS = ['log', '@timestamp', 'loggerName'];

/** Operators that take the wrapper of a container runtime or a log shipper off a line. Lines without one pass a single test. */
export function wrapperOperators(hasLayouts: boolean): Yaml[] {
  return [
    {
      type: 'router',
      '# w1': 'Lines of a container runtime or a log shipper: the wrapper is taken off, pieces of one line are joined.',
      routes: [
        { expr: `body matches ${JSON.stringify(`^${PREFIX}`)}`, output: 'container' },
        {
          expr: `body startsWith "{" and (${MARKS.map((mark) => `body contains ${JSON.stringify(`"${mark}"`)}`).join(' or ')})`,
          output: 'envelope',
        },
      ],
      default: LINE,
    },
    ...containerOperators(hasLayouts),
    ...(hasLayouts ? [DOCKER_LINES] : []),
    { type: 'json_parser', ...(hasLayouts ? {} : { id: 'envelope' }), parse_to: SAID, on_error: 'send_quiet' },
    {
      type: 'router',
      routes: ENVELOPES.map(({ id, holds }) => ({ expr: `${SAID} != nil and ${holds}`, output: id })),
      default: 'unknown_envelope',
    },
    ...ENVELOPES.flatMap((envelope) => openOperators(envelope, hasLayouts)),
    { type: 'remove', id: 'unknown_envelope', field: SAID, if: `${SAID} != nil`, output: LINE },
  ];
}

/** One line of Docker's after the other, as far as they belong to one record: made one by what stands between their texts. */
const DOCKER_LINES: Yaml = {
  type: 'regex_replace',
  id: 'envelope',
  if: 'body contains "\\n"',
  field: 'body',
  regex: '(\\\\n)?", ?"stream": ?"[^\\n]*\\n\\{"log": ?"',
  replace_with: '${1}',
};

function containerOperators(hasLayouts: boolean): Yaml[] {
  const said = (name: string) => `${SAID}.${name}`;
  const attributeOf = (name: string, target: string) => ({
    type: 'move',
    if: `${said(name)} != ""`,
    from: said(name),
    to: `attributes["${target}"]`,
  });
  const joins = Array.from({ length: MOST_PIECES - 1 }, () => ({
    type: 'regex_replace',
    if: 'body contains " P"',
    field: 'body',
    regex: TWO_PIECES,
    replace_with: '${1}${3}${2}',
  }));
  const [first, ...rest] = joins;
  return [
    ...(hasLayouts && first ? [{ ...first, id: 'container' }, ...rest] : []),
    { type: 'regex_parser', ...(hasLayouts ? {} : { id: 'container' }), regex: LINE_OF, parse_to: SAID },
    ...(hasLayouts
      ? [
          {
            type: 'regex_replace',
            if: `${said('text')} contains "\\n"`,
            field: said('text'),
            regex: `\\n${PREFIX}`,
            replace_with: '\n',
          },
        ]
      : []),
    ...pieces('container', `${said('tag')} != "P"`, said('text')),
    { type: 'move', from: said('text'), to: 'body' },
    attributeOf('stream', 'log.iostream'),
    attributeOf('container', 'container.name'),
    attributeOf('pod', 'k8s.pod.name'),
    attributeOf('within', 'k8s.container.name'),
    { type: 'noop', output: LINE },
  ];
}

function openOperators({ id, text, time, layout }: Envelope, hasLayouts: boolean): Yaml[] {
  const stream = `${SAID}.stream`;
  return [
    // Docker writes the line break with the last piece.
    ...(id === 'docker' ? pieces('docker', `${member(text)} endsWith "\\n"`, member(text)) : []),
    { type: 'move', ...(id === 'docker' ? {} : { id }), from: member(text), to: 'body' },
    { type: 'regex_replace', if: 'body endsWith "\\n"', field: 'body', regex: '\\r?\\n$', replace_with: '' },
    ...(text === 'log'
      ? [{ type: 'move', if: `${stream} == "stdout" or ${stream} == "stderr"`, from: stream, to: STREAM }]
      : []),
    ...(layout && hasLayouts
      ? Object.entries(layout).map(([part, name]) => ({
          type: 'copy',
          if: isText(name),
          from: member(name),
          to: `attributes.${WORK.layout}.${part}`,
        }))
      : []),
    ...(time === 'time' ? [] : [{ type: 'move', if: isText(time), from: member(time), to: `${SAID}.time` }]),
    { type: 'noop', output: LINE },
  ];
}

/** Joins the pieces into which a runtime cut a long line; a line in one piece is not held back. */
function pieces(id: string, isLast: string, field: string): Yaml[] {
  return [
    {
      type: 'add',
      ...(id === 'docker' ? { id } : {}),
      field: `${SAID}.key`,
      value: `EXPR(attributes["log.file.path"] + " " + (${SAID}.stream ?? ""))`,
    },
    {
      type: 'recombine',
      combine_field: field,
      combine_with: '',
      is_last_entry: isLast,
      source_identifier: `${SAID}.key`,
      overwrite_with: 'oldest',
      max_log_size: '16MiB',
    },
  ];
}

/** The time of the wrapper, for lines that tell none. */
export function wrapperTime(): Block {
  const said = attribute(WORK.wrapper);
  const told = 'log.cache["told"]';
  const nanos = `${said}["nanos"]`;
  const wholeSeconds = (path: string) => `${path} / 1000000000 * 1000000000`;
  return {
    comment: 'The time of a wrapper, for lines that tell none',
    conditions: [`${said} != nil`],
    statements: [
      // A logging layout in JSON tells the fraction of the second that the message names.
      set(
        told,
        'log.time_unix_nano',
        `${said}["loggerName"] != nil and ${wholeSeconds('log.time_unix_nano')} == log.time_unix_nano`,
      ),
      set('log.time_unix_nano', '0', `${told} != nil`),
      ...isoTime(`${said}["time"]`, { field: 'time', form: 'iso' }),
      set('log.time_unix_nano', nanos, `log.time_unix_nano == 0 and ${nanos} != nil`),
      set(
        'log.time_unix_nano',
        told,
        `${told} != nil and ${told} > 0 and ${wholeSeconds('log.time_unix_nano')} != ${told}`,
      ),
    ],
  };
}

/** What the journal says of an entry waits, because a product's own time goes before it. */
export function journalTime(): Block {
  return {
    comment: 'The time of the journal waits until the product had its say',
    statements: [set(`${attribute(WORK.wrapper)}["nanos"]`, 'log.time_unix_nano'), set('log.time_unix_nano', '0')],
  };
}
