import type { Arguments, FlagRules } from './flags.ts';
import { readArguments } from './flags.ts';
import { renderHelp } from './help.ts';
import type { Terminal } from './terminal.ts';

/** 0: done. 1: done, but something was wrong that a person should look at. */
export type Outcome = 0 | 1;

/** A command before its flags lose their types. */
export interface CommandRule<Rules extends FlagRules> {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What follows the name, e.g. `[FILE…]`. */
  readonly words?: string;
  /** Further paragraphs for the help. */
  readonly description?: readonly string[];
  readonly flags: Rules;
  /** Shell lines that work when pasted. */
  readonly examples: readonly string[];
  /** `interrupt` (default): Ctrl-C breaks off, status 130. `drain`: Ctrl-C and SIGTERM are the normal end. */
  readonly endsBy?: 'interrupt' | 'drain';
  readonly run: (given: Arguments<Rules>, terminal: Terminal) => Promise<Outcome>;
}

/** A command as the program starts it. */
export interface Command {
  readonly name: string;
  readonly endsBy: 'interrupt' | 'drain';
  readonly help: () => string;
  readonly run: (written: readonly string[], terminal: Terminal) => Promise<Outcome>;
}

/** Makes a command of its rule: flags are read and checked before it runs, `--help` is answered here. */
export function defineCommand<const Rules extends FlagRules>(rule: CommandRule<Rules>): Command {
  return {
    name: rule.name,
    endsBy: rule.endsBy ?? 'interrupt',
    help: () => renderHelp(rule),
    run: async (written, terminal) => rule.run(readArguments(written, rule.flags), terminal),
  };
}
