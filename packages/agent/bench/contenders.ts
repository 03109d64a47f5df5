/** The programs that are compared: each takes a file to an OTLP endpoint. */
import { join } from 'node:path';
import { measure as measureCollector } from '../../../test/collector/support/measure.ts';
import { type Form, linesOf } from './corpus.ts';
import { measure, type Usage } from './measure.ts';

export interface Job {
  readonly file: string;
  readonly endpoint: string;
  readonly compression: 'none' | 'gzip';
  /** Where a summary may be written. */
  readonly summary: string;
}

export interface Contender {
  readonly name: string;
  run(job: Job): Promise<Usage>;
}

const HERE = import.meta.dirname;

/** A user's program on the stock OpenTelemetry SDK. */
export const stock: Contender = {
  name: 'stock SDK path',
  run: ({ file, endpoint, compression }) =>
    measure(join(HERE, 'contenders', 'stock.ts'), [file, endpoint, compression]),
};

/** Our mapper in front of the stock SDK. */
export const sdkMode: Contender = {
  name: 'Cryptrail through the SDK',
  run: ({ file, endpoint, compression }) => measure(join(HERE, 'contenders', 'sdk.ts'), [file, endpoint, compression]),
};

/** `cryptrail convert FILE --endpoint URL`. */
export const direct: Contender = {
  name: 'cryptrail convert',
  run: ({ file, endpoint, compression, summary }) =>
    measure(
      join(HERE, '..', 'bin', 'cryptrail.js'),
      ['convert', file, `--endpoint=${endpoint}`, `--summary=${summary}`],
      { OTEL_EXPORTER_OTLP_COMPRESSION: compression },
    ),
};

/** The least that has to be done with the bytes of a file. */
export function limit(what: 'read' | 'copy' | 'hash'): (file: string) => Promise<Usage> {
  return (file) => measure(join(HERE, 'contenders', 'limits.ts'), [what, file]);
}

/**
 * CPU time of a Collector in microseconds a line: the pack of the product, which gives the same records with stock components, in the batches that were
 * measured to cost it least. Its start (a second or two) is left out, unlike that of the others.
 */
export async function collectorMicros(
  binary: string,
  form: Form & { readonly pack: string },
  job: Job,
  lines: number,
): Promise<number> {
  const { pack } = form;
  const { perLine } = await measureCollector({
    binary,
    configs: [join(HERE, '..', '..', 'collector', 'packs', `${pack}.yaml`)],
    pipeline: `logs/${pack}`,
    variable: `CRYPTRAIL_${pack.toUpperCase()}_LOG`,
    lines: linesOf(form),
    file: job.file,
    count: lines,
    target: 'otlp',
    compression: job.compression,
  });
  return perLine;
}
