import type { RedactionRules } from '@cryptrail/catalogue';
import { compileTemplate, type MessageTemplate, matchGaps } from '../recognise/message-template.ts';
import { MARKER } from './marker.ts';
import { redactText } from './text.ts';

/** Gives a message without its secrets; what the product's rules took out is added to `secrets`, together with what stands for it. */
export type MessageRedactor = (message: string, secrets: Map<string, string>) => string;

/** SQL without its literals. */
export type MaskSql = (text: string) => string;

/** What stands for the text of a gap that has this name in a rule. */
type Replacements = ReadonlyMap<string, (text: string) => string>;

function marker(): string {
  return MARKER;
}

/**
 * Compiles `secretMessages` and `sqlMessages` of a product. Of several templates that fit the first counts; a message that none fits is free text.
 * In masked SQL nothing else is replaced: `password = ?` holds no password. `maskSql`: for products that have `sqlMessages`; without it SQL is secret.
 */
export function compileMessageRedactor(rules: RedactionRules, maskSql: MaskSql = marker): MessageRedactor {
  const replacements: Replacements = new Map([
    ['secret', marker],
    ['sql', maskSql],
  ]);
  const { secretMessages = [], sqlMessages = [] } = rules;
  const templates = [...secretMessages, ...sqlMessages].map(compileTemplate);
  return (message, secrets) => {
    for (let at = 0; at < templates.length; at += 1) {
      const template = templates[at];
      const gaps = template && matchGaps(template, message);
      if (gaps) return rebuild(template, gaps, rules, secrets, replacements);
    }
    return redactText(message, rules);
  };
}

function rebuild(
  { literals, names }: MessageTemplate,
  gaps: readonly string[],
  rules: RedactionRules,
  secrets: Map<string, string>,
  replacements: Replacements,
): string {
  let shown = literals[0] ?? '';
  gaps.forEach((gap, index) => {
    const replace = replacements.get(names[index] ?? '');
    const replaced = replace?.(gap) ?? redactText(gap, rules);
    if (replace && replaced !== gap) secrets.set(gap, replaced);
    shown += replaced + (literals[index + 1] ?? '');
  });
  return shown;
}

/**
 * For text that is no record: what stands behind the beginning of a secret message is cut off, wherever that beginning stands, because nothing tells
 * where the secret ends.
 */
export function compileTextRedactor(rules: readonly RedactionRules[]): (text: string) => string {
  const starts = secretStarts(rules);
  return (text) => {
    const ends = starts.flatMap((start) => (text.includes(start) ? text.indexOf(start) + start.length : []));
    return ends.length === 0 ? text : text.slice(0, Math.min(...ends)) + MARKER;
  };
}

/** The texts with which secret messages begin, each once. */
export function secretStarts(rules: readonly RedactionRules[]): string[] {
  const templates = rules.flatMap(({ secretMessages = [] }) => secretMessages.map(compileTemplate));
  return [...new Set(templates.map(({ literals }) => literals[0] ?? ''))].filter((start) => start !== '');
}
