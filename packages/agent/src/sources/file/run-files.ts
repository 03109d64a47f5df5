import { setTimeout as sleep } from 'node:timers/promises';
import { HEAD_BYTES as KIND_BYTES } from '../../input/head.ts';
import { isPacked } from '../../input/open-member.ts';
import { reasonOf, systemCode } from '../../input/system-error.ts';
import type { FileOptions } from '../options.ts';
import type { SourceContext, Stretch } from '../source.ts';
import { Discovery, type Patience } from './discovery.ts';
import { GlobWalk } from './glob-walk.ts';
import { type Displacement, isPackedFile, type KnownFile, KnownFiles, knownBefore, readTo } from './known-file.ts';
import { countLines } from './line-count.ts';
import { type Opened, openToRead } from './look.ts';
import { damageOf, lossOf } from './loss.ts';
import { readPacked } from './packed-reading.ts';
import { PlainReading, type RecordWay } from './plain-reading.ts';
import { bytesOf } from './print.ts';
import { fromPosition, isUnread, type SavedFile, toPosition } from './saved-file.ts';

const DEFAULTS = { pollIntervalMillis: 1000, maxOpenFiles: 64 } as const;
/** Portions of one file before it is another one's turn. */
const TURN_PORTIONS = 8;
/** Files that are gone and remembered, because a packed copy of one may appear. */
const MAX_GONE = 1000;
/** The stream in which it is remembered that the source was started before. */
const STARTED = 'started';

/** When things are taken to be over, in milliseconds without a change. */
export interface Timing extends Patience {
  /** A record that may have more lines is complete. */
  readonly settle: number;
  /** Nobody writes a file any more that has lost its name. */
  readonly finish: number;
  /** A file is closed. */
  readonly close: number;
}

const TIMING: Timing = {
  settle: 2000,
  finish: 5000,
  close: 300_000,
  missing: 10_000,
  copying: 3000,
  packing: 1000,
};

/** Reads files until the signal, or until all is read. */
export async function runFiles(options: FileOptions, context: SourceContext, timing = TIMING): Promise<void> {
  await new FileRun(options, context, timing).run();
}

/** A push may take as long as the backend; files are looked at in the meantime. A step changes what is known of files. */
type Task = { readonly push: () => Promise<void> } | { readonly step: () => Promise<void> };

class FileRun {
  readonly #options: FileOptions;
  readonly #context: SourceContext;
  readonly #way: RecordWay;
  readonly #files = new KnownFiles();
  readonly #discovery: Discovery;
  /** Files with something to read, in turn. */
  readonly #ready = new Set<KnownFile>();
  /** Files that are open, least recently read first. */
  readonly #open = new Set<KnownFile>();
  /** What is to be pushed and reported next, in order. */
  readonly #outbox: Task[] = [];
  readonly #gone = new Set<KnownFile>();
  readonly #timing: Timing;
  readonly #pollMillis: number;
  readonly #maxOpen: number;
  #isFirstStart = false;
  #turns = 0;

