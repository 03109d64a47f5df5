/** The methods of RFC 9110, PATCH (RFC 5789) and QUERY: what `http.request.method` takes as they are. */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

/**
 * A method for `http.request.method`: a known one in its own spelling, `_OTHER` for any other. `original` is the text as written
 * wherever that differs.
 */
export function readHttpMethod(text: string): { readonly method: string; readonly original?: string } {
  if (METHODS.has(text)) return { method: text };
  const upper = text.toUpperCase();
  return { method: METHODS.has(upper) ? upper : '_OTHER', original: text };
}
