import { expect, it } from 'vitest';
import { listEvents } from './find-entries.ts';
import { toJson } from './to-json.ts';

it('C27 F01 writes every event as an object that names its product', () => {
  const rows = JSON.parse(toJson(listEvents()));
  expect(rows).toHaveLength(listEvents().length);
  expect(rows.find(({ eventName }: { eventName: string }) => eventName === 'cesecore.log_delete')).toMatchObject({
    product: 'cesecore',
    code: 'LOG_DELETE',
    priority: 'critical',
  });
});

it('writes an empty list for no events', () => {
  expect(toJson([])).toBe('[]\n');
});
