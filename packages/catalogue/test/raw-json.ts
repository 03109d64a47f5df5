/** One object of a JSON text: where it stands and its keys in the order written, repeated ones included. */
export interface RawObject {
  readonly path: string;
  readonly keys: readonly string[];
}

interface Open {
  readonly path: string;
  readonly keys?: string[];
  awaitsKey: boolean;
}

/**
 * The objects of a valid JSON text with their keys as written: `JSON.parse` keeps the last of two equal keys in silence and moves
 * keys that look like integers to the front.
 */
export function rawObjects(text: string): RawObject[] {
  const objects: RawObject[] = [];
  const open: Open[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const top = open.at(-1);
    if (sign === '"') {
      const end = endOfString(text, at);
      if (top?.awaitsKey) top.keys?.push(JSON.parse(text.slice(at, end)));
      if (top) top.awaitsKey = false;
      at = end - 1;
    } else if (sign === '{' || sign === '[') {
      const path = top ? `${top.path}/${top.keys?.at(-1) ?? ''}` : '';
      const keys: string[] = [];
      if (sign === '{') objects.push({ path, keys });
      open.push(sign === '{' ? { path, keys, awaitsKey: true } : { path, awaitsKey: false });
    } else if (sign === '}' || sign === ']') open.pop();
    else if (sign === ',' && top?.keys) top.awaitsKey = true;
  }
  return objects;
}

/** Position after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
