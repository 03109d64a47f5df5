import type { RedactionRules } from '@cryptrail/catalogue';
import { redactText } from '../redact/text.ts';
import type { FilledText } from './record-plan.ts';

/** What ties a name to a value, or tells a secret, beside a colon or quotes. */
const TYING = /=|:\/\/|bearer|private key/i;
/** A sign of a name at the end of a text, or at its beginning. */
const NAME_AT_END = /[\p{L}\p{N}_.-]$/u;
const NAME_AT_START = /^[\p{L}\p{N}_.-]/u;

/**
 * Whether a text with gaps stays as it is when secrets are taken out of it, as long as its values are plain words: ASCII without white space, colons,
 * equals signs and quotes, and without a part of a secret name. Then its own words need no look for each record, although there are names of secrets among them.
 */
export function hidesNothing({ texts }: FilledText, rules: RedactionRules): boolean {
  const shown = texts.join('x');
  const isApart = texts.every(
    (text, at) =>
      (at === 0 || text === '' || !NAME_AT_START.test(text)) &&
      (at === texts.length - 1 || text === '' || !NAME_AT_END.test(text)),
  );
  const touches = texts.slice(1, -1).includes('');
  return isApart && !touches && !TYING.test(shown) && redactText(shown, rules) === shown;
}
