import { bareText } from '../decode/frame.ts';
import type { LocateMembers } from '../decode/json.ts';
import { MARKER } from './marker.ts';

/** Texts shorter than this are too common to be replaced wherever they occur. */
const MIN_SECRET = 4;

/** Replaces secrets that were removed from their own field wherever else they occur, in the spellings that the formats use. `secrets`: text → what stands for it. */
export function removeSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  return secrets.size === 0 ? text : secretRemover(secrets)(text);
}

/** The same for many texts. */
export function secretRemover(secrets: ReadonlyMap<string, string>): (text: string) => string {
  const spelled = [...secrets].flatMap(([secret, shown]) =>
    secret.length < MIN_SECRET ? [] : spelledPairs(secret, shown),
  );
  return (text) => replacePairs(text, spelled);
}

/** What was removed from a record: texts with what stands for each, and the fields whose value was one of them. */
export interface Removed {
  readonly secrets: ReadonlyMap<string, string>;
  readonly secretFields: ReadonlyMap<string, string>;
}

/**
 * The raw line without secrets, or the bare marker when one of them cannot be found in it: then its spelling is unknown, and the line may not leave.
 * In a JSON line fields are found by name, however they are spelled: by `locateMembers`, which is given for such lines alone.
 */
export function redactOriginal(
  original: string,
  { secrets, secretFields }: Removed,
  locateMembers: LocateMembers | undefined,
): string {
  if (!locateMembers) return redactSpelled(original, secrets);
  const clean = secretFields.size === 0 ? original : redactMembers(original, secretFields, locateMembers);
  if (clean === undefined) return MARKER;
  const inFields = new Set(secretFields.values());
  const elsewhere = new Map([...secrets].filter(([secret]) => !inFields.has(secret)));
  return removeSecrets(redactSpelled(clean, elsewhere), secrets);
}

/** The values of a row without secrets; undefined when one of them cannot be found in any: then its spelling is unknown, and no value may leave. */
export function redactValues(values: readonly string[], { secrets }: Removed): string[] | undefined {
  for (const secret of secrets.keys()) {
    if (secret !== '' && !SPELLERS.some((spell) => values.some((value) => value.includes(spell(secret)))))
      return undefined;
  }
  return values.map((value) => {
    let result = value;
    for (const [secret, shown] of secrets)
      if (secret !== '') result = replacePairs(result, spelledPairs(secret, shown));
    return result;
  });
}

/** A JSON object with the marker in place of the values of these members; undefined when it is none. */
function redactMembers(
  original: string,
  names: ReadonlyMap<string, string>,
  locateMembers: LocateMembers,
): string | undefined {
  const text = bareText(original);
  const members = locateMembers(text, (name) => names.has(name));
  if (!members) return undefined;
  let clean = '';
  let done = 0;
  for (const { start, end } of members) {
    clean += `${text.slice(done, start)}"${MARKER}"`;
    done = end;
  }
  return clean + text.slice(done);
}

function redactSpelled(original: string, secrets: ReadonlyMap<string, string>): string {
  for (const secret of secrets.keys()) {
    if (secret !== '' && !SPELLERS.some((spell) => original.includes(spell(secret)))) return MARKER;
  }
  let result = original;
  for (const [secret, shown] of secrets) if (secret !== '') result = replacePairs(result, spelledPairs(secret, shown));
  return result;
}

/** How a secret may be spelled where {@link removeSecrets} takes it out; none for texts that are too common. */
export function spellingsOf(secret: string): string[] {
  return secret.length < MIN_SECRET ? [] : [...new Set(SPELLERS.map((spell) => spell(secret)))];
}

/** A secret in one spelling, and what stands for it in the same. */
type SpelledPair = readonly [secret: string, shown: string];

/** Each spelling once. */
function spelledPairs(secret: string, shown: string): SpelledPair[] {
  const pairs: SpelledPair[] = [];
  for (const spell of SPELLERS) {
    const spelling = spell(secret);
    if (!pairs.some(([known]) => known === spelling)) pairs.push([spelling, spell(shown)]);
  }
  return pairs;
}

function replacePairs(text: string, pairs: readonly SpelledPair[]): string {
  let result = text;
  for (const [secret, shown] of pairs)
    if (result.length >= secret.length && result.includes(secret)) result = result.split(secret).join(shown);
  return result;
}

/** How the formats spell a text: as it is, JSON, JSON in ASCII, Go's JSON, Go's quotes, CEF. */
const SPELLERS: readonly ((text: string) => string)[] = [
  (text) => text,
  json,
  (text) => json(text).replace(/[\u0080-\uffff]/g, unicodeEscape),
  (text) => json(text).replace(/[<>&\u2028\u2029]/g, unicodeEscape),
  goQuoted,
  (text) => text.replace(/[\\|=]/g, (sign) => `\\${sign}`),
];

function json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicodeEscape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const GO_LETTERS: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

/** Signs beyond ASCII are taken for printable; a line in which Go wrote one as an escape is kept back whole. */
function goQuoted(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what Go escapes
    /["\\\u0000-\u001f\u007f]/g,
    (sign) => GO_LETTERS.get(sign) ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
