import { fstatSync } from 'node:fs';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { openDelivery } from '../deliver/open-delivery.ts';
import { identityOf } from '../input/file.ts';
import type { EncodedTaker } from '../input/read-records.ts';
import type { RecordFormat } from '../output/record-formats.ts';
import { createBatchingSink, type RecordSink } from '../output/record-sink.ts';
import { openFileTarget } from '../output/text-target.ts';

/** Where the records of a run go. */
export interface Destination extends RecordSink {
  /** Identity of the file that is written, when it is one: it must not be read. */
  readonly identity: string | undefined;
  /** Hands over what is held back and closes. Resolves to false when the receiver did not take everything. */
  readonly end: () => Promise<boolean>;
  /** Takes records as OTLP protobuf, where nobody needs to look at them before. */
  readonly encoded?: EncodedTaker;
}

/** The flags that choose the destination. */
export interface DestinationFlags {
  readonly endpoint?: string | undefined;
  /** `json` is the word of all commands for a form that programs read: here `otlp-json`. */
  readonly output?: RecordFormat | 'json' | undefined;
  readonly json: boolean;
  readonly 'out-file'?: string | undefined;
  readonly compress: boolean;
  readonly force: boolean;
}

/** Opens the destination that the flags choose. */
export async function openDestination(flags: DestinationFlags, terminal: Terminal): Promise<Destination> {
  const { endpoint, 'out-file': path } = flags;
  if (flags.compress && path === undefined) throw new Misuse('--compress needs --out-file FILE.');
  const output = formatOf(flags);
  if (endpoint !== undefined) {
    const other = (['output', 'json', 'out-file'] as const).find((flag) => flags[flag]);
    if (other !== undefined) throw new Misuse(`--endpoint and --${other} exclude each other.`);
    return overOtlp(endpoint, terminal);
  }
  return path === undefined ? standardOutput(output, terminal) : intoFile(path, output, flags);
}

function formatOf({ output, json }: DestinationFlags): RecordFormat | undefined {
  const format = output === 'json' ? 'otlp-json' : output;
  if (json && format !== undefined && format !== 'otlp-json')
    throw new Misuse(`--json and --output ${format} exclude each other.`);
  return json ? 'otlp-json' : format;
}

async function intoFile(
  path: string,
  output: RecordFormat = 'otlp-json',
  { force, compress }: DestinationFlags,
): Promise<Destination> {
  const target = await openFileTarget(path, { flag: '--out-file', force, compress });
  const { createTextSink } = await import('../output/formats.ts');
  const sink = createTextSink(output, target.write, { width: undefined, colour: false });
  return {
    ...sink,
    identity: target.identity,
    end: async () => {
      await sink.flush();
      await target.end();
      return true;
    },
  };
}

async function standardOutput(format: RecordFormat | undefined, { out }: Terminal): Promise<Destination> {
  const { createTextSink } = await import('../output/formats.ts');
  const sink = createTextSink(format ?? (out.interactive ? 'table' : 'otlp-json'), out.write, out);
  return {
    ...sink,
    identity: redirectedTo(),
    end: async () => {
      await sink.flush();
      return true;
    },
  };
}

/** Records that are encoded in one go. */
const PUSHED_TOGETHER = 256;

/** Milliseconds for requests under way after Ctrl-C. */
const ON_THE_WAY_OUT = 500;

async function overOtlp(endpoint: string, { environment, signal, warn }: Terminal): Promise<Destination> {
  const delivery = await openDelivery({ endpoint, environment });
  const sink = createBatchingSink(async (records) => delivery.push(records), { maxRecords: PUSHED_TOGETHER });
  const { encodeLent } = await import('@cryptrail/exporter/delivery');
  return {
    ...sink,
    identity: undefined,
    encoded: {
      open: (reader) => encodeLent(reader),
      take: (logs) => (logs.length === 0 ? undefined : delivery.push(logs)),
    },
    end: async () => {
      await sink.flush();
      // When the user wants out, what is under way may still arrive, but not for long.
      const { delivered, refused, error } = await delivery.end(signal.aborted ? { withinMillis: ON_THE_WAY_OUT } : {});
      if (signal.aborted) return false;
      if (refused === 0) return true;
      warn(`${refused} of ${delivered + refused} records were not accepted: ${error ?? 'no reason given'}`);
      return false;
    },
  };
}

/** `cryptrail convert . > out.jsonl` must not read what it writes. */
function redirectedTo(): string | undefined {
  try {
    const stats = fstatSync(process.stdout.fd);
    return stats.isFile() ? identityOf(stats) : undefined;
  } catch {
    return undefined;
  }
}
