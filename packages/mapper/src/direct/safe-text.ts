import type { RedactionRules } from '@cryptrail/catalogue';
import { redactText } from '../redact/text.ts';
import type { FilledText } from './record-plan.ts';

/** What ties a name to a value, or tells a secret, beside a colon or quotes. */
const TYING = /=|:\/\/|bearer|private key/i;
/** A sign of a name, or of what stands before the host of a URL, at the end of a text or at its beginning. */
const OPEN_AT_END = /[\p{L}\p{N}_.:/-]$/u;
const OPEN_AT_START = /^(?:[\p{L}\p{N}_./-]|:\/)/u;
/** What makes a name of the word before it. */
const TIE_AT_START = /^\\*["'`]?[ \t]*(?:=>|:=|[=:])|^[ \t]+\\*["'`]/;

/**
 * The gaps of a text that stays as it is when secrets are taken out of it, as long as its values do not name any: true where a tie stands behind the gap, so that a value that
 * is a name of secrets would make one of what follows. Undefined where a look at the whole text is needed each time, e.g. because a gap stands behind such a name.
 */
export function safeGaps({ texts }: FilledText, rules: RedactionRules): readonly boolean[] | undefined {
  const shown = texts.join('x');
  const isApart = texts.every(
    (text, at) =>
      (at === 0 || text === '' || !OPEN_AT_START.test(text)) &&
      (at === texts.length - 1 || text === '' || !OPEN_AT_END.test(text)),
  );
  const touches = texts.slice(1, -1).includes('');
  if (!isApart || touches || TYING.test(shown) || redactText(shown, rules) !== shown) return undefined;
  return texts.slice(1).map((text) => TIE_AT_START.test(text));
}
