import { stat } from 'node:fs/promises';
import type { EvidenceFinding, FieldValue, LogRecord, Reader, ResumePoint } from '@cryptrail/mapper';
import { DEFAULT_LIMITS } from '@cryptrail/mapper';
import picomatch from 'picomatch';
import { systemCode } from '../input/system-error.ts';
import { createBackOff, pause } from './back-off.ts';
import type { ScannedEntry } from './journald/entry-scanner.ts';
import { type JournalEnd, type JournalQuery, runJournalctl } from './journald/journalctl.ts';
import { KnownCursors } from './journald/known-cursors.ts';
import { cursorOf, journalPosition, placeInJournal } from './journald/position.ts';
import type { JournaldOptions } from './options.ts';
import { evidenceOf } from './position-evidence.ts';
import type { Position, Source, SourceContext } from './source.ts';

const STREAM = 'journal';

/** Fields that name the unit an entry is of: its own, or one that the system's manager or a core dump speaks of. */
const UNIT_FIELDS: ReadonlySet<string> = new Set(['_SYSTEMD_UNIT', 'UNIT', 'OBJECT_SYSTEMD_UNIT', 'COREDUMP_UNIT']);

/** Tries to read a journal to its end, when nothing else is wanted, before that is given up. */
const IDLE_TRIES = 5;

/** Entries of other units after which the position is saved all the same. */
const UNMATCHED_ENTRIES = 10_000;

/**
 * The journal of systemd, through journalctl. The position is the cursor of the last entry whose records were accepted; when that entry is
 * gone from the journal, what was lost is reported.
 *
 * @example
 * ```ts
 * await openJournaldSource({ units: ['aqtive-guard*'], product: 'aqtive' }).run(context);
 * ```
 */
export function openJournaldSource(options: JournaldOptions): Source {
  const { id, units = [], identifiers = [], directory } = options;
  const filters = [...units, ...identifiers.map((identifier) => `SYSLOG_IDENTIFIER=${identifier}`)];
  const name = [directory ?? 'local', ...filters].join(',');
  return {
    id: id ?? `journald:${name}`,
    type: 'journald',
    run: async (context) => new JournalReading(options, await placeOf(directory), context).run(),
  };
}

async function placeOf(directory: string | undefined): Promise<string[]> {
  if (directory === undefined) return [];
  const isFile = await stat(directory).then(
    (found) => found.isFile(),
    () => false,
  );
  return [isFile ? `--file=${directory}` : `--directory=${directory}`];
}

class JournalReading {
  readonly #options: JournaldOptions;
  readonly #command: string;
  /** Without --merge, --follow would show the entries of the newest boot only. */
  readonly #args: readonly string[];
  readonly #context: SourceContext;
  #reader: Reader;
  readonly #matchesUnit: ((unit: string) => boolean) | undefined;
  readonly #cursors = new KnownCursors();
  /** The last entry that was read. */
  #cursor: string | undefined;
  #unmatched = 0;
  #last: Promise<void> = Promise.resolve();
  #told = '';

