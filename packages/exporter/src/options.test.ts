import { describe, expect, it } from 'vitest';
import { ExporterError } from './errors.ts';
import { type OtlpOptions, resolveOtlpOptions } from './options.ts';

const resolve = (options: OtlpOptions = {}, env: Record<string, string> = {}) =>
  resolveOtlpOptions({ env, ...options });

describe('resolveOtlpOptions', () => {
  it('has the defaults of the OpenTelemetry specification', () => {
    expect(resolve()).toEqual({
      environment: {},
      protocol: 'http/json',
      url: 'http://localhost:4318/v1/logs',
      headers: {},
      compression: 'none',
      timeoutMillis: 10_000,
      tlsFiles: {},
      stock: {},
    });
    expect(resolve({ protocol: 'grpc' }).url).toBe('http://localhost:4317');
  });

  it.each<[string, OtlpOptions, Record<string, string>, string]>([
    ['adds the path to an endpoint', { endpoint: 'http://a:1' }, {}, 'http://a:1/v1/logs'],
    ['adds the path behind that of an endpoint', { endpoint: 'http://a:1/otlp/' }, {}, 'http://a:1/otlp/v1/logs'],
    ['takes a url as it is', { url: 'http://a:1/x', endpoint: 'http://b' }, {}, 'http://a:1/x'],
    ['adds the path to the general variable', {}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:1' }, 'http://e:1/v1/logs'],
    [
      'takes the logs variable as it is',
      {},
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://l:1/y', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:1' },
      'http://l:1/y',
    ],
    [
      'prefers an endpoint to the variables',
      { endpoint: 'http://a:1' },
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://l:1/y' },
      'http://a:1/v1/logs',
    ],
    ['adds nothing for gRPC', { protocol: 'grpc', endpoint: 'http://a:1' }, {}, 'http://a:1'],
  ])('%s', (_, options, env, url) => {
    expect(resolve(options, env).url).toBe(url);
  });

  it('reads every variable, those for logs before the general ones, and blank ones not at all', () => {
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a,x-tenant=general, =none,broken',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-tenant=logs',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: ' ',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/client.pem',
      OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: '/client.key',
    };
    expect(resolve({ headers: { 'x-own': '1' } }, env)).toMatchObject({
      protocol: 'http/protobuf',
      headers: { authorization: 'Bearer a', 'x-tenant': 'logs', 'x-own': '1' },
      compression: 'gzip',
      timeoutMillis: 2500,
      tlsFiles: { ca: '/ca.pem', cert: '/client.pem', key: '/client.key' },
    });
  });

  it.each<[OtlpOptions, string]>([
    [{ protocol: 'http/xml' as never }, 'protocol: expected one of http/json, http/protobuf, grpc, found "http/xml"'],
    [{ compression: 'zip' as never }, 'compression: expected one of none, gzip, zstd, found "zip"'],
    [{ endpoint: 'localhost:4318' }, 'endpoint: expected an http:// or https:// address, found "localhost:4318"'],
    [{ timeoutMillis: 0 }, 'timeoutMillis: expected a number above 0, found "0"'],
    [{ env: { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' } }, 'timeoutMillis: expected a number above 0, found "soon"'],
  ])('refuses %j with a message that quotes the value', (options, message) => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ code: 'invalid_option', message }));
    expect(() => resolve(options)).toThrow(ExporterError);
  });

  it('F04 quotes no password of an address', () => {
    expect(() => resolve({ endpoint: 'ftp://ann:secret@a' })).toThrow(/found "ftp:\/\/…@a"/);
  });
});