  constructor(options: FileOptions, context: SourceContext, timing: Timing) {
    this.#timing = timing;
    this.#options = options;
    this.#context = context;
    const pipeline = context.createPipeline(options.input === undefined ? {} : { input: options.input });
    this.#way = { pipeline, encodes: context.encodes };
    this.#pollMillis = options.pollIntervalMillis ?? DEFAULTS.pollIntervalMillis;
    this.#maxOpen = Math.max(1, options.maxOpenFiles ?? DEFAULTS.maxOpenFiles);
    const note = (message: string) => context.note(message);
    this.#discovery = new Discovery(
      this.#files,
      new GlobWalk(options.include, options.exclude ?? [], note),
      {
        onNew: (file) => this.#remember(file),
        onMore: (file) => this.#ready.add(file),
        onLost: (file, how) => this.#lose(file, how),
        onGone: (file) => this.#leave(file),
        onContinued: (file) => this.#outbox.push({ step: () => this.#hand(file) }),
        note,
      },
      // Who waits for the end waits no longer for a file that is gone than for one that may be in the middle of a rotation.
      context.untilIdle ? { ...timing, missing: timing.copying } : timing,
    );
  }

  async run(): Promise<void> {
    const { signal, untilIdle } = this.#context;
    this.#recall();
    let blocked: Promise<void> | undefined;
    let nextLook = 0;
    let quiet = 0;
    try {
      while (!signal.aborted) {
        const now = performance.now();
        if (now >= nextLook) {
          await this.#look(now);
          nextLook = performance.now() + this.#pollMillis;
          quiet = this.#isIdle() && !blocked ? quiet + 1 : 0;
          if (untilIdle && quiet > 1) return await this.#finish();
        } else if (blocked) {
          if (await endsWithin(blocked, nextLook - now)) blocked = undefined;
        } else {
          blocked = (await this.#next())?.busy;
          if (!blocked && this.#isIdle()) await pause(untilIdle ? IDLE_MILLIS : nextLook - now, signal);
          if (untilIdle && this.#isIdle() && !blocked) nextLook = 0;
        }
      }
    } finally {
      await this.#closeAll();
    }
  }

  /** Files of earlier runs. */
  #recall(): void {
    let started = false;
    const open: KnownFile[] = [];
    for (const [stream, position] of this.#context.positions.entries()) {
      started = true;
      const saved = fromPosition(position);
      if (saved?.state === 'open') open.push(knownBefore(stream, saved));
      else if (saved) this.#files.put(knownBefore(stream, saved));
    }
    // Whatever was written under a locator last has it.
    for (const file of open) this.#files.put(file);
    this.#isFirstStart = !started;
    if (!started) this.#outbox.push({ push: () => this.#context.push({ stream: STARTED, logs: [], position: true }) });
  }

  async #look(now: number): Promise<void> {
    await this.#discovery.look(now, this.#context.untilIdle);
    if (this.#isFirstStart && this.#options.startAt === 'end') for (const file of this.#ready) await this.#toEnd(file);
    this.#isFirstStart = false;
    for (const file of [...this.#open]) await this.#rest(file, now);
    let bytes = 0;
    for (const file of this.#files.all())
      if (file.saved.state === 'open') bytes += Math.max(0, file.size - readTo(file));
    this.#context.lag({ bytes });
  }

  /** Whether nothing is known that could be done now. */
  #isIdle(): boolean {
    return (
      this.#ready.size === 0 && this.#outbox.length === 0 && !(this.#context.untilIdle && this.#discovery.isWaiting)
    );
  }

  /** Does the next thing; the promise of what must be waited for before more can be done. */
  async #next(): Promise<{ readonly busy: Promise<void> } | undefined> {
    const task = this.#outbox.shift();
    if (task && 'push' in task) return { busy: held(task.push()) };
    if (task) return void (await task.step());
    const [file] = this.#ready;
    if (!file) return undefined;
    this.#turns += 1;
    if (this.#turns % TURN_PORTIONS === 0) {
      this.#ready.delete(file);
      this.#ready.add(file);
    }
    try {
      if (isPackedFile(file)) await this.#readPacked(file);
      else await this.#readPlain(file);
    } catch (error) {
      await this.#fail(file, error);
    }
    return undefined;
  }

  async #readPlain(file: KnownFile): Promise<void> {
    const reading = file.reading ?? (await this.#openPlain(file));
    if (!reading) return;
    const portion = await reading.read();
    if (portion === 'changed') {
      this.#ready.delete(file);
      await this.#discovery.emptied(file, performance.now());
    } else if (portion === 'end') {
      this.#ready.delete(file);
      // It was seen to be longer: what was added is gone again.
      if (file.size > reading.at) await this.#discovery.emptied(file, performance.now());
    } else {
      file.changedAt = performance.now();
      file.settled = false;
      file.size = Math.max(file.size, reading.at);
      this.#open.delete(file);
      this.#open.add(file);
      this.#take(file, portion.logs);
    }
  }

  async #openPlain(file: KnownFile): Promise<PlainReading | undefined> {
    const opened = await this.#openAt(file);
    if (!opened) return undefined;
    if (isUnread(file.saved) && isPacked(await bytesOf(opened.handle, 0, KIND_BYTES))) {
      await opened.handle.close();
      this.#ready.delete(file);
      await this.#discovery.metEmpty(file, opened.look, performance.now());
      return undefined;
    }
    const reading = await PlainReading.open(opened.handle, file.saved, this.#way);
    if (reading) {
      file.reading = reading;
      file.watched = true;
      file.saved = { ...file.saved, state: 'open' };
      this.#open.add(file);
      return reading;
    }
    await opened.handle.close();
    this.#ready.delete(file);
    await this.#discovery.emptied(file, performance.now());
    return undefined;
  }

  /** Opens the file where it lies; undefined when something else lies there by now, which the next look will tell. */
  async #openAt(file: KnownFile): Promise<Opened | undefined> {
    await this.#makeRoom();
    const opened = file.place === undefined ? undefined : await openToRead(file.place);
    if (file.problem !== undefined) this.#context.note(`${file.saved.path} can be read again`);
    file.problem = undefined;
    if (opened?.look.locator === file.saved.locator) return opened;
    await opened?.handle.close();
    this.#ready.delete(file);
    return undefined;
  }

  async #readPacked(file: KnownFile): Promise<void> {
    if (!file.unpacking) {
      const opened = await this.#openAt(file);
      if (!opened) return;
      const { handle, look } = opened;
      const isWhole = this.#context.untilIdle || Date.now() - look.changedMillis > WHOLE_AGE_MILLIS;
      const onProblem = (message: string) =>
        void this.#outbox.push({ push: () => this.#context.report(damageOf(file, message)) });
      file.saved = { ...file.saved, size: look.size, state: 'open' };
      file.unpacking = { handle, look, portions: readPacked(handle, file.saved, { ...this.#way, onProblem, isWhole }) };
      this.#open.add(file);
    }
    const { done, value } = await file.unpacking.portions.next();
    if (done) {
      await this.#close(file);
      file.saved = { ...file.saved, state: 'done' };
      this.#ready.delete(file);
      this.#save(file, []);
    } else {
      const { logs, member, resume } = value;
      file.saved = { ...file.saved, member, resume };
      if (logs.length > 0) this.#save(file, logs);
    }
  }

  /** Records of a file that is being read. */
  #take(file: KnownFile, logs: Stretch['logs']): void {
    this.#bring(file);
    if (logs.length > 0) this.#save(file, logs);
  }

  #bring(file: KnownFile): void {
    if (file.reading) file.saved = { ...file.saved, ...file.reading.progress, size: file.size };
  }

  #save(file: KnownFile, logs: Stretch['logs']): void {
    const position = toPosition(file.saved);
    this.#outbox.push({ push: () => this.#context.push({ stream: file.id, logs, position }) });
  }

  #remember(file: KnownFile): void {
    this.#save(file, []);
  }

  /** What is done with an open file of which nothing more is read now. */
  async #rest(file: KnownFile, now: number): Promise<void> {
    const { reading } = file;
    if (!reading || this.#ready.has(file)) return;
    const still = now - file.changedAt;
    if (file.moved && still >= this.#timing.finish && !file.missing) return this.#end(file);
    if (!file.settled && still >= this.#timing.settle) {
      file.settled = true;
      this.#take(file, reading.settle());
    }
    if (still >= this.#timing.close && file.place !== undefined) await this.#close(file);
  }

  /** Gives out what is left of a file, an unfinished last line too, and closes it. */
  async #end(file: KnownFile): Promise<void> {
    const { reading } = file;
    if (!reading) return;
    const logs = reading.end();
    this.#bring(file);
    await this.#close(file);
    file.settled = true;
    file.saved = { ...file.saved, state: file.moved ? 'rotated' : 'open' };
    this.#save(file, logs);
    if (file.place === undefined) this.#bury(file);
  }

  #lose(file: KnownFile, how: Displacement): void {
    const finding = lossOf(file, how);
    const step = async () => {
      await this.#end(file);
      this.#leaveOff(file, 'done');
    };
    // What was read of it first; the position past what is lost is not saved before the report has arrived.
    this.#outbox.push({ push: () => this.#context.report(finding) }, { step });
  }

  /** A file that is gone. What is open is read to its end all the same, unless it holds other data now. */
  #leave(file: KnownFile): void {
    if (file.unpacking) return;
    if (file.reading && file.saved.locator !== '') this.#ready.add(file);
    else
      this.#outbox.push({
        step: async () => {
          await this.#end(file);
          this.#leaveOff(file, file.saved.state === 'open' ? 'rotated' : file.saved.state);
        },
      });
  }

  /** A file whose rest is read elsewhere, what it holds back included. */
  async #hand(file: KnownFile): Promise<void> {
    await this.#close(file);
    this.#leaveOff(file, 'done');
  }

  #leaveOff(file: KnownFile, state: SavedFile['state']): void {
    this.#ready.delete(file);
    if (file.saved.state !== state) {
      file.saved = { ...file.saved, state };
      this.#save(file, []);
    }
    this.#bury(file);
  }

  #bury(file: KnownFile): void {
    if (file.place !== undefined) return;
    this.#gone.delete(file);
    this.#gone.add(file);
    for (const oldest of this.#gone) {
      if (this.#gone.size <= MAX_GONE) return;
      this.#gone.delete(oldest);
      if (oldest.place !== undefined) continue;
      this.#files.remove(oldest);
      this.#context.positions.forget(oldest.id);
    }
  }

  /** Something stands in the way of reading a file. What may pass is tried again at the next look. */
  async #fail(file: KnownFile, error: unknown): Promise<void> {
    this.#ready.delete(file);
    await this.#close(file);
    const code = systemCode(error);
    if (code === 'EMFILE' || code === 'ENFILE') return this.#closeIdle(this.#maxOpen / 2);
    const problem = reasonOf(error);
    if (code !== 'ENOENT' && file.problem !== problem)
      this.#context.note(`${file.place ?? file.saved.path} cannot be read: ${problem}`);
    file.problem = problem;
  }

  /** Begins at the end of a file that was there before the first start, with the last line when it has not ended. */
  async #toEnd(file: KnownFile): Promise<void> {
    const opened = await this.#openAt(file);
    if (!opened) return;
    try {
      const resume = await countLines(opened.handle);
      const saved: SavedFile = { ...file.saved, resume };
      file.saved = isPackedFile(file) ? { ...saved, resume: file.saved.resume, state: 'done' } : saved;
      this.#save(file, []);
      this.#ready.delete(file);
    } finally {
      await opened.handle.close();
    }
  }

  async #makeRoom(): Promise<void> {
    if (this.#open.size >= this.#maxOpen) await this.#closeIdle(this.#maxOpen - 1);
  }

  /** Closes files until so many are left: those that can be found again by their place first. */
  async #closeIdle(left: number): Promise<void> {
    for (const file of [...this.#open]) {
      if (this.#open.size <= left) return;
      if (file.place === undefined) continue;
      // It may not be opened again for long, unless there is more to read.
      if (!this.#ready.has(file)) {
        if (file.moved) await this.#end(file);
        else if (file.reading) this.#take(file, file.reading.settle());
      }
      await this.#close(file);
    }
  }

  async #close(file: KnownFile): Promise<void> {
    this.#bring(file);
    this.#open.delete(file);
    const { reading, unpacking } = file;
    file.reading = undefined;
    file.unpacking = undefined;
    await reading?.close();
    await unpacking?.portions.return(undefined);
    await unpacking?.handle.close();
  }

  async #closeAll(): Promise<void> {
    for (const file of [...this.#open]) await this.#close(file);
  }

  /** Everything is read: what waits for more is given out. */
  async #finish(): Promise<void> {
    for (const file of [...this.#open]) await this.#end(file);
    for (const file of [...this.#files.all()]) {
      if (isPackedFile(file) || file.place === undefined || readTo(file) >= file.size) continue;
      this.#ready.add(file);
      while (this.#ready.has(file)) await this.#readPlain(file);
      await this.#end(file);
    }
    for (let task = this.#outbox.shift(); task; task = this.#outbox.shift())
      await ('push' in task ? task.push() : task.step());
  }
}

/** A packed file that has not changed for so long is whole; what is wrong with it will stay so. */
const WHOLE_AGE_MILLIS = 10_000;
const IDLE_MILLIS = 50;

/** The promise, watched from now on: it may fail before anybody waits for it. */
function held(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}

async function endsWithin(promise: Promise<void>, millis: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      sleep(Math.max(0, millis), false, { signal: timer.signal }).catch(() => false),
    ]);
  } finally {
    timer.abort();
  }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  // Aborted is as good as over.
  await sleep(Math.max(0, millis), undefined, { signal }).catch(() => {});
}
