/** Whether bytes hold what is sought. */
export type BytesTest = (bytes: Uint8Array, start: number, end: number) => boolean;

const BITS = 5;
const MASK = 0x1f;
const PLACES = 2 ** (3 * BITS);

/**
 * A look for any of some things that begin with known letters, whatever their case: three letters, five bits each, tell most texts from those that hold one. `matches`: asked where the
 * first three letters may stand. Undefined when one begins with fewer than three.
 */
export function compileTrigrams<Sought>(
  all: readonly Sought[],
  beginningOf: (one: Sought) => Uint8Array,
  matches: (one: Sought, bytes: Uint8Array, at: number, end: number) => boolean,
): BytesTest | undefined {
  const known: (Sought[] | undefined)[] = [];
  const isKnown = new Uint8Array(PLACES);
  for (const one of all) {
    const [first = 0, second = 0, third] = beginningOf(one);
    if (third === undefined) return undefined;
    const place = next(next(next(0, first), second), third);
    known[place] = [...(known[place] ?? []), one];
    isKnown[place] = 1;
  }
  return (bytes, start, end) => {
    let place = next(next(0, bytes[start] ?? 0), bytes[start + 1] ?? 0);
    for (let at = start + 2; at < end; at += 1) {
      place = next(place, bytes[at] ?? 0);
      if (isKnown[place] === 0) continue;
      for (const one of known[place] ?? []) if (matches(one, bytes, at - 2, end)) return true;
    }
    return false;
  };
}

function next(place: number, byte: number): number {
  return ((place << BITS) & (PLACES - 1)) | (byte & MASK);
}
