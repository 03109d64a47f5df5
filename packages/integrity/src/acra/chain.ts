import { toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { beginChain, type Ratchet, turn } from './ratchet.ts';
import { type ChainFormat, detectFormat, readEntry, type SignedEntry } from './read-entry.ts';
import { type ChainSnapshot, latestFirsts, ratchetOf, ratchetText } from './snapshot.ts';
import type { Chain, ChainErrorClass, ChainNoteClass, ChainVerdict, ChainWarningClass, Place } from './verdict.ts';

/** What a line turned out to be; the value of `cryptrail.integrity.status` follows from it. */
export type LineStatus = 'empty' | 'unsigned' | 'verified' | 'failed' | 'not_verifiable';

/** Options of {@link createChainVerifier}. */
export interface ChainOptions {
  /** Audit log keys of 32 bytes; each chain is checked with the one that fits its first line. The verifier copies them, and overwrites its copies when it ends. */
  readonly keys: readonly Uint8Array[];
  readonly hash: HashPort;
  /** Default: told by the first line of each file. */
  readonly format?: ChainFormat;
  /** A file that is not there is no error. Default false. */
  readonly missingOk?: boolean;
  /** Goes on where an earlier verifier stood. */
  readonly resume?: ChainSnapshot;
}

/** Verifies audit log files one after the other; a chain may go over several. Create one per set of files. */
export interface ChainVerifier {
  /** Begins a file. */
  file(name: string): void;
  /** The file is not there. */
  missing(name: string): void;
  /** The next line of the file, without LF. Does nothing once an error is found: Acra's verifier stops there, too. */
  line(line: Uint8Array, at?: LinePlace): LineStatus;
  /** There is a line here, and its text is not to be had: what follows in its chain cannot be checked. */
  unknown(at: LinePlace): void;
  /** No more files. */
  end(): ChainVerdict;
  /**
   * Where the verifier stands, to go on from later; undefined when an error was found. A secret, see {@link ChainSnapshot}; to be taken before
   * `end`, which forgets all keys.
   */
  snapshot(): ChainSnapshot | undefined;
  /** True when no further line can change the verdict. */
  readonly done: boolean;
}

/** Where a line stood in its file, when the lines come from elsewhere. */
export interface LinePlace {
  /** Physical line, from 1. */
  readonly number: number;
  /** Bytes of it were replaced by U+FFFD on the way: a value that does not fit says nothing. */
  readonly lossy?: boolean;
  /** Parts of it were replaced: what it is can be seen, and its value cannot be checked. */
  readonly redacted?: boolean;
}

/** Lines of this length and more stop Acra's own reader without a word: the rest of the file is never read by it. */
const SCANNER_LIMIT = 65_536;
const CR = 0x0d;
/** Notes of one class that are kept one by one. */
const MAX_NOTES = 100;
/** Lines that could not be checked and are named one by one. */
const MAX_PLACES = 10_000;
/** First lines of chains remembered, to see a chain that was copied. */
const MAX_FIRSTS = 100_000;

interface OpenChain {
  readonly file: string;
  readonly firstLine: number;
  readonly key: number;
  lastFile: string;
  lastLine: number;
  closed: boolean;
  /** Unsigned lines since the last signed one. */
  unsigned: Place[];
}

/**
 * Gives the verdict of Acra's own verifier, line for line: key ratchet `k ← SHA256(k)`, value `SHA256(HMAC(k, line + previous HMAC))`, reset at
 * `chain=new`. `notes` say what that verifier does not look for.
 */
export function createChainVerifier(options: ChainOptions): ChainVerifier {
  const { hash, missingOk = false } = options;
  // Not `slice`: that of Node's Buffer copies nothing, and the caller's key would be overwritten at the end.
  const keys = options.keys.map((key) => Uint8Array.from(key));
  const { resume } = options;
  let ratchet: Ratchet | undefined = resume && ratchetOf(resume);
  let chain: OpenChain | undefined = resume?.chain ? { ...resume.chain, unsigned: [] } : undefined;
  let lastWasEnd = resume?.ended ?? true;
  let anySigned = ratchet !== undefined;
  let latest: number | undefined = resume?.latest ?? undefined;
  let current: string | undefined;
  let number = 0;
  let format: ChainFormat | undefined = options.format;
  let unread = false;
  let records = 0;
  let verified = 0;
  let error: ChainVerdict['error'] = null;
  let stopped: ChainVerdict['error'] = null;
  const warnings: (Place & { class: ChainWarningClass })[] = [];
  const notes: (Place & { class: ChainNoteClass; message: string })[] = [];
  const noted = new Map<ChainNoteClass, number>();
  const chains: Chain[] = [];
  const firsts = new Set<string>(resume?.firsts);
  const notVerifiable: Place[] = [];
  /** A line of the chain could not be checked, so none behind it can. */
  let blind = false;

  function place(): Place {
    return { file: current ?? '', line: number };
  }

  function note(kind: ChainNoteClass, message: string, at: Place = place()): void {
    const count = (noted.get(kind) ?? 0) + 1;
    noted.set(kind, count);
    if (count <= MAX_NOTES) notes.push({ class: kind, ...at, message });
  }

  function fail(kind: ChainErrorClass, message: string): LineStatus {
    error = { class: kind, ...place(), message };
    return 'failed';
  }

  /** Whether the chain is closed is not known either, unless a later line tells. */
  function skip(ended: boolean): LineStatus {
    if (notVerifiable.length < MAX_PLACES) notVerifiable.push(place());
    blind = true;
    anySigned = true;
    lastWasEnd = ended;
    return 'not_verifiable';
  }

  function signed(entry: SignedEntry, { lossy = false, redacted = false }: Partial<LinePlace>): LineStatus {
    if (blind && !entry.first) return skip(entry.last);
    if (entry.first && anySigned && !lastWasEnd) {
      return fail('missing_end_of_chain', 'a new chain begins, and the one before has no end');
    }
    if (redacted) return skip(entry.last);
    const goesOn = entry.first ? undefined : ratchet;
    const begun = goesOn ? undefined : beginChain(keys, entry, hash);
    const next = goesOn ? turn(goesOn, entry, hash) : begun?.ratchet;
    if (!next && lossy) return skip(entry.last);
    if (!next) return fail('integrity_mismatch', 'the value does not fit the line and what came before it');
    ratchet = next;
    blind = false;
    accept(entry, goesOn === undefined, begun?.key ?? chain?.key ?? 0);
    return 'verified';
  }

  function accept(entry: SignedEntry, begins: boolean, key: number): void {
    verified += 1;
    if (begins) open(entry, key);
    else inside();
    if (entry.mimics) note('mark_in_value', 'texts in values of this line pass for the end of a chain');
    if (chain) {
      chain.lastFile = current ?? '';
      chain.lastLine = number;
      chain.closed = entry.last;
    }
    anySigned = true;
    lastWasEnd = entry.last;
  }

  function open(entry: SignedEntry, key: number): void {
    close();
    const before = chains.at(-1);
    const id = toHex(entry.integrity);
    const time = entry.time();
    if (firsts.has(id)) note('chain_repeated', 'this chain begins like an earlier one: it was copied');
    else if (firsts.size < MAX_FIRSTS) firsts.add(id);
    if (before && before.key !== key)
      note('other_key', `this chain was made with key ${key + 1}, the one before with key ${before.key + 1}`);
    if (latest !== undefined && time !== undefined && time < latest) {
      note('chain_out_of_order', 'this chain is older than the one before it');
    }
    latest = time ?? latest;
    const at = { file: current ?? '', firstLine: number };
    chain = { ...at, key, lastFile: at.file, lastLine: number, closed: false, unsigned: [] };
  }

  /** A signed line that goes on in its chain: what stood unsigned before it stands inside the chain. */
  function inside(): void {
    if (!chain) return;
    for (const at of chain.unsigned)
      note('unsigned_line_in_chain', 'a line without a value between signed ones: it may have been put in', at);
    chain.unsigned = [];
    if (chain.closed)
      note(
        'signed_line_after_end',
        'the chain goes on behind its end mark: what stands between can be cut out at a mark without a trace',
      );
  }

  function placeOfChain({ file, firstLine, lastFile, lastLine, closed, key }: OpenChain): Chain {
    return { file, firstLine, lastFile, lastLine, closed, key };
  }

  function close(): void {
    if (!chain) return;
    const { lastFile, lastLine, closed } = chain;
    chains.push(placeOfChain(chain));
    if (!closed)
      note('chain_not_closed', 'the chain has no end: lines may be cut off', { file: lastFile, line: lastLine });
    chain = undefined;
  }

  return {
    get done() {
      return error !== null || stopped !== null;
    },
    file(name) {
      current = name;
      number = 0;
      unread = false;
      format = options.format;
    },
    missing(name) {
      if (error || stopped) return;
      warnings.push({ class: 'file_missing', file: name, line: null });
      if (!missingOk) stopped = { class: 'file_missing', file: name, line: null, message: 'the file is not there' };
    },
    unknown(at) {
      number = at.number;
      if (error || stopped || unread) return;
      records += 1;
      skip(true);
    },
    line(line, at) {
      number = at?.number ?? number + 1;
      if (error || stopped || unread) return 'unsigned';
      if (line.length >= SCANNER_LIMIT) {
        unread = true;
        note(
          'line_too_long',
          `a line of ${SCANNER_LIMIT} bytes or more: Acra's own verifier reads neither it nor the rest of the file`,
        );
        return 'unsigned';
      }
      const content = line.length > 0 && line[line.length - 1] === CR ? line.subarray(0, -1) : line;
      format ??= content.length > 0 ? detectFormat(content) : undefined;
      const entry = readEntry(content, format ?? 'plaintext');
      if (entry.kind === 'empty') return 'empty';
      records += 1;
      if (entry.kind === 'refused' && at?.redacted) return skip(true);
      if (entry.kind === 'refused') return fail(entry.class, REFUSED[entry.class] ?? 'the line cannot be read');
      if (entry.kind === 'signed') return signed(entry, at ?? {});
      warnings.push({ class: 'no_integrity', ...place() });
      if (entry.mimics)
        note('mark_in_value', 'a value of this line looks like an integrity mark, so its own cannot be told');
      if (chain && chain.unsigned.length < MAX_NOTES) chain.unsigned.push(place());
      return 'unsigned';
    },
    snapshot() {
      if (error || stopped) return undefined;
      return {
        version: 1,
        ratchet: ratchet ? ratchetText(ratchet) : null,
        ended: lastWasEnd,
        chain: chain ? placeOfChain(chain) : null,
        latest: latest ?? null,
        firsts: latestFirsts(firsts),
      };
    },
    end() {
      close();
      error ??= stopped;
      if (!error && !anySigned) warnings.push({ class: 'empty_source', file: current ?? '', line: null });
      if (!error && anySigned && !lastWasEnd)
        warnings.push({ class: 'missing_end_of_final_chain', file: current ?? '', line: null });
      for (const key of keys) key.fill(0);
      ratchet?.key.fill(0);
      const verdict = { ok: error === null, error, warnings, records, verified, chains, notes };
      return notVerifiable.length === 0 ? verdict : { ...verdict, not_verifiable: notVerifiable };
    },
  };
}

const REFUSED: Readonly<Partial<Record<ChainErrorClass, string>>> = {
  invalid_hex: 'the value holds other signs than hex digits',
  odd_length_hex: 'the value has an odd number of hex digits',
  unreadable_line: 'the line is not one JSON object',
};
