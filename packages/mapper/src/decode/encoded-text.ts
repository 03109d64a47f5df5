/** Canonical base64, whole groups only; `atob` alone would also take white space and missing padding. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The text behind `prefix` + base64 of UTF-8, e.g. `B64:aMOkag==`. A text without the prefix (case is not regarded), or one whose rest is no
 * valid base64 of valid UTF-8, comes back as it is: a genuine text may begin like an encoded one.
 */
export function decodeText(text: string, prefix: string): string {
  if (text.length < prefix.length || text.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return text;
  const rest = text.slice(prefix.length);
  if (rest.length % 4 !== 0 || !BASE64.test(rest)) return text;
  try {
    const bytes = Uint8Array.from(atob(rest), (sign) => sign.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return text;
  }
}
