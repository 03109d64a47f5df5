import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../command-line/misuse.ts';
import { DEAD_LETTER_FILE } from '../deliver/dead-letters.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { fromPosition } from '../sources/file/saved-file.ts';
import { lockHolder } from '../state/lock.ts';
import type { PositionTable } from '../state/position-copy.ts';
import { readPositions } from '../state/position-store.ts';
import { stateReason } from '../state/sqlite.ts';
import { isStateDirectory } from '../state/state-directory.ts';
import { type Check, found, good } from './check.ts';

/** With less, positions cannot be saved for long. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;

/** Looks at the state directory: who has it, whether it can be written, and whether its positions can be meant. */
export async function checkState(directory: string): Promise<Check[]> {
  if (!(await isStateDirectory(directory))) return [await checkWritable(directory), ...(await checkSpace(directory))];
  return [
    await checkWritable(directory),
    ...(await checkSpace(directory)),
    await checkLock(directory),
    ...(await checkPositions(directory)),
    ...(await checkDeadLetters(directory)),
  ];
}

async function checkWritable(directory: string): Promise<Check> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK | constants.X_OK);
      return good('state', path === directory ? `${directory} can be written` : `${directory} can be made`);
    } catch (error) {
      if (systemCode(error) === 'ENOENT' && dirname(path) !== path) continue;
      return found(
        'state',
        'bad',
        `${path}: ${reasonOf(error)}`,
        'Give it to the user of the agent (chown), or choose another with state or --state.',
      );
    }
  }
}

async function checkSpace(directory: string): Promise<Check[]> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const { bavail, bsize, blocks } = await statfs(path);
      // File systems without blocks are none that anybody writes to.
      if (blocks === 0 || bavail * bsize >= LEAST_FREE_BYTES) return [];
      const free = Math.floor((bavail * bsize) / 1024 ** 2);
      return [
        found(
          'state',
          'bad',
          `${free} MiB are left on the disk of ${directory}`,
          'Make room: positions and dead letters could not be saved.',
        ),
      ];
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || dirname(path) === path) return [];
    }
  }
}

async function checkLock(directory: string): Promise<Check> {
  try {
    const { running, pid } = await lockHolder(directory);
    if (!running) return good('lock', 'no agent uses it');
    return found(
      'lock',
      'odd',
      `an agent uses it${pid === undefined ? '' : ` (process ${pid})`}`,
      'Nothing, if that is yours. A second one with this state is refused.',
    );
  } catch (error) {
    return found('lock', 'bad', stateReason(error), 'Look at the owner of the files in the state directory.');
  }
}

async function checkPositions(directory: string): Promise<Check[]> {
  try {
    const table = (await readPositions(directory)) ?? new Map();
    const streams = [...table.values()].reduce((sum, { size }) => sum + size, 0);
    return [
      good('positions', `${streams} positions of ${table.size} sources can be read`),
      ...(await checkOffsets(table)),
    ];
  } catch (error) {
    const message = error instanceof Failure ? error.message : stateReason(error);
    return [
      found(
        'positions',
        'bad',
        message,
        'What was delivered since the copy comes again. Look for a failing disk (dmesg, smartctl).',
      ),
    ];
  }
}

/** A position behind the end of its file: the file was emptied or replaced while no agent ran. */
async function checkOffsets(table: PositionTable): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [source, streams] of table) {
    for (const position of streams.values()) {
      const saved = fromPosition(position);
      const offset = saved?.resume.offset;
      if (!saved || offset === undefined || saved.member !== undefined) continue;
      const size = await sizeOf(saved.path);
      if (size === undefined || size >= offset) continue;
      checks.push(
        found(
          'positions',
          'odd',
          `${source}: ${saved.path} has ${size} bytes, and ${offset} were read of what bore this name`,
          'It was rotated, emptied or replaced. The agent looks for the rest in rotated copies and reports what is gone.',
        ),
      );
    }
  }
  return checks;
}

async function checkDeadLetters(directory: string): Promise<Check[]> {
  const path = `${directory}/${DEAD_LETTER_FILE}`;
  const size = await sizeOf(path);
  if (!size) return [];
  return [
    found(
      'dead letters',
      'odd',
      `${path} holds ${size} bytes of records that were refused for good`,
      `Read why in each line's "cryptrail"; once mended: cryptrail replay ${path}`,
    ),
  ];
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
