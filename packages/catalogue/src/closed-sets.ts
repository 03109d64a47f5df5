import type { Category, Conversion, FieldRule, Outcome, Priority, SourceKind, Stream } from './types.ts';

/** Every value of `cryptrail.category`. */
export const CATEGORIES = [
  'authentication',
  'authorization',
  'key_management',
  'crypto_operation',
  'certificate_lifecycle',
  'configuration',
  'data_access',
  'deception',
  'network',
  'availability',
  'audit_trail',
  'integration',
] as const satisfies readonly Category[];

/** Every value of `cryptrail.priority`, from lowest to highest. */
export const PRIORITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Priority[];

/** Every value of `cryptrail.outcome`. */
export const OUTCOMES = ['success', 'failure', 'unknown'] as const satisfies readonly Outcome[];

/** Every value of `cryptrail.stream`. */
export const STREAMS = [
  'security_events',
  'access_events',
  'sql_queries',
  'lifecycle',
  'operations',
] as const satisfies readonly Stream[];

/** Every conversion a field rule can name. */
export const CONVERSIONS = [
  'address',
  'forwarded',
  'host_port',
  'peer',
  'path_query',
  'url',
  'http_method',
  'hash',
  'uuid5',
  'stacktrace',
  'json_text',
  'sql',
  'dn',
  'trace_id',
  'span_id',
  'collect',
  'basename',
] as const satisfies readonly Conversion[];

/** Every type a format can give a value. */
export const SOURCE_KINDS = [
  'text',
  'string',
  'int',
  'double',
  'boolean',
  'null',
  'object',
  'array',
] as const satisfies readonly SourceKind[];

/** Every type an attribute can be given. */
export const VALUE_TYPES = ['string', 'int', 'double', 'boolean'] as const satisfies readonly FieldRule['type'][];

/** Every place a value can go. */
export const DESTINATIONS = [
  'attribute',
  'resource',
  'trace_id',
  'span_id',
  'consumed',
] as const satisfies readonly FieldRule['to'][];

/** Every sensitivity of a value. */
export const SENSITIVITIES = [
  'none',
  'personal',
  'secret',
  'query',
  'blob',
] as const satisfies readonly FieldRule['sensitivity'][];
