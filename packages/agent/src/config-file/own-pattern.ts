import { Failure } from '../command-line/misuse.ts';
import type { Pattern } from '../run/text-changes.ts';

/**
 * Compiles a user's own pattern to one that needs linear time, whatever it is and whatever it meets: attackers write the texts.
 *
 * @throws {@link Failure} when it is no pattern, or matches the empty text.
 */
export async function compilePattern(written: string): Promise<Pattern> {
  const { RE2JS } = await import('re2js');
  let pattern: InstanceType<typeof RE2JS>;
  try {
    pattern = RE2JS.compile(written);
  } catch (error) {
    throw new Failure(
      `this is no regular expression that can be used (RE2: no look-around, no back-references): ${reasonOf(error)}`,
      { cause: error },
    );
  }
  if (pattern.test('')) throw new Failure('this pattern matches the empty text, so it would match everywhere');
  return { replace: (text) => (pattern.test(text) ? pattern.matcher(text).replaceAll('REDACTED') : text) };
}

/** `error parsing regexp: missing closing ): `a(b`` without the pattern, which may hold a secret. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace('error parsing regexp: ', '').split(': `')[0] ?? '';
}
