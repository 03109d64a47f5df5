import { readFile } from 'node:fs/promises';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { replacePrivately } from './private-file.ts';

/** Highest sequence number of each node, as an earlier run left it; nothing when there was none. */
export async function readSequenceState(path: string): Promise<Map<string, bigint>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return new Map();
    throw new Failure(`the state file ${path} cannot be read: ${reasonOf(error)}`);
  }
  try {
    const highest: unknown = JSON.parse(text).highest;
    if (typeof highest === 'object' && highest !== null)
      return new Map(Object.entries(highest).map(([node, number]) => [node, BigInt(number)]));
  } catch {
    // Falls through to the same words as a file of another shape.
  }
  throw new Failure(
    `the state file ${path} is damaged: it should hold {"version":1,"highest":{"NODE":"NUMBER"}}; move it away to begin anew`,
  );
}

/** Writes the numbers beside the old file and puts it in its place, so that a crash leaves one of the two whole. A number never goes down. */
export async function writeSequenceState(
  path: string,
  before: ReadonlyMap<string, bigint>,
  now: ReadonlyMap<string, bigint>,
): Promise<void> {
  const highest = new Map(before);
  for (const [node, number] of now) if (number > (highest.get(node) ?? -1n)) highest.set(node, number);
  const text = JSON.stringify({
    version: 1,
    highest: Object.fromEntries([...highest].map(([node, number]) => [node, String(number)])),
  });
  try {
    await replacePrivately(path, `${text}\n`);
  } catch (error) {
    throw new Failure(`the state file ${path} cannot be written: ${reasonOf(error)}`);
  }
}
