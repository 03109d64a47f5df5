/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item;
}

/** Starts the numbers of a seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
  return {
    below,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

type Mutator = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** Signs and words that mean something to one format or another. */
const TOKENS: readonly Buffer[] = [
  ...[
    '"',
    '\\',
    '\\"',
    "'",
    "''",
    '`',
    '=',
    ';',
    '; ',
    ': ',
    ',',
    '|',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '&',
  ],
  ...[
    '\\u0000',
    '\\ud800',
    '\\x',
    '\\n',
    '&lt;',
    '&#0;',
    '&#x110000;',
    '&x;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '<!DOCTYPE a>',
    '<null/>',
    '</void>',
  ],
  ...[
    'null',
    '-0',
    '1e999',
    'NaN',
    '9223372036854775808',
    '-9223372036854775809',
    '00',
    '0x1',
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:60Z',
  ],
  ...[
    '__proto__',
    'constructor',
    'EVENT: ',
    'REPLY_TIME:1',
    'AllVariablesLogger; ',
    'CEF:0|',
    'time="',
    'level=',
    'B64:',
    'B64:AAAA',
    '%41',
    '%',
  ],
  ...[
    '\u001b[31m',
    '\u001b[0m',
    '\u001e',
    '\ufeff',
    '\u2028',
    '\u202e',
    'é',
    '\ud83d\ude00',
    '-- ',
    '/*',
    '*/',
    '\\.',
    '$$',
    "E'",
  ],
  ...[
    'CN=',
    'CN=a, O=b',
    '2026-10-24 22:53:26+02:00;',
    '<134>',
    '2024-09-17T08:00:00.1Z stdout P ',
    '"log":',
    '"_source":',
    '"MESSAGE":null',
  ],
].map((text) => Buffer.from(text));

const INVALID: readonly Buffer[] = [
  [0x80],
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0xfe, 0xff],
].map((units) => Buffer.from(units));

const insert = (bytes: Buffer, at: number, piece: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

function slice(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length + 1);
  return bytes.subarray(from, from + random.below(Math.min(200, bytes.length - from) + 1));
}

const MUTATORS: readonly Mutator[] = [
  function flipBits(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let left = 1 + random.below(4); left > 0 && copy.length > 0; left -= 1) {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    }
    return copy;
  },
  function overwrite(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), random.pick(TOKENS)),
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), random.pick(INVALID)),
  function cut(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function remove(bytes, random) {
    const from = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.below(30))]);
  },
  function splice(bytes, random, others) {
    const other = random.pick(others);
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  function duplicate(bytes, random) {
    return insert(bytes, random.below(bytes.length + 1), slice(bytes, random));
  },
  function repeat(bytes, random) {
    const piece = random.below(2) === 0 ? random.pick(TOKENS) : slice(bytes, random);
    const times = random.below(random.below(20) === 0 ? 2000 : 40);
    return insert(bytes, random.below(bytes.length + 1), Buffer.concat(Array.from({ length: times }, () => piece)));
  },
  function grow(bytes, random) {
    const sign = Buffer.from(random.pick(['a', 'é', ' ', '9', '=', '"', '\\']));
    return insert(
      bytes,
      random.below(bytes.length + 1),
      Buffer.alloc(random.below(random.below(30) === 0 ? 20_000 : 300), sign),
    );
  },
];

/** The record, changed in one to four places. `others`: records to splice with. */
export function mutate(record: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let bytes = record;
  for (let left = 1 + random.below(1 + random.below(4)); left > 0; left -= 1)
    bytes = random.pick(MUTATORS)(bytes, random, others);
  return bytes;
}
