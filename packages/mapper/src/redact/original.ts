import { MARKER } from './marker.ts';

/** Texts shorter than this are too common to be replaced wherever they occur. */
const MIN_SECRET = 4;

/** Replaces secrets that were removed from their own field wherever else they occur, in the spellings that JSON and Go use. */
export function removeSecrets(text: string, secrets: ReadonlySet<string>): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET) continue;
    for (const spelling of spellings(secret))
      if (result.includes(spelling)) result = result.split(spelling).join(MARKER);
  }
  return result;
}

/** The raw line without secrets, or the bare marker when one of them cannot be found in it: then its spelling is unknown, and the line may not leave. */
export function redactOriginal(original: string, secrets: ReadonlySet<string>): string {
  for (const secret of secrets) {
    if (secret !== '' && !spellings(secret).some((spelling) => original.includes(spelling))) return MARKER;
  }
  let result = original;
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const spelling of spellings(secret)) result = result.split(spelling).join(MARKER);
  }
  return result;
}

function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [...new Set([secret, json, ascii, html])];
}
