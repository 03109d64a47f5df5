import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { describeBinary } from '../../input/binary.ts';
import { HEAD_BYTES as KIND_BYTES } from '../../input/head.ts';
import { isPacked, isPlainText } from '../../input/open-member.ts';
import { reasonOf, systemCode } from '../../input/system-error.ts';
import type { GlobWalk, Listing } from './glob-walk.ts';
import { type Displacement, isPackedFile, type KnownFile, type KnownFiles, newlyKnown, readTo } from './known-file.ts';
import { type Look, lookAt, NoRegularFile, type Opened, openToRead } from './look.ts';
import { bytesOf, HEAD_BYTES, isSame, printOf } from './print.ts';
import { isRotatedName, Neighbourhood, originalsOf } from './rotated-names.ts';
import { filesWithHead, holdsContent, isWellKnown, unpackedContent } from './same-content.ts';
import { isUnread } from './saved-file.ts';

/** What is done about what is found. */
export interface Finder {
  /** A file is met for the first time, or lies in another file now. */
  onNew(file: KnownFile): void;
  /** A file has grown, or was found again: there may be more to read. */
  onMore(file: KnownFile): void;
  /** What is left of a file is nowhere. */
  onLost(file: KnownFile, how: Displacement): void;
  /** Nothing is left to read of a file that is gone. */
  onGone(file: KnownFile): void;
  /** What is left of a file is read from a packed copy. */
  onContinued(file: KnownFile): void;
  /** Something to tell whoever looks after the agent, once. */
  note(message: string): void;
}

/** When things are taken to be settled, in milliseconds. */
export interface Patience {
  /** A file that is not found any more may be on its way. */
  readonly missing: number;
  /** A file that begins like another one may be a copy of it that is being made, before the other is emptied. */
  readonly copying: number;
  /** A packed file that was just written may not be whole. */
  readonly packing: number;
}

/** Looks at a file that did not change for so long are few. */
const HOT_MILLIS = 60_000;
/** How many looks it takes, at least, to have looked at every file. */
const ROUNDS = 40;
/** With fewer files than that, each is looked at every time. */
const MIN_LOOKS = 64;
/** Looks that are under way at a time. */
const PARALLEL = 16;

/**
 * Keeps account of which file lies where. A file is known by its content; where it lies is a hint that saves looking. Nothing is read here but a few
 * bytes by which files are known.
 */
export class Discovery {
  readonly #files: KnownFiles;
  readonly #walk: GlobWalk;
  readonly #finder: Finder;
  readonly #patience: Patience;
  /** Paths that were looked at and are not to be read, with what they were then. */
  readonly #passed = new Map<string, { readonly key: string; readonly noted: string | undefined }>();
  /** Files that may be copies in the making, or not be whole, and since when. */
  readonly #waiting = new Map<string, { readonly since: number; size: number }>();
  readonly #missing = new Set<KnownFile>();
  /** Paths at which something is that cannot be looked at. */
  readonly #unreachable = new Set<string>();
  /** Files that have changed, with when they had last changed before. */
  #touched: { readonly file: KnownFile; readonly sinceMillis: number }[] = [];
  /** When the folders changed whose files do. */
  readonly #folders = new Map<string, number>();
  #neighbours = new Neighbourhood();
  #turn = 0;
  #first = true;

  constructor(files: KnownFiles, walk: GlobWalk, finder: Finder, patience: Patience) {
    this.#files = files;
    this.#walk = walk;
    this.#finder = finder;
    this.#patience = patience;
  }

