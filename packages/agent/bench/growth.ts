/** Whether cost grows in proportion: with the number of records, the length of a line, the number of attributes and of catalogue entries. */
import { defineProduct, type Product, products } from '@cryptrail/catalogue';
import { encodeInput } from '@cryptrail/exporter';
import { createPipeline } from '@cryptrail/mapper';
import { FORMS, linesOf, vary } from './corpus.ts';
import { median } from './measure.ts';

/** How the cost of one unit changed between the smallest and the largest size. */
export interface Growth {
  readonly what: string;
  /** Sizes, and CPU time of one unit at each in relation to the first. */
  readonly steps: readonly { readonly size: number; readonly ratio: number }[];
  /** The ratio at the last size may be this much. */
  readonly most: number;
}

const ROUNDS = 5;
const CHUNK = 1 << 16;
/** In proportion, with room for noise and for caches that are left behind. */
const PROPORTIONAL = 2;
/** Events beyond those that plans are kept for go the ordinary way, which costs the same for any number. */
const WITHOUT_PLANS = 12;
const EVENT_LINES = 200_000;

/** Measures each growth, sizes taking turns. */
export function measureGrowth(largest: number): Growth[] {
  const sizes = [10_000, 100_000, 1_000_000, 10_000_000].filter((size) => size <= largest);
  const first = FORMS[0];
  const lines = first ? linesOf(first) : [];
  const input = (count: number) => {
    const all: string[] = [];
    for (let at = 0; at < Math.min(count, 20_000); at += 1)
      all.push(vary(lines[at % lines.length] ?? '', Math.floor(at / lines.length)));
    return { bytes: Buffer.from(`${all.join('\n')}\n`), times: Math.ceil(count / all.length) };
  };
  return [
    grow('records of an input', sizes, (size) => {
      const { bytes, times } = input(size);
      return { products, bytes, times, units: size };
    }),
    grow('bytes of a line', [1_000, 10_000, 100_000, 1_000_000], (size) => {
      const line = JSON.stringify({ ...JSON.parse(lines[0] ?? '{}'), note: 'a b-c='.repeat(size / 6) });
      const times = Math.ceil(4_000_000 / size);
      return { products, bytes: Buffer.from(`${line}\n`), times, units: size * times };
    }),
    grow('attributes of a record', [10, 30, 100], (size) => {
      const members = Object.fromEntries(Array.from({ length: size }, (_, at) => [`own_field_${at}`, `value ${at}`]));
      const line = JSON.stringify({ ...JSON.parse(lines[0] ?? '{}'), ...members });
      const times = Math.ceil(300_000 / size);
      return { products, bytes: Buffer.from(`${line}\n`), times, units: size * times };
    }),
    grow(
      'entries of a catalogue',
      [10, 100, 1_000, 10_000],
      (size) => ({ products: [productOf(size)], bytes: linesWithCodes(size), times: 1, units: EVENT_LINES }),
      WITHOUT_PLANS,
    ),
  ];
}

interface Load {
  readonly products: readonly Product[];
  readonly bytes: Uint8Array;
  /** How often the bytes are read. */
  readonly times: number;
  /** By what the cost is divided. */
  readonly units: number;
}

function grow(what: string, sizes: readonly number[], load: (size: number) => Load, most = PROPORTIONAL): Growth {
  const loads = sizes.map((size) => load(size));
  const costs = sizes.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, one] of loads.entries()) costs[index]?.push(costOf(one));
  const base = median(costs[0] ?? []);
  const steps = sizes.map((size, index) => ({ size, ratio: median(costs[index] ?? []) / base }));
  return { what, steps, most };
}

/** CPU time a unit, in microseconds. */
function costOf({ products, bytes, times, units }: Load): number {
  const began = process.cpuUsage();
  const reader = encodeInput(createPipeline({ products, now: () => 1n }).open({ name: 'bench.log' }));
  for (let time = 0; time < times; time += 1)
    for (let from = 0; from < bytes.length; from += CHUNK) reader.push(bytes.subarray(from, from + CHUNK));
  reader.end();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / units;
}

function linesWithCodes(codes: number): Uint8Array {
  const lines = Array.from({ length: EVENT_LINES }, (_, at) =>
    JSON.stringify({ made_up: '1', code: String(at % codes), level: 'info', note: `number ${at}` }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

function productOf(entries: number): Product {
  const events = Object.fromEntries(
    Array.from({ length: entries }, (_, at) => [
      `made.event_${at}`,
      { title: `Event ${at}`, code: String(at), group: 'all', category: 'authorization', priority: 'low' } as const,
    ]),
  );
  return defineProduct({
    product: {
      id: 'made',
      value: 'made',
      namespace: 'made',
      formats: [
        {
          id: 'made_json',
          decoder: 'json',
          claims: [[{ field: 'made_up', present: true }]],
          brokenMarks: ['"made_up":'],
          time: [],
          severity: 'level',
          message: [{ field: 'note' }],
        },
      ],
      recognition: [{ codeField: 'code' }],
      severities: { level: { field: 'level', words: { info: { number: 9 } } } },
      outcomes: {},
      resource: { 'service.name': 'made' },
      codeAttribute: { name: 'made.code', type: 'string' },
      groupAttribute: 'made.group',
      details: { prefix: 'made.details', keys: 'snake' },
      redaction: { secretNames: [], queryParameters: [] },
      sentence: ['{title}'],
    },
    fields: [{ fields: ['made_up', 'level', 'note', 'code'], to: 'consumed' }],
    events,
  });
}
