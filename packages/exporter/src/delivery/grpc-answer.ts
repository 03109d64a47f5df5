import { ProtobufReader } from '../otlp/protobuf-reader.ts';
import { type Answer, plainText } from './sender.ts';

/** How a call failed. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  /** A `google.rpc.Status`, when the backend gave one. */
  readonly details?: Uint8Array | undefined;
}

const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;

/** Codes that OTLP calls retryable, and CANCELLED of a proxy; RESOURCE_EXHAUSTED is looked at by itself. */
const UNAVAILABLE: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);

/** UNKNOWN and INTERNAL: what a server says whose own code has failed. */
const FAULTY: ReadonlySet<number> = new Set([2, 13]);

/** Reads a status other than OK. */
export function readGrpcFailure({ code, message, details }: GrpcStatus): Answer {
  const reason = plainText(`gRPC status ${code} ${message}`);
  const retryAfterMillis = details && readRetryInfo(details);
  if (code === INVALID_ARGUMENT) return { kind: 'content', reason };
  if (code === RESOURCE_EXHAUSTED && retryAfterMillis === undefined && isAboutSize(message)) {
    return { kind: 'too-large', reason };
  }
  if (code === RESOURCE_EXHAUSTED || UNAVAILABLE.has(code)) return { kind: 'unavailable', reason, retryAfterMillis };
  return { kind: FAULTY.has(code) ? 'faulty' : 'set-up', reason };
}

/** `grpc: received message larger than max (5242880 vs. 4194304)`: the one case that has no code of its own. */
function isAboutSize(message: string): boolean {
  return /larger than max|message (is )?too large|max(imum)? (message )?size/i.test(message);
}

const RETRY_INFO = 'google.rpc.RetryInfo';

/** The delay of a `RetryInfo` among the details of a `google.rpc.Status { code = 1; message = 2; repeated Any details = 3 }`. */
function readRetryInfo(status: Uint8Array): number | undefined {
  try {
    const reader = new ProtobufReader(status);
    while (!reader.done) {
      const tag = reader.tag();
      const millis = tag === 0x1a ? readAny(reader.message()) : reader.skip(tag);
      if (typeof millis === 'number') return millis;
    }
  } catch {
    // What cannot be read says nothing.
  }
  return undefined;
}

/** `Any { type_url = 1; value = 2 }` */
function readAny(any: ProtobufReader): number | undefined {
  let type = '';
  let value: ProtobufReader | undefined;
  while (!any.done) {
    const tag = any.tag();
    if (tag === 0x0a) type = any.string();
    else if (tag === 0x12) value = any.message();
    else any.skip(tag);
  }
  return value && type.endsWith(`/${RETRY_INFO}`) ? readDelay(value) : undefined;
}

/** `RetryInfo { Duration retry_delay = 1 { int64 seconds = 1; int32 nanos = 2 } }` */
function readDelay(info: ProtobufReader): number | undefined {
  let millis: number | undefined;
  while (!info.done) {
    const tag = info.tag();
    if (tag === 0x0a) millis = readDuration(info.message());
    else info.skip(tag);
  }
  return millis;
}

function readDuration(duration: ProtobufReader): number {
  let millis = 0;
  while (!duration.done) {
    const tag = duration.tag();
    if (tag === 0x08) millis += Number(duration.int64()) * 1000;
    else if (tag === 0x10) millis += Number(duration.int64()) / 1e6;
    else duration.skip(tag);
  }
  return Math.max(0, millis);
}
