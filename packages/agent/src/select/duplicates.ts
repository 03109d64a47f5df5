import type { LogRecord } from '@cryptrail/mapper';

/** So many ids are remembered: enough for copies that are far apart, in some 20 MB. */
const REMEMBERED = 100_000;

/**
 * Says of each record whether it is a copy of an earlier one: the same id (`log.record.uid`) of the same product with the same time, event and
 * body. One id on different records makes no copies. Records without an id never are.
 */
export function createDuplicateTest(remembered = REMEMBERED): (record: LogRecord) => boolean {
  // Loaded where it is needed: importing it costs each start several milliseconds.
  const { hash } = process.getBuiltinModule('node:crypto');
  const seen = new Map<string, string>();
  return (record) => {
    const uid = record.attributes.get('log.record.uid');
    if (typeof uid !== 'string') return false;
    const id = hash('sha1', `${record.product}\n${uid}`, 'base64');
    const content = hash('sha1', `${record.timeUnixNano}\n${record.eventName}\n${record.body}`, 'base64');
    if (seen.get(id) === content) return true;
    seen.delete(id);
    seen.set(id, content);
    if (seen.size > remembered) {
      const [oldest] = seen.keys();
      if (oldest !== undefined) seen.delete(oldest);
    }
    return false;
  };
}
