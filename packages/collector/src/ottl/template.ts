import { literal } from './expression.ts';

/** A message template in parts: literal texts, and the names of the gaps between them (empty for a nameless gap). */
export interface Template {
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

/** Reads a template of the tables: `{name}` and `{}` stand for any text, `{{` for a brace. */
export function readTemplate(text: string): Template {
  const literals: string[] = [];
  const names: string[] = [];
  let from = '';
  for (let at = 0; at < text.length; at += 1) {
    const close = text[at] === '{' && text[at + 1] !== '{' ? text.indexOf('}', at) : -1;
    if (close === -1) {
      from += text.charAt(at);
      if (text.startsWith('{{', at)) at += 1;
      continue;
    }
    literals.push(from);
    names.push(text.slice(at + 1, close));
    from = '';
    at = close;
  }
  return { literals: [...literals, from], names };
}

/** Length of the literal text: the longer, the sooner a template is tried. */
export function weightOf({ literals }: Template): number {
  return literals.join('').length;
}

/** An RE2 expression that fits the same texts. Each gap but the last takes as little as it can; `keep` chooses the gaps that become named groups. */
export function templatePattern({ literals, names }: Template, keep: (name: string) => boolean): string {
  let pattern = `^(?s)${literal(literals[0] ?? '')}`;
  for (const [index, name] of names.entries()) {
    const gap = index === names.length - 1 ? '.*' : '.*?';
    pattern += (keep(name) ? `(?P<${name}>${gap})` : gap) + literal(literals[index + 1] ?? '');
  }
  return `${pattern}$`;
}

/** Tests that cost little and hold for every text that fits; for a template with one gap they decide. */
export function templateTests({ literals, names }: Template, path: string, quote: (text: string) => string): string[] {
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (names.length === 0) return [`${path} == ${quote(first)}`];
  return [
    ...(first === '' ? [] : [`HasPrefix(${path}, ${quote(first)})`]),
    ...(last === '' ? [] : [`HasSuffix(${path}, ${quote(last)})`]),
  ];
}
