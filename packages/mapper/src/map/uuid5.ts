import { sha1 } from '../hash.ts';

/** Namespace of `service.instance.id` (OpenTelemetry semantic conventions, `4d63009a-8d0f-11ee-aad7-4c796ed8e320`). */
const NAMESPACE = Uint8Array.from([
  0x4d, 0x63, 0x00, 0x9a, 0x8d, 0x0f, 0x11, 0xee, 0xaa, 0xd7, 0x4c, 0x79, 0x6e, 0xd8, 0xe3, 0x20,
]);

/** The name-based UUID (RFC 9562, version 5) of a name in the namespace of `service.instance.id`. */
export function uuid5(name: string): string {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(NAMESPACE.length + text.length);
  bytes.set(NAMESPACE);
  bytes.set(text, NAMESPACE.length);
  const uuid = sha1(bytes).slice(0, 16);
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x50;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(uuid, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
