/** A message template taken apart: literal texts with a gap between each two. */
export interface TemplateParts {
  readonly literals: readonly string[];
  /** Names of the gaps, `''` for a nameless one. */
  readonly gaps: readonly string[];
  /** What is wrong with it, in words; empty when it can be used. */
  readonly faults: readonly string[];
}

const NAME = /^[a-z][a-z0-9_]*$/;

/** Takes `Got new connection to {server}: {peer}` apart; `{{` stands for a brace. */
export function templateParts(template: string): TemplateParts {
  const literals: string[] = [''];
  const gaps: string[] = [];
  const faults: string[] = [];
  for (let at = 0; at < template.length; at += 1) {
    const literal = literals.at(-1) ?? '';
    if (template[at] !== '{') literals[literals.length - 1] = literal + template[at];
    else if (template[at + 1] === '{') {
      literals[literals.length - 1] = `${literal}{`;
      at += 1;
    } else {
      const end = template.indexOf('}', at);
      const name = end < 0 ? template.slice(at) : template.slice(at + 1, end);
      if (end < 0 || (name !== '' && !NAME.test(name))) faults.push(`no name of a gap: ${name}`);
      if (literal === '' && gaps.length > 0) faults.push('two gaps with nothing between them');
      gaps.push(name);
      literals.push('');
      at = end < 0 ? template.length : end;
    }
  }
  const named = gaps.filter((name) => name !== '');
  if (new Set(named).size < named.length) faults.push('one name for two gaps');
  if (literals.every((literal) => literal.trim() === '')) faults.push('no literal text');
  return { literals, gaps, faults };
}
