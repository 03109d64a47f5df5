import type { BackendProbe } from '@cryptrail/exporter';
import type { OtlpSettings } from '../run/settings.ts';
import { type Check, found, good } from './check.ts';

/** Clocks that differ by more make it hard to tell what came first. */
const MOST_SKEW_MILLIS = 30_000;

/** Asks the backend for what it would say to records. */
export async function checkBackend(
  settings: OtlpSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const { ExporterError, probeBackend, resolveEndpoint } = await import('@cryptrail/exporter');
  const chosen = environment.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  const options = { ...(chosen ? {} : { protocol: 'http/protobuf' as const }), ...settings, env: environment };
  try {
    const endpoint = withoutCredentials(resolveEndpoint(options));
    const probe = await probeBackend(options);
    return [answerCheck(endpoint, probe), ...clockCheck(probe)];
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    return [
      found('backend', 'bad', error.message, 'Mend export.otlp, or the OTEL_EXPORTER_OTLP_* variable that says it.'),
    ];
  }
}

function answerCheck(endpoint: string, { status, reason = 'no reason given' }: BackendProbe): Check {
  if (status === 'accepting') return good('backend', `${endpoint} takes records`);
  return found('backend', 'bad', `${endpoint}: ${reason}`, adviceOn(status, reason));
}

/** What usually stands behind the words of the network and of TLS. */
const ADVICE: readonly (readonly [words: RegExp, advice: string])[] = [
  [
    /ECONNREFUSED/,
    'Nobody listens there: start the backend, or look at host and port (OTLP: 4318 over HTTP, 4317 over gRPC).',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'The name is not known here: look at its spelling and at the DNS of this machine.'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|did not answer|timed? ?out/i,
    'No way leads there: look at firewalls, and at HTTPS_PROXY and NO_PROXY.',
  ],
  [/CERT_HAS_EXPIRED|expired/i, 'Its certificate has expired, or the clock of this machine is wrong.'],
  [
    /SELF_SIGNED|UNABLE_TO_|unable to (get|verify)|self.signed/i,
    'Its certificate is of an authority that is not trusted here: name that in export.otlp.tls.ca_file.',
  ],
  [/ALTNAME/, 'Its certificate is for another name: use the name that stands in it.'],
  [/EPROTO|wrong version number/i, 'One side speaks TLS and the other does not: look at http:// and https://.'],
  [/alert|handshake/i, 'It asks for a certificate: name one in export.otlp.tls.cert_file and key_file.'],
  [/status 40[13]/, 'It does not know this sender: look at export.otlp.headers and at the token in it.'],
  [
    /status 404|web page/,
    'There is no receiver of OTLP at this path: name the address without /v1/logs, which is added.',
  ],
  [/status 415/, 'It takes another encoding: set export.otlp.protocol or compression.'],
];

function adviceOn(status: BackendProbe['status'], reason: string): string {
  const known = ADVICE.find(([words]) => words.test(reason));
  if (known) return known[1];
  return status === 'waiting'
    ? 'It may pass; the agent would wait.'
    : 'Look at the address and at what the backend logs.';
}

function clockCheck({ clockAheadMillis }: BackendProbe): Check[] {
  if (clockAheadMillis === undefined) return [];
  const seconds = Math.round(Math.abs(clockAheadMillis) / 1000);
  if (Math.abs(clockAheadMillis) <= MOST_SKEW_MILLIS)
    return [good('clock', `the clock of the backend agrees within ${seconds} s`)];
  const direction = clockAheadMillis > 0 ? 'ahead of' : 'behind';
  return [
    found(
      'clock',
      'odd',
      `the clock of the backend is ${seconds} s ${direction} this one`,
      'Keep both synchronised (timedatectl, chronyc tracking): times of observation would not agree.',
    ),
  ];
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
