/** A product that does not exist, for tests that need one of their own. */
import { defineProduct, type RunningTables } from '@cryptrail/catalogue';

const level = {
  field: 'level',
  words: { info: { number: 9 }, warning: { number: 13 }, error: { number: 17 } },
} as const;

const running = {
  product: {
    id: 'safe',
    value: 'safe',
    namespace: 'safe',
    formats: [
      {
        id: 'safe_json',
        decoder: 'json',
        claims: [[{ field: 'safe_version', present: true }]],
        brokenMarks: ['"safe_version":'],
        time: [{ field: 'at', form: 'iso', zone: 'utc' }],
        severity: 'level',
        message: [{ field: 'note' }],
      },
    ],
    recognition: [{ codeField: 'code', byMessage: true }],
    severities: { level },
    outcomes: { always: [{ outcome: 'failure', errorType: { code: true } }] },
    resource: { 'service.name': 'safe-door' },
    codeAttribute: { name: 'safe.code', type: 'int' },
    groupAttribute: 'safe.group',
    details: { prefix: 'safe.details', keys: 'snake' },
    redaction: { secretNames: ['pin'], queryParameters: [] },
    sentence: ['{title}'],
  },
  fields: [
    { fields: ['safe_version'], to: 'resource', attribute: 'service.version' },
    { fields: ['who'], attribute: 'user.name' },
    { fields: ['weight'], attribute: 'safe.weight', type: 'double' },
    { fields: ['at', 'level', 'note', 'code'], to: 'consumed' },
    { fields: ['trace'], to: 'trace_id', convert: 'trace_id' },
    { fields: ['span'], to: 'span_id', convert: 'span_id' },
  ],
  events: {
    'safe.door.opened': { title: 'Door opened', code: '7', group: 'door', category: 'authorization', priority: 'high' },
    'safe.door.knocked': {
      title: 'Somebody knocked',
      code: '8',
      when: { messages: ['knock {}'] },
      group: 'door',
      category: 'authorization',
      priority: 'low',
    },
    'safe.door.touched': {
      title: 'Door touched',
      code: '8',
      default: true,
      group: 'door',
      category: 'authorization',
      priority: 'low',
      outcome: 'always',
    },
  },
} as const satisfies RunningTables;

/** A safe that logs JSON lines: `safe_version` claims them, `code` 7 and 8 name events, `pin` is a secret. */
export const safe = defineProduct(running);

/** One line of the safe, as members. */
export function safeLine(members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    safe_version: '1.0',
    at: '2026-03-01T10:00:00.000000001Z',
    level: 'warning',
    code: 7,
    note: 'opened by hand',
    who: 'ann',
    ...members,
  };
}
