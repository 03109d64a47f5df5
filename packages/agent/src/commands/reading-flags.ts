import { products } from '@cryptrail/catalogue';
import { INPUT_FORMS, isOrder, type PipelineOptions } from '@cryptrail/mapper';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';

/** Flags of every command that reads logs: how its input is to be understood. */
export const READING_FLAGS = {
  product: { kind: 'value', placeholder: 'ID', help: 'All input is of this product (see: cryptrail list products).' },
  application: { kind: 'value', placeholder: 'NAME', help: 'ejbca or signserver, where CESeCore records do not tell.' },
  input: { kind: 'value', placeholder: 'FORM', help: 'Form of all input, e.g. lines. Default: told by its content.' },
  'time-zone': { kind: 'value', placeholder: 'ZONE', help: 'IANA zone of times printed without one. Default UTC.' },
  'log-order': {
    kind: 'value',
    placeholder: 'TEXT',
    help: 'Pattern that worker, OCSP or web service logs were configured with, e.g. "AUDIT;${LOG_ID};${WORKER_ID}".',
  },
} as const satisfies FlagRules;

/** What the flags of {@link READING_FLAGS} say. */
export interface ReadingFlags {
  readonly product?: string | undefined;
  readonly application?: string | undefined;
  readonly input?: string | undefined;
  readonly 'time-zone'?: string | undefined;
  readonly 'log-order'?: string | undefined;
}

/**
 * The part of the pipeline's options that these flags decide.
 *
 * @throws {@link Misuse} on a product, application or zone that does not exist.
 */
export function readingOptions(
  flags: ReadingFlags,
): Pick<PipelineOptions, 'products' | 'product' | 'application' | 'input' | 'timeZone' | 'logOrder'> {
  const { product, application, input, 'time-zone': timeZone, 'log-order': order } = flags;
  return {
    products,
    ...(product === undefined ? {} : { product: readableProduct(product) }),
    ...(application === undefined ? {} : { application: applicationName(application) }),
    ...(input === undefined ? {} : { input: formName(input) }),
    ...(timeZone === undefined ? {} : { timeZone: zoneName(timeZone) }),
    ...(order === undefined ? {} : { logOrder: logOrder(order) }),
  };
}

/** The id of a product as the user wrote it; the value of `cryptrail.product` is understood too. */
export function productId(written: string): string {
  const folded = written.toLowerCase();
  const found = products.find(({ id, value }) => id === folded || value === folded);
  if (found) return found.id;
  const owner = products.find(({ applications }) => applications && Object.hasOwn(applications, folded));
  const ids = products.map(({ id }) => id);
  const hint = owner ? `Use --product ${owner.id} --application ${folded}.` : didYouMean(written, ids);
  throw new Misuse(`--product knows no ${JSON.stringify(written)}; it takes ${ids.join(', ')}.`, hint);
}

/** Nothing is read as a record of Cryptrail's own. */
function readableProduct(written: string): string {
  const id = productId(written);
  if (products.some((product) => product.id === id && product.kind === 'internal'))
    throw new Misuse(`--product ${id}: no line is read as one of its records.`);
  return id;
}

function applicationName(written: string): string {
  const names = products.flatMap(({ applications }) => Object.keys(applications ?? {}));
  const found = names.find((name) => name === written.toLowerCase());
  if (found !== undefined) return found;
  const hint = didYouMean(written, names);
  throw new Misuse(`--application knows no ${JSON.stringify(written)}; it takes ${names.join(', ')}.`, hint);
}

function formName(written: string): string {
  const found = INPUT_FORMS.find((form) => form === written.toLowerCase());
  if (found !== undefined) return found;
  const hint = didYouMean(written, INPUT_FORMS);
  throw new Misuse(`--input knows no ${JSON.stringify(written)}; it takes ${INPUT_FORMS.join(', ')}.`, hint);
}

/** `\n` in the text stands for a line break, as in the configuration files the order is copied from. */
function logOrder(written: string): string {
  if (isOrder(written)) return written.replaceAll('\\n', '\n');
  throw new Misuse(
    `--log-order names no value: ${JSON.stringify(written)}.`,
    'Write ${NAME} for each, in single quotes.',
  );
}

function zoneName(written: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone;
  } catch {
    const hint = didYouMean(written, Intl.supportedValuesOf('timeZone')) ?? 'Write a name such as Europe/Stockholm.';
    throw new Misuse(`--time-zone knows no ${JSON.stringify(written)}.`, hint);
  }
}
