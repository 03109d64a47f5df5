import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Counters } from './counters.ts';
import { Health } from './health.ts';
import { startTelemetry, type TelemetryServer } from './server.ts';

let server: TelemetryServer;
let counters: Counters;
let health: Health;
beforeEach(async () => {
  counters = new Counters();
  health = new Health();
  const delivery = () => ({ held: 3, heldBytes: 400, requests: 7, refused: 1 });
  server = await startTelemetry({ host: '127.0.0.1', port: 0 }, { counters, health, delivery, nowMillis: () => 9000 });
});
afterEach(() => server.close());

const get = async (path: string, method = 'GET') => {
  const response = await fetch(`${server.url}${path}`, { method });
  return { status: response.status, text: await response.text() };
};

describe('startTelemetry', () => {
  it('F06 shows counts by type of source in the text format of Prometheus', async () => {
    Object.assign(counters.of('file'), { read: 10, exported: 7, filtered: 2, deadLettered: 1 });
    counters.lag('file /var/log/one', 'file', { bytes: 100 });
    counters.lag('file /var/log/two', 'file', { bytes: 11 });
    counters.watchOldest('file /var/log/one', 'file', () => 6500);
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE cryptrail_records_read_total counter',
        'cryptrail_records_read_total{source_type="file"} 10',
        'cryptrail_records_exported_total{source_type="file"} 7',
        'cryptrail_records_dead_lettered_total{source_type="file"} 1',
        'cryptrail_lag_size_bytes{source_type="file"} 111',
        'cryptrail_lag_time_seconds{source_type="file"} 2.5',
        'cryptrail_delivery_held_size_bytes 400',
        'cryptrail_ready 1',
      ]),
    );
    expect(text).not.toContain('/var/log');
  });

  it('is alive but not ready while something stands in the way', async () => {
    expect(await get('/readyz')).toEqual({ status: 200, text: 'ready\n' });
    health.set('state', 'no space left');
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toEqual({ status: 503, text: 'state: no space left\n' });
    health.set('state', undefined);
    expect(await get('/readyz')).toMatchObject({ status: 200 });
  });

  it.each([
    ['/', 'GET', 404],
    ['/metrics', 'POST', 405],
  ])('answers %s %s with %i', async (path, method, status) => {
    expect(await get(path, method)).toMatchObject({ status });
  });
});