  /** Whether something has to be looked at again before it is known what it is. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0 || this.#missing.size > 0;
  }

  /** Looks at the files. `all`: at each of them, however long it has not changed. `now`: milliseconds of a clock that never goes back. */
  async look(now: number, all: boolean): Promise<void> {
    this.#neighbours = new Neighbourhood();
    const listing = await this.#walk.list(Date.now());
    const strangers = new Map<string, Look>();
    const found = await this.#lookAtAll(this.#due(listing, now, all || this.#first), true);
    for (const [path, look] of found) this.#place(path, look, listing, now, strangers);
    const rivals = this.#first ? this.#files.rivals() : undefined;
    for (const [path, look] of found) {
      if (!look || !strangers.has(path)) continue;
      await this.#partRivals(path, look, now, rivals?.get(look.locator) ?? []);
      this.#recognise(path, look, now, strangers);
    }
    if (this.#first) await this.#missOthers(listing, now);
    for (const file of [...this.#missing]) await this.#search(file, now, strangers);
    await this.#lookBeside(strangers);
    const before = this.#first ? [...this.#files.all()] : undefined;
    for (const [path, look] of byAge(strangers))
      await this.#meet(path, look, now, before ?? this.#files.all(), listing.paths.has(path));
    this.#first = false;
  }

  /** What was read of a file stands there no longer. */
  async emptied(file: KnownFile, now: number): Promise<void> {
    const { place } = file;
    this.#neighbours = new Neighbourhood();
    this.#files.dropLocator(file);
    this.#files.displace(file);
    file.saved = { ...file.saved, locator: '' };
    this.#finder.onNew(file);
    this.#miss(file, 'emptied', now);
    // Looked at before its neighbours: what is written here, copied and emptied in the meantime shows in one of the two.
    const [look] = (await this.#lookAtAll(place === undefined ? [] : [place])).values();
    if (place !== undefined && look && !this.#files.of(look.locator)) {
      const next = this.#begin(place, look, now, isPackedFile(file));
      if (look.size > 0 && !isPackedFile(file)) await this.#takeHead(next, place);
    }
    const strangers = new Map<string, Look>();
    await this.#search(file, now, strangers);
    for (const [path, stranger] of strangers) await this.#meet(path, stranger, now, this.#files.all(), false);
  }

  /** A file that was met before anything stood in it turns out to be packed: it is met anew. */
  async metEmpty(file: KnownFile, look: Look, now: number): Promise<void> {
    const { place } = file;
    if (place === undefined) return;
    this.#files.displace(file);
    this.#files.dropLocator(file);
    file.size = 0;
    file.saved = { ...file.saved, locator: '', size: 0, state: 'done' };
    this.#finder.onNew(file);
    this.#finder.onGone(file);
    await this.#meet(place, look, now, this.#files.all(), true);
  }

  /** The paths to be looked at this time. */
  #due({ paths }: Listing, now: number, all: boolean): string[] {
    const every = new Set([...paths, ...this.#files.places(), ...this.#waiting.keys()]);
    const budget = Math.max(MIN_LOOKS, Math.ceil(every.size / ROUNDS));
    if (all || every.size <= budget) return [...every];
    const due: string[] = [];
    const cold: string[] = [];
    for (const path of every) {
      const file = this.#files.at(path);
      if (this.#waiting.has(path)) {
        due.push(path);
        continue;
      }
      const isCold = file ? now - file.changedAt > HOT_MILLIS : this.#passed.has(path);
      (isCold ? cold : due).push(path);
    }
    for (let count = 0; count < Math.min(budget, cold.length); count += 1) {
      const path = cold[(this.#turn + count) % cold.length];
      if (path !== undefined) due.push(path);
    }
    this.#turn = (this.#turn + budget) % Math.max(1, cold.length);
    return due;
  }

  /** `isWanted`: what stands in the way is to be told. */
  async #lookAtAll(paths: readonly string[], isWanted = false): Promise<Map<string, Look | undefined>> {
    const looks = new Map<string, Look | undefined>();
    for (let from = 0; from < paths.length; from += PARALLEL)
      await Promise.all(
        paths.slice(from, from + PARALLEL).map(async (path) => {
          try {
            looks.set(path, await lookAt(path));
            this.#unreachable.delete(path);
          } catch (error) {
            if (isAbsent(error)) looks.set(path, undefined);
            else if (isWanted) this.#refuse(path, error);
          }
        }),
      );
    return looks;
  }

  /** Takes note of what is at a path: the file that was there, or another. */
  #place(path: string, look: Look | undefined, listing: Listing, now: number, strangers: Map<string, Look>): void {
    const file = this.#files.at(path);
    if (look && file?.saved.locator === look.locator) return void this.#update(file, look, now);
    if (file) {
      if (!look && this.#isHidden(file, listing)) return;
      this.#files.displace(file);
      file.moved = true;
      this.#miss(file, look ? 'replaced' : 'removed', now);
    }
    if (look) strangers.set(path, look);
    else this.#waiting.delete(path);
  }

  /** A file that lies elsewhere than before is known by its locator; whether by right, its content tells when it is read. */
  #recognise(path: string, look: Look, now: number, strangers: Map<string, Look>): void {
    const file = this.#files.of(look.locator);
    if (!file) return;
    strangers.delete(path);
    this.#waiting.delete(path);
    // Another name of a file that is there: a link, or a path that two globs stand for.
    if (file.place !== undefined) return;
    this.#settleAt(file, path, look, now);
  }

  /**
   * Positions of several streams are saved apart: a kill may leave that of what stood here before the file was emptied beside that of what stands here
   * now. The one whose bytes are here lies here; what is left of the others is looked for.
   */
  async #partRivals(path: string, look: Look, now: number, rivals: readonly KnownFile[]): Promise<void> {
    const opened = rivals.some(({ place }) => place === undefined) ? await this.#open(path) : undefined;
    if (!opened) return;
    let winner: KnownFile | undefined;
    try {
      for (const rival of rivals)
        if (!(winner && readTo(winner) >= readTo(rival)) && (await holdsContent(opened.handle, look.size, rival, true)))
          winner = rival;
    } finally {
      await opened.handle.close();
    }
    if (!winner) return;
    for (const rival of rivals) {
      if (rival === winner) continue;
      rival.saved = { ...rival.saved, locator: '' };
      this.#finder.onNew(rival);
      this.#miss(rival, 'emptied', now);
    }
    this.#files.put(winner);
  }

  #settleAt(file: KnownFile, path: string, look: Look, now: number): void {
    this.#missing.delete(file);
    file.missing = undefined;
    const former = this.#files.at(path);
    if (former && former !== file) {
      this.#files.displace(former);
      former.moved = true;
      this.#miss(former, 'replaced', now);
    }
    file.moved = file.moved || path !== file.saved.path;
    file.place = path;
    const isNew = file.saved.locator !== look.locator;
    if (isNew) {
      file.size = look.size;
      this.#files.dropLocator(file);
      file.saved = { ...file.saved, locator: look.locator };
    }
    this.#files.put(file);
    if (isNew) this.#finder.onNew(file);
    this.#waiting.delete(path);
    this.#update(file, look, now, isNew);
  }

  #update(file: KnownFile, look: Look, now: number, force = false): void {
    const { size, changedMillis } = look;
    const isUnchanged = size === file.size && changedMillis === file.saved.changedMillis;
    const isSame = isUnchanged && readTo(file) >= size;
    if (isSame) file.watched = true;
    if (isSame && !force && file.problem === undefined) return;
    if (!isUnchanged && !isPackedFile(file)) this.#touched.push({ file, sinceMillis: file.saved.changedMillis });
    // One that is shorter now was emptied, which shows when it is read: what it had is how much is lost.
    if (size > file.size || isPackedFile(file)) file.size = size;
    file.saved = { ...file.saved, size, changedMillis };
    if (!isUnchanged || force) file.changedAt = now;
    if (file.saved.state !== 'done' || !isPackedFile(file)) this.#finder.onMore(file);
  }

  /** Nothing is known of it, because its folder cannot be listed. */
  #isHidden({ saved, place = saved.path }: KnownFile, { closed }: Listing): boolean {
    return this.#unreachable.has(place) || closed.some((folder) => place.startsWith(folder));
  }

  /** Files of an earlier run that no glob stands for now. */
  async #missOthers(listing: Listing, now: number): Promise<void> {
    for (const file of this.#files.all()) {
      if (file.place !== undefined || this.#isHidden(file, listing)) continue;
      const { path, locator } = file.saved;
      const look = (await this.#lookAtAll([path])).get(path);
      const isThere = look?.locator === locator;
      if (isThere && this.#isRotatedFrom(path, listing)) this.#settleAt(file, path, look, now);
      // It is no longer to be read.
      else if (!isThere) this.#miss(file, look ? 'replaced' : 'removed', now);
    }
  }

  #isRotatedFrom(path: string, { paths }: Listing): boolean {
    if (!this.#walk.mayRead(path)) return false;
    const folder = dirname(path);
    const name = basename(path);
    for (const listed of paths) if (dirname(listed) === folder && isRotatedName(name, basename(listed))) return true;
    return false;
  }

  #miss(file: KnownFile, how: Displacement, since: number): void {
    if (file.saved.state !== 'open' && file.size <= readTo(file)) return void this.#finder.onGone(file);
    file.missing ??= { how, since, isRead: isRead(file, how) };
    this.#missing.add(file);
  }

  /** Looks for what is left of a file: under another name, in a copy, in a packed copy. */
  async #search(file: KnownFile, now: number, strangers: Map<string, Look>): Promise<void> {
    const { missing } = file;
    if (!missing || file.place !== undefined) return void this.#missing.delete(file);
    const { rotated, others } = await this.#neighbours.of(file.saved.path);
    const looks = await this.#lookAtAll(rotated);
    for (const path of missing.how === 'emptied' ? [] : others) {
      const [look] = (await this.#lookAtAll([path])).values();
      if (look?.locator === file.saved.locator) looks.set(path, look);
    }
    this.#adopt(looks, file.saved.changedMillis, strangers);
    if (missing.how !== 'emptied')
      for (const [path, look] of looks) {
        if (look?.locator !== file.saved.locator) continue;
        strangers.delete(path);
        return this.#settleAt(file, path, look, now);
      }
    // What is open is read to its end, wherever it lies.
    if (!file.reading || missing.how === 'emptied')
      for (const [path, look] of byAge(looks)) if (await this.#isRest(file, path, look, now, strangers)) return;
    if (now - missing.since < this.#patience.missing) return;
    this.#missing.delete(file);
    file.missing = undefined;
    if (missing.isRead || isOpen(file, missing.how) || isAmong(file, looks)) this.#finder.onGone(file);
    else this.#finder.onLost(file, missing.how);
  }

  /** What a rotation made beside files that have changed: one may have been written, copied and emptied between two looks. */
  async #lookBeside(strangers: Map<string, Look>): Promise<void> {
    const touched = this.#touched;
    this.#touched = [];
    const changed = new Map<string, boolean>();
    for (const { file, sinceMillis } of touched) {
      if (file.place === undefined) continue;
      if (!file.reading && file.saved.head.length < HEAD_BYTES) await this.#takeHead(file, file.place);
      const folder = dirname(file.place);
      const hasChanged = changed.get(folder) ?? (await this.#hasChanged(folder));
      changed.set(folder, hasChanged);
      if (!hasChanged) continue;
      const { rotated } = await this.#neighbours.of(file.place);
      this.#adopt(await this.#lookAtAll(rotated), sinceMillis, strangers);
    }
  }

  /** Learns how a file begins that may be rotated and packed before it is read. */
  async #takeHead(file: KnownFile, place: string): Promise<void> {
    const opened = await this.#open(place);
    if (!opened) return;
    try {
      const { head, locator } = file.saved;
      const bytes = await bytesOf(opened.handle, 0, HEAD_BYTES);
      if (opened.look.locator !== locator || !isSame(head, bytes.subarray(0, head.length))) return;
      // What a packed file is shows when it is to be read.
      if (isPacked(bytes)) return;
      file.saved = { ...file.saved, head: printOf(bytes, 0) };
      this.#finder.onNew(file);
    } finally {
      await opened.handle.close();
    }
  }

  async #hasChanged(folder: string): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(folder);
      const before = this.#folders.get(folder);
      this.#folders.set(folder, mtimeMs);
      return before !== mtimeMs || Date.now() - mtimeMs < FOLDER_AGE_MILLIS;
    } catch {
      return true;
    }
  }

  /** Takes in files that a rotation made and no glob stands for, when they were written since a time. */
  #adopt(looks: ReadonlyMap<string, Look | undefined>, sinceMillis: number, strangers: Map<string, Look>): void {
    for (const [path, look] of looks)
      if (look && look.changedMillis >= sinceMillis && !this.#files.of(look.locator) && this.#walk.mayRead(path))
        strangers.set(path, look);
  }

  /** Whether a file is a copy of another one, plain or packed, in which reading goes on. */
  async #isRest(
    file: KnownFile,
    path: string,
    look: Look,
    now: number,
    strangers: Map<string, Look>,
  ): Promise<boolean> {
    const other = this.#files.of(look.locator);
    const isTaken = other?.place !== undefined && !isPackedFile(other);
    if (isTaken && !isWellKnown(file)) return false;
    const opened = await this.#open(path);
    if (!opened) return false;
    try {
      if (isTaken) {
        const { size } = opened.look;
        if (size < file.size || !(await holdsContent(opened.handle, size, file))) return false;
        // Another stream has all of it, from the beginning on.
        this.#missing.delete(file);
        file.missing = undefined;
        this.#finder.onContinued(file);
        return true;
      }
      if (isPlainText(await bytesOf(opened.handle, 0, KIND_BYTES))) {
        const isLikely = look.changedMillis >= file.saved.changedMillis && look.size >= file.size;
        if (other || !(await holdsContent(opened.handle, opened.look.size, file, isLikely))) return false;
        strangers.delete(path);
        await this.#closeReading(file);
        this.#settleAt(file, path, opened.look, now);
        return true;
      }
      if ((await unpackedContent(opened.handle, path, opened.look.size, [file])) !== file) return false;
      strangers.delete(path);
      if (!other || other.saved.copy) this.#beginRest(file, path, opened.look, now, other);
      this.#missing.delete(file);
      file.missing = undefined;
      this.#finder.onContinued(file);
      return true;
    } catch {
      // Damaged, or not whole yet: it is looked at again while the file is missed.
      return false;
    } finally {
      await opened.handle.close();
    }
  }

