import type { EventRule } from './types.ts';

/** Code → names of the events that carry it, the default one first. */
export function codesOf<Name extends string, Code extends string>(
  events: Iterable<readonly [Name, EventRule]>,
): Map<Code, readonly Name[]> {
  const codes = new Map<Code, Name[]>();
  for (const [name, event] of events) {
    if (event.code === undefined) continue;
    const code = event.code as Code;
    const names = codes.get(code) ?? [];
    if (event.default) names.unshift(name);
    else names.push(name);
    codes.set(code, names);
  }
  return codes;
}
