import { redactUrl, redactUserInfo } from '../redact/url.ts';

/** The parts of a request target, without secrets. */
export interface PathQuery {
  readonly path: string;
  /** Without the question mark; absent when there is none. */
  readonly query?: string;
  /** The whole URL, when the text was one with scheme and host. */
  readonly full?: string;
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Splits a path or URL at its first question mark; of a URL with scheme and host, `path` is what stands behind the host. User info and the values
 * of secret parameters are replaced first, so that no part holds them; nothing else is changed.
 *
 * @param secretParameters - names of secret parameters in any case, or the test on a name
 */
export function splitPathQuery(
  text: string,
  secretParameters: readonly string[] | ((name: string) => boolean),
): PathQuery {
  const target = redactUserInfo(text);
  const mark = target.indexOf('?');
  const before = redactUrl(mark < 0 ? target : target.slice(0, mark), secretParameters);
  const behind = mark < 0 ? '' : redactUrl(target.slice(mark), secretParameters);
  const query = mark < 0 ? {} : { query: behind.slice(1) };
  const scheme = ABSOLUTE.exec(before)?.[0];
  if (scheme === undefined) return { path: before, ...query };
  const slash = before.indexOf('/', scheme.length);
  return { path: slash < 0 ? '/' : before.slice(slash), ...query, full: before + behind };
}
