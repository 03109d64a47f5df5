import type { Product } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { all, attribute, quote, set, statement, WORK } from '../ottl/expression.ts';
import { MARKER } from './secrets.ts';

/** Texts shorter than this are too common to be looked for elsewhere. */
const MIN_SECRET = 4;

/** The detail under a secret name; the first one, because no function walks over a map. */
export const HIDDEN_DETAIL = 'details';

const at = (name: string) => `${attribute(WORK.hidden)}[${quote(name)}]`;

/** The statement that remembers a text that may not leave. */
export function hide(name: string, value: string, condition: string): string {
  return set(at(name), value, condition);
}

/** What was removed from its own field may be quoted in the message or in another field. */
export function hiddenBlocks({ fields }: Product): Block[] {
  const secret = fields.filter(
    ({ sensitivity, secretWhenNamedBy, convert }) =>
      sensitivity === 'secret' || secretWhenNamedBy !== undefined || convert === 'sql',
  );
  const names = [...new Set(secret.flatMap((rule) => rule.fields)), HIDDEN_DETAIL];
  return [
    {
      comment: 'What was removed from its own field may be quoted elsewhere',
      conditions: [`${attribute(WORK.hidden)} != nil`],
      statements: names.flatMap((name) => {
        const pattern = `Concat(["\\\\Q", ${at(name)}, "\\\\E"], "")`;
        // A text that ends the quoting of the expression itself is not looked for.
        const holds = all(
          `IsString(${at(name)})`,
          `Len(${at(name)}) >= ${MIN_SECRET}`,
          `Index(${at(name)}, "\\\\E") < 0`,
        );
        return [
          statement(`replace_pattern(log.body, ${pattern}, "${MARKER}")`, holds),
          statement(`replace_all_patterns(log.attributes, "value", ${pattern}, "${MARKER}")`, holds),
        ];
      }),
    },
  ];
}
