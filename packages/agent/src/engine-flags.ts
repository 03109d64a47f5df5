/** A flag of the engine that it also takes while it runs. */
interface EngineFlag {
  readonly name: string;
  /** While records are read. */
  readonly reading: number;
  /** What the engine does by itself, which is not always what it prints as its default. */
  readonly usual: number;
}

/**
 * Records live for a moment: room for more of them before they are swept away only costs memory (a third to a half of the peak, for some seven per cent of
 * processor time).
 */
const GROWTH_OF_NEW_SPACE: EngineFlag = { name: 'semi-space-growth-factor', reading: 1, usual: 2 };

/**
 * A function that was called so many times is worth compiling well. Of the hundreds that plan how records are written, most are never called again, and
 * compiling them on other threads costs a start a fifth of its processor time; what is called for each record is called millions of times.
 */
const CALLS_BEFORE_MAGLEV: EngineFlag = { name: 'invocation-count-for-maglev', reading: 2000, usual: 400 };

/** The same for compiling as well as the engine can, which costs ten times as much and brings less. */
const CALLS_BEFORE_TURBOFAN: EngineFlag = { name: 'invocation-count-for-turbofan', reading: 50_000, usual: 10_000 };

/** An engine says on stderr that it does not know a flag: only the one of Node.js 24 is known to. */
const FLAGS = process.versions.v8.startsWith('13.6.')
  ? [GROWTH_OF_NEW_SPACE, CALLS_BEFORE_MAGLEV, CALLS_BEFORE_TURBOFAN]
  : [GROWTH_OF_NEW_SPACE];

/**
 * Sets the engine up for reading records. Best called when the modules of Node.js are loaded: the code that it brings for them is thrown away by an engine
 * whose flags have changed.
 */
export function prepareEngine(): void {
  for (const { name, reading } of FLAGS) setFlag(name, reading);
}

/** Takes {@link prepareEngine} back, to the very values that the engine had: code that is kept for the next start is of no use to an engine with other flags. */
export function restoreEngine(): void {
  for (const { name, usual } of FLAGS) setFlag(name, usual);
}

function setFlag(name: string, value: number): void {
  process.getBuiltinModule('node:v8').setFlagsFromString(`--${name}=${value}`);
}
