import { decodeLogsRequest, type EncodedLogs, encodeRequest, joinGroups, takeApart } from '@cryptrail/exporter/otlp';

/** What is kept beside the records of a dead letter. */
export interface DeadLetterNote {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Where the records were sent, without credentials. */
  readonly endpoint: string;
  /** Why they were refused, and where they came from. */
  readonly reason: string;
  /** How many of the records were refused; fewer than there are when the backend did not say which. */
  readonly refused: number;
}

/** A line of a dead-letter file. */
export interface DeadLetterLine extends DeadLetterNote {
  readonly logs: EncodedLogs;
}

/** What each line begins with. */
export const LINE_BEGINNING = '{"cryptrail":{';

/** A request of any size: it was made here. */
const UNLIMITED = { maxBytes: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY };

/**
 * One line: the records as a request in OTLP JSON, so that other programs can read the file, with the note as one more member. Records of others
 * that cannot be decoded stand in `cryptrail.protobuf`, as Base64.
 */
export function renderDeadLetter({ logs, ...note }: DeadLetterLine): string {
  const bytes = joinGroups(logs);
  const decoded = decodeLogsRequest(bytes, 'application/x-protobuf', UNLIMITED);
  const line = decoded.ok
    ? { cryptrail: note, ...decoded.request }
    : { cryptrail: { ...note, protobuf: Buffer.from(bytes).toString('base64') }, resourceLogs: [] };
  return `${JSON.stringify(line)}\n`;
}

/** Reads a line; undefined when it is none. */
export function readDeadLetter(line: string): DeadLetterLine | undefined {
  const note = noteOf(line);
  const logs = note && logsOf(line, note.protobuf);
  if (!note || !logs) return undefined;
  const { time, endpoint, reason, refused } = note;
  return { time: text(time), endpoint: text(endpoint), reason: text(reason), refused: Number(refused) || 0, logs };
}

type Members = Readonly<Record<string, unknown>>;

function noteOf(line: string): Members | undefined {
  try {
    const { cryptrail } = JSON.parse(line) as { cryptrail?: unknown };
    return typeof cryptrail === 'object' && cryptrail !== null ? (cryptrail as Members) : undefined;
  } catch {
    return undefined;
  }
}

function logsOf(line: string, protobuf: unknown): EncodedLogs | undefined {
  if (typeof protobuf === 'string') {
    const taken = takeApart(Buffer.from(protobuf, 'base64'));
    return taken.ok ? taken.logs : undefined;
  }
  const decoded = decodeLogsRequest(Buffer.from(line), 'application/json', UNLIMITED);
  return decoded.ok ? encodeRequest(decoded.request) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
