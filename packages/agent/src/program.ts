import type { Command } from './command-line/command.ts';
import { columns } from './command-line/help.ts';
import { Failure, Misuse } from './command-line/misuse.ts';
import { didYouMean } from './command-line/nearest.ts';
import type { Terminal } from './command-line/terminal.ts';
import type { Commands } from './commands.ts';
import { builtinFs } from './node-builtins.ts';
import { MANIFEST } from './package-files.ts';

/** How a run of the program ended. 2: misuse; 130: the user broke off. */
export type ExitStatus = 0 | 1 | 2 | 130;

/** The user pressed Ctrl-C: the reason with which {@link Terminal.signal} is aborted then. */
export class Interrupted extends Error {}

/** The user asked a serving command to end. */
export class Drained extends Error {}

/**
 * Runs the program: finds the command, runs it, and turns whatever happens into a status. Never throws for anything the user did.
 *
 * @param onCommand Told which command was found before it runs, so that the caller can set up signals.
 */
export async function runProgram(
  written: readonly string[],
  terminal: Terminal,
  commands: Commands,
  onCommand: (command: Command) => void = () => {},
): Promise<ExitStatus> {
  try {
    return await dispatch(written, terminal, commands, onCommand);
  } catch (error) {
    if (terminal.signal.aborted) return statusOfAbort(terminal, 1);
    if (!(error instanceof Misuse) && !(error instanceof Failure)) throw error;
    terminal.warn(error.message);
    return error instanceof Misuse ? 2 : 1;
  }
}

async function dispatch(
  written: readonly string[],
  terminal: Terminal,
  commands: Commands,
  onCommand: (command: Command) => void,
): Promise<ExitStatus> {
  const [first, ...rest] = written;
  if (first === '--version' || first === '-V') {
    await terminal.out.write(`cryptrail ${version()}\n`);
    return 0;
  }
  const asksForHelp = first === 'help' || first === '--help' || first === '-h';
  const name = asksForHelp ? rest[0] : first;
  if (name === undefined) {
    if (!asksForHelp) throw new Misuse('Which command?', `One of ${[...commands.keys()].join(', ')}; see --help.`);
    await terminal.out.write(overview(commands));
    return 0;
  }
  const command = await find(name, commands);
  if (asksForHelp || helpIsAmong(rest)) {
    await terminal.out.write(command.help());
    return 0;
  }
  onCommand(command);
  const status = await command.run(rest, terminal);
  return terminal.signal.aborted ? statusOfAbort(terminal, status) : status;
}

async function find(name: string, commands: Commands): Promise<Command> {
  const listed = commands.get(name);
  if (listed) return listed.load();
  const kind = name.startsWith('-') ? 'flag' : 'command';
  const hint = didYouMean(name, kind === 'flag' ? ['--help', '--version'] : commands.keys());
  throw new Misuse(`Unknown ${kind} ${name}.`, hint ?? `Commands are ${[...commands.keys()].join(', ')}.`);
}

/** `--help` counts wherever it stands, but not behind `--`. */
function helpIsAmong(written: readonly string[]): boolean {
  const end = written.indexOf('--');
  const flags = end === -1 ? written : written.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

/** The reader of a pipe that goes away has seen enough (`| head`); a full disk has lost something. */
function statusOfAbort(terminal: Terminal, status: 0 | 1): ExitStatus {
  const reason: unknown = terminal.signal.reason;
  if (reason instanceof Interrupted) return 130;
  if (reason instanceof Drained) return status;
  if (reason instanceof Error && 'code' in reason && reason.code === 'EPIPE') return status;
  terminal.warn(`the output cannot be written: ${reason instanceof Error ? reason.message : String(reason)}`);
  return 1;
}

function overview(commands: Commands): string {
  return [
    'Cryptrail turns the security logs of cryptographic infrastructure into OpenTelemetry events.\n',
    'Usage: cryptrail COMMAND [flags]\n',
    'Commands:',
    ...columns(
      [...commands].map(([name, { summary }]) => [name, summary] as const),
      14,
    ),
    '',
    'cryptrail COMMAND --help shows flags and examples. cryptrail --version prints the version.',
    '',
    'Example:',
    '  cryptrail explain 587',
    '',
  ].join('\n');
}

function version(): string {
  const { version }: { version: string } = JSON.parse(builtinFs().readFileSync(MANIFEST, 'utf8'));
  return version;
}
