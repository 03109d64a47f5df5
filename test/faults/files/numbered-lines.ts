/** The products whose lines are written, each into a log of its own. */
export type Kind = 'acra-json' | 'acra-text' | 'ejbca';

const START = Date.UTC(2026, 9, 24, 10);

/** Line `id` of a log: always the same text for the same id, told from every other, and of uneven length. */
export function lineOf(kind: Kind, id: number): string {
  const time = new Date(START + id * 7);
  const filler = 'abcdefghij'.repeat(id % 13);
  if (kind === 'acra-json')
    return `{"client_id":"client-${id % 97}","code":587,"level":"warning","msg":"Line seq=${id}! ${filler}","product":"acra-server","timestamp":"${time.toISOString()}","version":"0.96.0"}`;
  if (kind === 'acra-text')
    return `time="${time.toISOString()}" level=info msg="Line seq=${id}! ${filler} äöü" client_id=client-${id % 97} code=100`;
  const stamp = time.toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
  const inner = `${stamp.slice(0, 19)}+00:00`;
  return `${stamp} INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-${id % 9}) ${inner};CERT_STORED;SUCCESS;CERTIFICATE;CORE;CN=Admin;1234;;user${id % 31};msg=Line seq=${id}! ${filler}`;
}

/** The number in a line; undefined for text that is none of them. */
export function idOf(text: string): number | undefined {
  const found = /seq=(\d{1,9})!/.exec(text);
  return found ? Number(found[1]) : undefined;
}
