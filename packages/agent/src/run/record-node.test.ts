import { encodeLogs } from '@cryptrail/exporter/otlp';
import { expect, it } from 'vitest';
import { record } from '../../test/memory-source.ts';
import { nodesOf } from './record-node.ts';

it('F09 finds the nodes of records and of encoded records', () => {
  const of = (attributes: [string, string][]) => record('x', { resource: { attributes: new Map(attributes) } });
  const records = [
    of([
      ['service.instance.id', 'ca1'],
      ['host.name', 'h1'],
    ]),
    of([['host.name', 'h2']]),
    of([['service.name', 'ejbca']]),
  ];
  expect([...nodesOf(records)]).toEqual(['ca1', 'h2']);
  expect([...nodesOf(encodeLogs(records))]).toEqual(['ca1', 'h2']);
});
