import { z } from 'zod';
import { parseAddress } from '../../run/listen-address.ts';
import { destinations } from './export.ts';
import { duration, section, text, texts, word, yesOrNo } from './parts.ts';
import { source } from './sources.ts';

const evidence = section({
  acra: section({ key_file: texts.describe('Keys of the audit log; several when they were rotated.') })
    .optional()
    .describe('Verify the chain of the audit log.'),
  cesecore: section({ keys: text.describe('List of keys, as for verify cesecore.') })
    .optional()
    .describe('Verify rows and their numbers.'),
  digest: section({ key_file: text.describe('32 bytes, raw, hex or Base64.') })
    .optional()
    .describe('Add a keyed digest of each raw record.'),
  seal: section({ key_file: text.describe('Private key, from: cryptrail seal init.') })
    .optional()
    .describe('Seal what is read, in seal.jsonl beside the state.'),
  audit_names: yesOrNo.optional().describe("Use OpenTelemetry's draft names audit.* beside our own."),
});

const filters = section({
  event: texts.optional().describe('Exact names, or prefix.*'),
  code: texts.optional().describe('As the product prints them.'),
  outcome: texts.optional().describe('success, failure, unknown'),
  level: texts.optional().describe("The products' own words."),
  log_type: texts.optional().describe('Types of AQtive Guard log.'),
  important: yesOrNo.optional().describe('Events that matter to SIEM and SOC.'),
  from: text.optional().describe('Not before this time.'),
  to: text.optional().describe('Not after this time.'),
});

const redaction = section({
  patterns: z
    .array(text, { error: 'takes a list of regular expressions' })
    .optional()
    .describe('Regular expressions (RE2); what they match is replaced by REDACTED in every text.'),
  pseudonymise: section({
    attributes: texts.describe('Attributes whose values are replaced, e.g. user.name.'),
    key_file: text.describe('32 bytes, raw, hex or Base64. The same key gives the same pseudonyms.'),
  }).optional(),
});

const address = text.refine((written) => written === 'off' || parseAddress(written) !== undefined, {
  error: 'takes HOST:PORT such as 127.0.0.1:9464, or off',
});

/** The whole configuration. */
export const agent = section({
  sources: z.array(source, { error: 'takes a list of sources' }).min(1, { error: 'needs at least one source' }),
  export: destinations.optional().describe('Where records go. Default: what OTEL_EXPORTER_OTLP_* says.'),
  state: text.optional().describe('Folder of positions and dead letters; one agent at a time.'),
  evidence: evidence.optional().describe('Verify what the products put into their own logs.'),
  filters: filters.optional().describe('Deliver only records that hold all of these.'),
  overlays: z
    .array(text, { error: 'takes a list of files' })
    .optional()
    .describe('Own event types, priorities and severities.'),
  redaction: redaction.optional(),
  severity: word(['source', 'catalogue']).optional().describe("As printed, or raised to the catalogue's floor."),
  original: yesOrNo.optional().describe('Add the raw line, redacted.'),
  attack: yesOrNo.optional().describe('Add MITRE ATT&CK techniques.'),
  blobs: yesOrNo.optional().describe('Keep certificates and other large values.'),
  foreign: word(['keep', 'drop']).optional().describe('Lines of no known product. Default keep.'),
  telemetry: section({ listen: address.describe('Default 127.0.0.1:9464; off: nowhere.') }).optional(),
  shutdown_timeout: duration.optional().describe('How long what is under way may take at the end. Default 10s.'),
});

/** A configuration that was checked. */
export type AgentConfig = z.output<typeof agent>;
