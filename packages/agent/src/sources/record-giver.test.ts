import { products } from '@cryptrail/catalogue';
import { encodeLogs, joinGroups } from '@cryptrail/exporter/otlp';
import { createPipeline } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { isEncoded } from '../run/is-encoded.ts';
import { giverOf } from './record-giver.ts';

const line = (code: number) =>
  `{"code":${code},"level":"warning","msg":"m","product":"acra-server","unixTime":"1.500"}\n`;

/** What an input gives for two pushes and its end, and where it goes on after each. */
function readWith(encodes: boolean) {
  const reader = createPipeline({ products, now: () => 1n }).open({ name: 'acra.log' });
  const giver = giverOf(reader, { encodes });
  const given = [];
  for (const text of [line(587) + line(560).slice(0, 9), line(560).slice(9), line(587).trim()]) {
    given.push({ logs: giver.push(Buffer.from(text)), resume: reader.resume });
  }
  given.push({ logs: giver.end(), resume: reader.resume });
  return given;
}

describe('giverOf', () => {
  it('gives the same records and places encoded as it gives as objects', () => {
    const objects = readWith(false).map(({ logs, resume }) => {
      if (isEncoded(logs)) throw new Error('these are encoded');
      return { bytes: joinGroups(encodeLogs(logs)), resume };
    });
    const encoded = readWith(true).map(({ logs, resume }) => {
      if (logs.length > 0 && !isEncoded(logs)) throw new Error('these are not encoded');
      return { bytes: joinGroups(isEncoded(logs) ? logs : []), resume };
    });
    expect(encoded).toEqual(objects);
  });
});
