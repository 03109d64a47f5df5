import type { Product } from '@cryptrail/catalogue';
import { readableFormats } from './decode/decoders.ts';
import { isMessage } from './decode/layout.ts';
import { encodingVariable } from './receivers.ts';
import { tableFormat } from './sql.ts';
import { namesOf, TESTED_VERSION } from './versions.ts';

/** What the pack of a product cannot do on this release of the Collector, in sentences; the way round it beside each. */
export function packLimits(product: Product, version: string = TESTED_VERSION): string[] {
  const { readable, others: unread } = readableFormats(product);
  const others = unread.filter(({ decoder }) => decoder !== 'row');
  const isOfSeveralLines = readable.some(isMessage);
  const has = (decoder: string) => readable.some((format) => format.decoder === decoder);
  return [
    ...(sameRelease(version, TESTED_VERSION)
      ? []
      : [
          `Names of components are those of Collector ${version} by its release notes; the pack was run on ${TESTED_VERSION} only.`,
        ]),
    ...(namesOf(version)?.lacks.includes('stringify_all')
      ? [
          'Numbers and truth values among the details keep their type, where others have text: that needs 0.155 (`stringify_all`).',
        ]
      : []),
    'Evidence (chains, row protection, gaps in sequence numbers) is not verified: a Collector keeps no state between records. Run `cryptrail run` beside it.',
    ...(others.length === 0
      ? []
      : [`Not read: ${others.map(({ id }) => id).join(', ')}. Their lines are kept as foreign text.`]),
    ...(tableFormat(product)
      ? [
          `Rows of the table ${tableFormat(product)?.table.name} are read by a pack of their own, ${product.id}-sql.yaml, or better by \`cryptrail run\`.`,
        ]
      : []),
    `Files are read as UTF-8; ${encodingVariable(product)} names another encoding (iso-8859-1, utf-16le), for all of them.`,
    'Wrappers are taken off where Kubernetes, Docker, docker compose, kubectl --prefix, Fluent Bit, Filebeat or a JSON layout of WildFly wrote them; not those of log stores, nor exports of the journal.',
    'A line that a runtime cut is joined in memory: a kill between its pieces loses those read before.',
    isOfSeveralLines
      ? 'Records can have several lines, so they carry no `log.file.record_number`; a line without a beginning that is known goes on with the one before it.'
      : 'A stack trace or a panic is one foreign record a line.',
    'Of two details whose names differ only in signs that attribute names do not have, one is kept.',
    ...(has('json')
      ? [
          'Whole numbers beyond 64 bits lose digits, and nested JSON is written with its names in alphabetical order.',
          'The body of a broken JSON line tells its size, not the place of the fault.',
        ]
      : []),
    'A secret with a field of its own is removed from the other fields, too; of several details with a secret name this holds for the first.',
  ];
}

function sameRelease(one: string, other: string): boolean {
  const minor = (text: string) => /^v?0\.(\d{1,4})/.exec(text)?.[1];
  return minor(one) === minor(other);
}
