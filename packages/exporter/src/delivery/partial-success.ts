import { ProtobufReader } from '../otlp/protobuf-reader.ts';

/** How many records of an accepted batch the backend did not take after all, and why. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** Reads an `ExportLogsServiceResponse`. What cannot be read is a full success: the HTTP status has said so already. */
export function readPartialSuccess(bytes: Uint8Array, encoding: 'json' | 'protobuf'): PartialSuccess | undefined {
  try {
    return encoding === 'json' ? fromJson(new TextDecoder().decode(bytes)) : fromProtobuf(new ProtobufReader(bytes));
  } catch {
    return undefined;
  }
}

function fromJson(text: string): PartialSuccess | undefined {
  const { partialSuccess } = JSON.parse(text || '{}');
  if (!partialSuccess) return undefined;
  const rejected = Number(partialSuccess.rejectedLogRecords ?? 0);
  return {
    rejected: Number.isSafeInteger(rejected) ? rejected : 0,
    message: String(partialSuccess.errorMessage ?? ''),
  };
}

/** `partial_success = 1 { rejected_log_records = 1 int64; error_message = 2 string }` */
function fromProtobuf(response: ProtobufReader): PartialSuccess | undefined {
  let found: PartialSuccess | undefined;
  while (!response.done) {
    const tag = response.tag();
    if (tag === 0x0a) found = readMessage(response.message());
    else response.skip(tag);
  }
  return found;
}

function readMessage(message: ProtobufReader): PartialSuccess {
  let rejected = 0;
  let text = '';
  while (!message.done) {
    const tag = message.tag();
    if (tag === 0x08) rejected = Number(message.int64());
    else if (tag === 0x12) text = message.string();
    else message.skip(tag);
  }
  return { rejected, message: text };
}
