/**
 * Message templates: `Got new connection to AcraServer: {peer}`. Literal text, `{name}` or `{}` for any text, `{{` for a brace.
 * Matching walks the literals from left to right with indexOf, so it is linear and cannot blow up.
 */
export interface MessageTemplate {
  readonly literals: readonly string[];
  /** Names of the gaps between the literals; empty for `{}`. */
  readonly names: readonly string[];
}

/** Reads a template. A brace that is not closed is literal text. */
export function compileTemplate(template: string): MessageTemplate {
  const literals: string[] = [];
  const names: string[] = [];
  let literal = '';
  let at = 0;
  for (let open = template.indexOf('{'); open !== -1; open = template.indexOf('{', at)) {
    literal += template.slice(at, open);
    const isBrace = template[open + 1] === '{';
    const close = isBrace ? open + 1 : template.indexOf('}', open);
    at = (close === -1 ? open : close) + 1;
    if (isBrace || close === -1) literal += '{';
    else {
      literals.push(literal);
      names.push(template.slice(open + 1, close));
      literal = '';
    }
  }
  literals.push(literal + template.slice(at));
  return { literals, names };
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The captured texts when the whole message fits the template, else undefined. */
export function matchTemplate(template: MessageTemplate, message: string): ReadonlyMap<string, string> | undefined {
  const gaps = matchGaps(template, message);
  if (!gaps || gaps.length === 0) return gaps && NOTHING;
  const captures = new Map<string, string>();
  template.names.forEach((name, index) => {
    if (name) captures.set(name, gaps[index] ?? '');
  });
  return captures;
}

/**
 * The text of every gap, named or not, when the whole message fits the template, else undefined. A gap takes as little as it can; the last one takes
 * the rest.
 */
export function matchGaps({ literals, names }: MessageTemplate, message: string): readonly string[] | undefined {
  const first = literals[0] ?? '';
  if (names.length === 0) return message === first ? [] : undefined;
  if (!message.startsWith(first)) return undefined;
  const gaps: string[] = [];
  let at = first.length;
  for (let gap = 0; gap < names.length; gap += 1) {
    const literal = literals[gap + 1] ?? '';
    const last = gap === names.length - 1;
    const next = last ? endOf(message, literal, at) : message.indexOf(literal, at);
    if (next === -1) return undefined;
    gaps.push(message.slice(at, next));
    at = next + literal.length;
  }
  return gaps;
}

function endOf(message: string, suffix: string, from: number): number {
  const at = message.length - suffix.length;
  return at >= from && message.endsWith(suffix) ? at : -1;
}

/** Finds the first template of a list that fits, without trying all of them: exact texts by Map, the rest by their first literal. */
export interface TemplateIndex<Value> {
  find(
    message: string,
    accept: (value: Value) => boolean,
  ): { readonly value: Value; readonly captures: ReadonlyMap<string, string> } | undefined;
}

/** Builds an index over (template, value) pairs; among templates with gaps the longest literal text wins, then the order given. */
export function indexTemplates<Value>(
  pairs: Iterable<readonly [template: string, value: Value]>,
): TemplateIndex<Value> {
  const exact = new Map<string, Value[]>();
  const open = new Map<string, { template: MessageTemplate; weight: number; value: Value }[]>();
  for (const [text, value] of pairs) {
    const template = compileTemplate(text);
    const first = template.literals[0] ?? '';
    if (template.names.length === 0) exact.set(first, [...(exact.get(first) ?? []), value]);
    else {
      const weight = template.literals.join('').length;
      const key = first.charAt(0);
      open.set(key, [...(open.get(key) ?? []), { template, weight, value }]);
    }
  }
  for (const list of open.values()) list.sort((a, b) => b.weight - a.weight);
  const anywhere = open.get('') ?? [];
  const none: typeof anywhere = [];

  function findIn(list: typeof anywhere, message: string, accept: (value: Value) => boolean) {
    for (let at = 0; at < list.length; at += 1) {
      const one = list[at];
      // Most do not begin like the message, which is cheaper to see than whether they are accepted.
      if (!one || !message.startsWith(one.template.literals[0] ?? '') || !accept(one.value)) continue;
      const captures = matchTemplate(one.template, message);
      if (captures) return { value: one.value, captures };
    }
    return undefined;
  }

  return {
    find(message, accept) {
      const value = exact.size === 0 ? undefined : exact.get(message)?.find(accept);
      if (value !== undefined) return { value, captures: NOTHING };
      return findIn(open.get(message.charAt(0)) ?? none, message, accept) ?? findIn(anywhere, message, accept);
    },
  };
}
