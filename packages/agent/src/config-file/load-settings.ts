import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf } from '../input/system-error.ts';
import type { AgentSettings } from '../run/settings.ts';
import { defaultStateDirectory } from '../state/state-directory.ts';
import { checkConfig } from './check-config.ts';
import { type ConfigProblem, renderProblems } from './problem.ts';
import { createPathResolver } from './resolve-paths.ts';
import type { Environment } from './substitute.ts';
import { ConfigFault, toSettings } from './to-settings.ts';

/** Settings, or what is wrong. */
export type LoadedSettings =
  | { readonly ok: true; readonly settings: AgentSettings }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** What loading needs besides the text. */
export interface LoadContext {
  readonly environment: Environment;
  readonly untilIdle: boolean;
}

/** Makes settings of the text of a configuration, with the files that it names. */
export async function settingsOfText(text: string, file: string, context: LoadContext): Promise<LoadedSettings> {
  const { environment, untilIdle } = context;
  const checked = checkConfig(text, environment);
  if (!checked.ok) return checked;
  try {
    const settings = await toSettings(checked.config, {
      resolve: createPathResolver(dirname(resolve(file))),
      defaultState: defaultStateDirectory(environment),
      untilIdle,
    });
    return { ok: true, settings };
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return { ok: false, problems: [{ ...checked.place(error.path), message: error.message }] };
  }
}

/**
 * Loads a configuration file.
 *
 * @throws {@link Failure} with every problem and its place.
 */
export async function loadSettings(file: string, context: LoadContext): Promise<AgentSettings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Failure(`the configuration ${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
  const loaded = await settingsOfText(text, file, context);
  if (loaded.ok) return loaded.settings;
  throw new Failure(`the configuration cannot be used:\n${renderProblems(file, loaded.problems)}`);
}