  /** Decides what a file is that nothing is known of. */
  async #meet(path: string, look: Look, now: number, known: Iterable<KnownFile>, isListed: boolean): Promise<void> {
    const key = keyOf(look);
    if (this.#passed.get(path)?.key === key || this.#files.of(look.locator)) return;
    const isSuspect = this.#mayBeUnderWay(path, look);
    if (isSuspect && this.#waits(path, look, now, this.#patience.copying)) return;
    if (look.size === 0) return void this.#begin(path, look, now, false);
    const opened = await this.#open(path);
    if (!opened) return;
    try {
      const head = await bytesOf(opened.handle, 0, KIND_BYTES);
      if (isPacked(head)) await this.#meetPacked(path, opened, now, isSuspect);
      else if (isPlainText(head)) await this.#meetPlain(path, opened, now, known, isListed);
      else this.#pass(path, key, `is ${describeBinary(head) ?? 'no text'}`);
    } catch (error) {
      this.#pass(path, key, `cannot be read: ${reasonOf(error)}`);
    } finally {
      await opened.handle.close();
    }
  }

  /** A file that was just written beside one that is read, under a name that a rotation gives: it may be half a copy. */
  #mayBeUnderWay(path: string, { changedMillis }: Look): boolean {
    if (Date.now() - changedMillis > COPY_AGE_MILLIS) return false;
    const folder = path.slice(0, path.length - basename(path).length);
    return originalsOf(basename(path)).some((original) => this.#files.at(folder + original) !== undefined);
  }

  async #meetPlain(
    path: string,
    { handle, look }: Opened,
    now: number,
    known: Iterable<KnownFile>,
    isListed: boolean,
  ): Promise<void> {
    const alike = await filesWithHead(handle, known);
    const lost = alike.filter(({ place, reading }) => place === undefined && !reading);
    const same: KnownFile[] = [];
    for (const file of lost) if (await holdsContent(handle, look.size, file)) same.push(file);
    const [only, ...more] = same;
    if (only && more.length === 0) return this.#settleAt(only, path, look, now);
    if (alike.length > lost.length && this.#waits(path, look, now, this.#patience.copying)) return;
    if (isListed || alike.length === lost.length)
      this.#begin(path, look, now, false, { head: printOf(await bytesOf(handle, 0, HEAD_BYTES), 0) });
    // Somebody's copy of a log that is read where it is.
    else this.#passed.set(path, { key: keyOf(look), noted: undefined });
  }

  async #meetPacked(path: string, { handle, look }: Opened, now: number, hasWaited: boolean): Promise<void> {
    const isFresh = Date.now() - look.changedMillis < PACKED_AGE_MILLIS;
    if (!hasWaited && isFresh && this.#waits(path, look, now, this.#patience.packing)) return;
    let original: KnownFile | undefined;
    try {
      original = await unpackedContent(handle, path, look.size, this.#files.all());
    } catch {
      // What can be read of it is read.
    }
    if (!original) return void this.#begin(path, look, now, true);
    if (original.place === undefined && !original.reading) {
      this.#missing.delete(original);
      original.missing = undefined;
      this.#beginRest(original, path, look, now);
      return this.#finder.onContinued(original);
    }
    this.#begin(path, look, now, true, { state: 'done', copy: true });
    this.#finder.note(`${path}: a packed copy of ${original.saved.path}, which is read already`);
  }

  /** Whether it is too early to decide; a file that still changes begins to wait anew. */
  #waits(path: string, { size }: Look, now: number, millis: number): boolean {
    const waiting = this.#waiting.get(path);
    if (!waiting || waiting.size !== size) {
      this.#waiting.set(path, { since: now, size });
      return true;
    }
    if (now - waiting.since < millis) return true;
    this.#waiting.delete(path);
    return false;
  }

  #begin(path: string, look: Look, now: number, packed: boolean, more: Partial<KnownFile['saved']> = {}): KnownFile {
    this.#waiting.delete(path);
    const file = newlyKnown(randomUUID(), path, look, now, packed);
    file.saved = { ...file.saved, ...more };
    this.#files.put(file);
    this.#finder.onNew(file);
    if (file.saved.state === 'open' && file.size > 0) this.#finder.onMore(file);
    return file;
  }

