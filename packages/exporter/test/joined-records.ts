import type { EncodedLogs } from '../src/otlp/encoded-logs.ts';

/** Encoded records one behind the other, the bytes of their resource and scope in front of each run that shares them: where groups begin does not count. */
export function joinedRecords(logs: EncodedLogs): string {
  let text = '';
  let last: string | undefined;
  for (const { resource, scope, scopeSchemaUrl, records, count } of logs) {
    if (count === 0) continue;
    const head = [latin1(resource), latin1(scope), scopeSchemaUrl].join('\n');
    text += (head === last ? '' : `${head}\n`) + latin1(records);
    last = head;
  }
  return text;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