  constructor(options: JournaldOptions, place: readonly string[], context: SourceContext) {
    const { units = [], identifiers = [], command = 'journalctl' } = options;
    this.#options = options;
    this.#command = command;
    this.#context = context;
    // Globs are matched here: journalctl would look only once which units there are.
    const hasGlob = units.some((unit) => /[*?[{]/.test(unit));
    this.#matchesUnit = hasGlob
      ? picomatch(units.flatMap((unit) => [unit, ...(unit.includes('.') ? [] : [`${unit}.service`])]))
      : undefined;
    this.#args = ['--output=export', '--all', '--quiet', '--no-pager', '--merge', ...place];
    this.#filters = [
      ...(hasGlob ? [] : units.map((unit) => `--unit=${unit}`)),
      ...identifiers.map((one) => `--identifier=${one}`),
    ];
    this.#reader = this.#open({});
  }

  readonly #filters: readonly string[];

  async run(): Promise<void> {
    const { signal, untilIdle } = this.#context;
    const backOff = createBackOff(500, 30_000);
    await this.#start();
    for (let tries = 1; !signal.aborted; tries += 1) {
      const before = this.#cursor;
      const end = await this.#readOn();
      if (signal.aborted) return;
      if (untilIdle && end.status === 0) return this.#give(() => this.#reader.end());
      if (this.#cursor !== before) {
        backOff.reset();
        tries = 1;
      }
      const what = `${this.#command} ended with ${end.status}${end.said === '' ? '' : `: ${end.said}`}`;
      if (untilIdle && tries >= IDLE_TRIES) throw new Error(what);
      this.#note(`${what}; starting it again`);
      await pause(backOff.next(), signal);
    }
  }

  /** Finds where to begin, and what was lost there. */
  async #start(): Promise<void> {
    const saved = this.#context.positions.get(STREAM);
    const cursor = cursorOf(saved);
    if (cursor !== undefined) {
      this.#cursor = cursor;
      // What is verified begins anew behind entries that are gone: that they are is told already.
      if (!(await this.#hasLost(cursor))) this.#reader = this.#open(evidenceOf(saved));
    } else if (this.#options.startAt === 'end') {
      this.#cursor = (await this.#one(['--lines=1']))?.cursor;
      if (this.#cursor !== undefined) await this.#context.push({ stream: STREAM, logs: [], position: this.#cursor });
    }
  }

  /** The saved entry, or the one behind it, is still there; else entries between were deleted before they were read. */
  async #hasLost(saved: string): Promise<boolean> {
    const found = await this.#one([`--cursor=${saved}`]);
    if (found?.cursor === saved) return false;
    const [before, after] = [placeInJournal(saved), placeInJournal(found?.cursor ?? '')];
    const between = before && after && before.journal === after.journal ? after.number - before.number - 1n : undefined;
    if (between === 0n) return false;
    await this.#context.report(
      lossFinding(this.#options.directory, between !== undefined && between > 0n ? between : undefined),
    );
    return true;
  }

  /** The first entry of an answer, whatever its unit. */
  async #one(args: readonly string[]): Promise<ScannedEntry | undefined> {
    let first: ScannedEntry | undefined;
    const enough = new AbortController();
    const signal = AbortSignal.any([enough.signal, this.#context.signal]);
    await runJournalctl(this.#query([...this.#args, ...args], signal), async ([entry]) => {
      first ??= entry;
      enough.abort();
    }).catch(explain(this.#command));
    return first;
  }

  #query(args: readonly string[], signal: AbortSignal): JournalQuery {
    const maxMessageBytes = DEFAULT_LIMITS.maxLineBytes + 8192;
    return {
      command: this.#command,
      args,
      fields: this.#matchesUnit ? UNIT_FIELDS : new Set(),
      maxMessageBytes,
      signal,
    };
  }

  async #readOn(): Promise<JournalEnd> {
    const { signal, untilIdle } = this.#context;
    // Not --after-cursor: it passes over one entry also when the entry of the cursor is gone.
    const from = this.#cursor === undefined ? [] : [`--cursor=${this.#cursor}`];
    const follow = untilIdle ? [] : ['--follow', '--no-tail'];
    const query = this.#query([...this.#args, ...this.#filters, ...follow, ...from], signal);
    const onPause = () => void this.#give(() => this.#reader.settle()).catch(() => {});
    return runJournalctl({ ...query, onPause }, (entries) => this.#take(entries)).catch(explain(this.#command));
  }

  async #take(entries: readonly ScannedEntry[]): Promise<void> {
    const fresh = entries.filter(({ cursor }) => cursor !== this.#cursor);
    this.#cursor = fresh.at(-1)?.cursor ?? this.#cursor;
    const matching = fresh.filter((entry) => this.#isWanted(entry));
    this.#unmatched += fresh.length - matching.length;
    await this.#give(() =>
      matching.flatMap(({ bytes, cursor }) => {
        this.#cursors.add(cursor);
        return pieces(bytes).flatMap((piece) => this.#reader.push(piece));
      }),
    );
  }

  #isWanted({ fields }: ScannedEntry): boolean {
    const matches = this.#matchesUnit;
    return matches === undefined || [...fields.values()].some((unit) => matches(unit));
  }

  /** Hands records on, one call after the other, with the place behind the last entry that is given out whole. */
  #give(read: () => LogRecord[]): Promise<void> {
    this.#last = this.#last.then(async () => {
      const logs = read();
      const position = this.#position();
      const isBare = logs.length === 0 && this.#unmatched < UNMATCHED_ENTRIES;
      if (isBare) return;
      this.#unmatched = 0;
      await this.#context.push({ stream: STREAM, logs, ...(position === undefined ? {} : { position }) });
    });
    return this.#last;
  }

  #position(): Position | undefined {
    const { resume } = this.#reader;
    const known = this.#cursors.before(resume.number);
    const isAll = resume.number > this.#cursors.count;
    const cursor = isAll ? this.#cursor : known?.cursor;
    if (cursor === undefined) return undefined;
    // The evidence stands right before the entry that is next, and nowhere else.
    return journalPosition(cursor, isAll || known?.number === resume.number - 1 ? resume : {});
  }

  #open(evidence: Pick<ResumePoint, 'evidence'>): Reader {
    return this.#context.createPipeline({ input: 'journal-export' }).open({}, { offset: 0, number: 1, ...evidence });
  }

  #note(message: string): void {
    if (message !== this.#told) this.#context.note(message);
    this.#told = message;
  }
}

/** A very long message goes to the reader in pieces, so that it is given up where the reader gives it up. */
const PIECE_BYTES = 1024 * 1024;

function pieces(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length <= PIECE_BYTES) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
}

function lossFinding(directory: string | undefined, entries: bigint | undefined): EvidenceFinding {
  const count = entries === undefined ? 'Nobody can tell how many' : `Up to ${entries}`;
  return {
    event: 'cryptrail.source.data_lost',
    message: `The entry of the journal that was read last is gone. ${count} entries behind it, of all units, were deleted before they were read.`,
    fields: new Map<string, FieldValue>([
      ['loss', { kind: 'string', text: 'removed' }],
      ...(directory === undefined ? [] : [['path', { kind: 'string', text: directory }] as const]),
    ]),
  };
}

function explain(command: string): (error: unknown) => never {
  return (error) => {
    if (systemCode(error) === 'ENOENT')
      throw new Error(`${command} is not installed here, and no other program is named by command`);
    if (systemCode(error) === 'EACCES') throw new Error(`${command} may not be run`);
    throw error;
  };
}