  /** A packed file of which only the end is new. Its records belong to the file that was packed. */
  #beginRest(file: KnownFile, path: string, look: Look, now: number, copy?: KnownFile): void {
    const { resume, path: original } = file.saved;
    if (copy) this.#files.remove(copy);
    this.#begin(path, look, now, true, { resume, path: original });
  }

  #refuse(path: string, error: unknown): void {
    this.#unreachable.add(path);
    this.#pass(path, '', error instanceof NoRegularFile ? error.message : `cannot be read: ${reasonOf(error)}`);
  }

  #pass(path: string, key: string, problem: string): void {
    if (this.#passed.get(path)?.noted !== problem) this.#finder.note(`${path} ${problem}`);
    this.#passed.set(path, { key, noted: problem });
    this.#waiting.delete(path);
  }

  async #open(path: string): Promise<Opened | undefined> {
    try {
      const opened = await openToRead(path);
      this.#passed.delete(path);
      return opened;
    } catch (error) {
      if (!isAbsent(error)) this.#refuse(path, error);
      return undefined;
    }
  }

  async #closeReading(file: KnownFile): Promise<void> {
    const { reading } = file;
    if (!reading) return;
    file.saved = { ...file.saved, ...reading.progress };
    file.reading = undefined;
    await reading.close();
  }
}

