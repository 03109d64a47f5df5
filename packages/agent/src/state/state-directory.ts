import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../command-line/misuse.ts';
import { LOCK_FILE, lockDirectory } from './lock.ts';
import { openPositions, type PositionStore } from './position-store.ts';
import { stateReason } from './sqlite.ts';

/** A state directory that this process has to itself. */
export interface State {
  readonly directory: string;
  readonly positions: PositionStore;
  /** Writes the copy, closes, and gives the directory free. */
  close(): Promise<void>;
}

/**
 * Takes a state directory, made when it is not there; only its owner can look into it.
 *
 * @throws {@link Failure} when another agent has it, it cannot be written, or a newer version wrote it.
 */
export async function openState(path: string): Promise<State> {
  const directory = resolve(path);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = await lockDirectory(directory);
    try {
      const positions = await openPositions(directory);
      return {
        directory,
        positions,
        close: async () => {
          await positions.copy().catch(() => undefined);
          positions.close();
          await lock.release();
        },
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `the state directory ${directory} cannot be used: ${stateReason(error)}. It must be writable, with room left; choose another with --state.`,
      { cause: error },
    );
  }
}

/** Where state is kept when nothing says: what systemd gives (`StateDirectory=`), else the place of the XDG base directories. */
export function defaultStateDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment.STATE_DIRECTORY?.split(':')[0];
  if (given) return given;
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'cryptrail');
}

/** Whether an agent has ever used the directory: to look must not make one. */
export async function isStateDirectory(directory: string): Promise<boolean> {
  return access(join(directory, LOCK_FILE)).then(
    () => true,
    () => false,
  );
}
