/** Canonical base64, whole groups only. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The text behind `prefix` + base64 of UTF-8, e.g. `B64:aMOkag==`. A text without the prefix (case is not regarded), or one whose rest is no
 * valid base64 of valid UTF-8, comes back as it is: a genuine text may begin like an encoded one.
 */
export function decodeText(text: string, prefix: string): string {
  if (text.length < prefix.length || !startsLike(text, prefix)) return text;
  const rest = text.slice(prefix.length);
  if (rest.length % 4 !== 0 || !BASE64.test(rest)) return text;
  try {
    return decoder.decode(bytesOf(rest));
  } catch {
    return text;
  }
}

/** Whatever the case of ASCII letters; a look at the first one settles it mostly. */
function startsLike(text: string, prefix: string): boolean {
  const [one, other] = [text.charCodeAt(0), prefix.charCodeAt(0)];
  return (one | 0x20) === (other | 0x20) && text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const SIX_BITS = new Uint8Array(128);
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  SIX_BITS[sign.charCodeAt(0)] = value;

/** The bytes behind whole groups of base64. */
function bytesOf(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3);
  let to = 0;
  for (let at = 0; at < text.length; at += 4) {
    const group =
      (sixBits(text, at) << 18) | (sixBits(text, at + 1) << 12) | (sixBits(text, at + 2) << 6) | sixBits(text, at + 3);
    bytes[to++] = group >>> 16;
    bytes[to++] = group >>> 8;
    bytes[to++] = group;
  }
  return bytes.subarray(0, bytes.length - padding);
}

function sixBits(text: string, at: number): number {
  return SIX_BITS[text.charCodeAt(at)] ?? 0;
}