/** Files that are there, oldest first. */
function byAge(looks: ReadonlyMap<string, Look | undefined>): (readonly [path: string, look: Look])[] {
  const there = [...looks].flatMap(([path, look]) => (look ? [[path, look] as const] : []));
  return there.sort(([, one], [, other]) => one.changedMillis - other.changedMillis);
}

function isAbsent(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}

function keyOf({ locator, size, changedMillis }: Look): string {
  return `${locator} ${size} ${changedMillis}`;
}

/** A change of a folder may not show in its time when it comes right after another one. */
const FOLDER_AGE_MILLIS = 2000;

/** A copy that was not added to for so long is whole. */
const COPY_AGE_MILLIS = 10_000;

/** A packed file that is older than this is whole. */
const PACKED_AGE_MILLIS = 3000;

/** It can be read to its end, wherever it lies. */
function isOpen({ reading, unpacking }: KnownFile, how: Displacement): boolean {
  return unpacking !== undefined || (reading !== undefined && how !== 'emptied');
}

/** Nothing was ever seen of what is in it, and there is something newer under a name that a rotation gives: that is read from its beginning. */
function isAmong({ saved }: KnownFile, looks: ReadonlyMap<string, Look | undefined>): boolean {
  return (
    isUnread(saved) &&
    byAge(looks).some(([, { changedMillis, size }]) => size > 0 && changedMillis >= saved.changedMillis)
  );
}

/** A file that was seen to stand still, all of it read, has lost nothing when it goes; nobody knows that of one that went while nobody looked. */
function isRead(file: KnownFile, how: Displacement): boolean {
  if (file.size > readTo(file)) return false;
  if (file.saved.state !== 'open') return true;
  return file.watched && (how !== 'emptied' || file.settled);
}
