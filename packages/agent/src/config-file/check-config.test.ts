import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config.ts';
import { renderProblems } from './problem.ts';

const MINIMAL = 'sources:\n  - { type: stdin }\n';

function problemsOf(text: string, environment: Record<string, string> = {}): string[] {
  const checked = checkConfig(text, environment);
  return checked.ok ? [] : renderProblems('a.yaml', checked.problems).split('\n');
}

function configOf(text: string, environment: Record<string, string> = {}) {
  const checked = checkConfig(text, environment);
  if (!checked.ok) throw new Error(renderProblems('a.yaml', checked.problems));
  return checked.config;
}

describe('checkConfig', () => {
  it('takes every kind of source and gives its options the names of the code', () => {
    const { sources } = configOf(
      `
sources:
  - { type: file, include: ["/var/log/acra/*.log*"], product: acra, start_at: beginning, poll_interval: 500ms }
  - { type: journald, units: "aqtive-guard*", product: aqtive }
  - { type: sql, url: "\${env:PKI_DB_URL}", application: ejbca, poll_interval: 10s }
  - { type: otlp, listen: 127.0.0.1:4319, max_body: 4MiB, tls: { cert_file: c.pem, key_file: k.pem } }
  - { type: stdin, product: acra, silent_after: 5m, since: 2024-05-12 }
  - { type: syslog, listen: tcp://127.0.0.1:5514, resource: { deployment.environment.name: production, weight: 2 } }
`,
      { PKI_DB_URL: 'postgres://me:secret@db/pki' },
    );
    expect(sources).toEqual([
      {
        type: 'file',
        options: { include: ['/var/log/acra/*.log*'], product: 'acra', startAt: 'beginning', pollIntervalMillis: 500 },
      },
      { type: 'journald', options: { units: ['aqtive-guard*'], product: 'aqtive' } },
      {
        type: 'sql',
        options: { url: 'postgres://me:secret@db/pki', application: 'ejbca', pollIntervalMillis: 10_000 },
      },
      {
        type: 'otlp',
        options: { listen: '127.0.0.1:4319', maxBodyBytes: 4_194_304, tls: { certFile: 'c.pem', keyFile: 'k.pem' } },
      },
      {
        type: 'stdin',
        options: { product: 'acra', silentAfterMillis: 300_000, sinceUnixNano: 1_715_472_000_000_000_000n },
      },
      {
        type: 'syslog',
        options: {
          listen: 'tcp://127.0.0.1:5514',
          resource: { 'deployment.environment.name': 'production', weight: 2 },
        },
      },
    ]);
  });

  it('takes the export section', () => {
    const { export: destinations } = configOf(`${MINIMAL}
export:
  otlp: { endpoint: "http://localhost:4318", protocol: http/protobuf, compression: gzip, headers: {}, timeout: 10s,
          max_batch_bytes: 4MiB, max_in_flight: 4, tls: { ca_file: ca.pem } }
`);
    expect(destinations?.otlp).toEqual({
      endpoint: 'http://localhost:4318',
      protocol: 'http/protobuf',
      compression: 'gzip',
      headers: {},
      timeoutMillis: 10_000,
      maxBatchBytes: 4_194_304,
      maxInFlight: 4,
      tls: { caFile: 'ca.pem' },
    });
  });

  it('refuses unknown keys with the nearest right one, where they stand', () => {
    expect(problemsOf('sources:\n  - { type: file, includes: [a], product: acra }\nexprot: {}\n')).toEqual([
      'a.yaml:2:5: sources[0].include is missing; it takes a text, or a list of texts that is not empty',
      'a.yaml:2:19: sources[0]: unknown key "includes". Did you mean include?',
      'a.yaml:3:1: unknown key "exprot". Did you mean export?',
    ]);
  });

  it.each([
    [
      'sources: [{ type: fil }]',
      'a.yaml:1:19: sources[0].type takes a type: file, journald, sql, otlp, stdin or syslog',
    ],
    ['sources: [{ include: x }]', 'sources[0].type is missing; it takes a type'],
    ['sources: []', 'a.yaml:1:10: sources needs at least one source'],
    ['sources: 7', 'a.yaml:1:10: sources takes a list of sources'],
    ['state: /x', 'sources is missing; it takes a list of sources'],
    ['- a', 'the configuration takes keys and values'],
    ['', 'a.yaml:1:1: there is no configuration here'],
    ['a: [', 'a closing bracket is missing'],
    ['a: 1\na: 2', 'a.yaml:2:1: this key was given before'],
    [`${MINIMAL}severity: hgih`, 'a.yaml:3:11: severity takes source, catalogue.'],
    [`${MINIMAL}original: maybe`, 'original takes true or false'],
    [`${MINIMAL}shutdown_timeout: 10`, 'shutdown_timeout takes a time such as 500ms'],
    [`${MINIMAL}export: { otlp: { max_batch_bytes: 4MB } }`, 'export.otlp.max_batch_bytes takes a size'],
    [`${MINIMAL}export: { otlp: { max_in_flight: 0 } }`, 'takes a whole number from 1'],
    [`${MINIMAL}telemetry: { listen: 9464 }`, 'telemetry.listen takes a text'],
    ['sources: [{ type: stdin, product: acrra }]', 'Did you mean acra?'],
    ['sources: [{ type: stdin, time_zone: Mars/Olympus }]', 'takes an IANA time zone'],
    ['sources: [{ type: stdin, since: yesterday }]', 'takes a time such as 2024-05-12'],
  ])('says of %j what is wrong', (text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it('puts variables in, also as numbers and switches, and names those that are not set', () => {
    const text = `${MINIMAL}original: \${env:ORIGINAL:-false}\nstate: /x/\${env:NAME}/$\${env:NAME}\nexport: { otlp: { max_in_flight: "\${env:FLIGHT}" } }\n`;
    expect(configOf(text, { NAME: 'one', FLIGHT: '7' })).toMatchObject({
      original: false,
      state: '/x/one/${env:NAME}',
      export: { otlp: { maxInFlight: 7 } },
    });
    expect(problemsOf(text, { FLIGHT: '7' })).toEqual([
      'a.yaml:4:8: the environment variable NAME is not set; with ${env:NAME:-default} it need not be',
    ]);
  });

  it('F04 repeats no value in what it says', () => {
    const secret = 'hunter2-hunter2';
    const broken = [
      `sources: [{ type: sql, url: "oracle://u:${secret}@h" }]`,
      `${MINIMAL}export: { otlp: { headers: { authorization: [${secret}] }, endpoint: "${secret}" } }`,
      `sources: [{ type: otlp, listen: x, token: ["${secret}"] }]`,
      `a: "${secret}`,
      `a: b: ${secret}`,
      `${MINIMAL}telemetry: { listen: ${secret} }`,
    ];
    for (const text of broken) {
      const problems = problemsOf(text).join('\n');
      expect(problems).not.toBe('');
      expect(problems).not.toContain(secret);
    }
  });

  it('gives no values of prototypes', () => {
    expect(problemsOf('__proto__: { sources: [{ type: stdin }] }').join('\n')).toContain('sources is missing');
    expect(configOf(MINIMAL, {}).sources).toHaveLength(1);
  });
});
