import { z } from 'zod';
import { count, duration, renamed, section, size, text, word } from './parts.ts';

const tls = section({
  ca_file: text.optional().describe('Authorities to trust, PEM.'),
  cert_file: text.optional().describe('Certificate of the agent, for mutual TLS.'),
  key_file: text.optional().describe('Key of that certificate.'),
}).transform(renamed());

const otlp = section({
  endpoint: text
    .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), {
      error: 'takes an address such as http://localhost:4318',
    })
    .optional()
    .describe('The backend; /v1/logs is added. Default: OTEL_EXPORTER_OTLP_ENDPOINT.'),
  protocol: word(['http/protobuf', 'http/json', 'grpc']).optional().describe('Default http/protobuf.'),
  compression: word(['none', 'gzip', 'zstd']).optional().describe('Default none.'),
  headers: z
    .record(text, z.string({ error: 'takes a text' }), { error: 'takes names and texts' })
    .optional()
    .describe('Sent with every request.'),
  timeout: duration.optional().describe('Longest time of one request. Default 10s.'),
  max_batch_bytes: size.optional().describe('Size of a request before compression. Default 4MiB.'),
  max_in_flight: count.optional().describe('Requests at a time. Default 4.'),
  tls: tls.optional(),
}).transform(renamed({ timeout: 'timeoutMillis' }));

const file = section({
  path: text.describe('Of OTLP JSON Lines; %Y %m %d %H stand for the time of writing, .gz compresses.'),
});

/** Where records go; positions move when all destinations have accepted. */
export const destinations = section({ otlp: otlp.optional(), file: file.optional() });
