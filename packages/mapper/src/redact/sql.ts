import { createTextBuilder } from '../text-builder.ts';

/** Where a token ends, and what stands for it. */
interface Token {
  readonly end: number;
  readonly shown: string;
}

/**
 * SQL text with its literals replaced by `?`: quoted texts, numbers, PostgreSQL's dollar quotes, and comments, which may hide anything. Names, already
 * masked values (`:replaced1`) and positions (`$1`, `?`) stay. Text between double quotes is masked too: MySQL reads it as a literal, and a
 * hidden name costs less than a leaked value.
 *
 * MySQL lets a backslash escape a quote, standard SQL does not, and the text does not say which it is. From the first literal on that the
 * two read differently all is masked.
 *
 * @example
 * ```ts
 * maskSql("select * from t where name = 'Ann' and age > 30"); // "select * from t where name = ? and age > ?"
 * ```
 */
export function maskSql(sql: string): string {
  const masked = createTextBuilder();
  let from = 0;
  let at = 0;
  while (at < sql.length) {
    const token = readToken(sql, at);
    if (!token) {
      at += 1;
      continue;
    }
    masked.add(sql.slice(from, at) + token.shown);
    at = token.end;
    from = at;
  }
  masked.add(sql.slice(from));
  return masked.text();
}

function readToken(sql: string, at: number): Token | undefined {
  const sign = sql.charAt(at);
  if (sign === "'" || sign === '"') return { end: endOfQuoted(sql, at, sign), shown: '?' };
  if (sign === '`') return readQuotedName(sql, at);
  if (sign === '-' && sql.startsWith('--', at)) return readComment(sql, at, '--', '\n');
  if (sign === '/' && sql.startsWith('/*', at)) return readComment(sql, at, '/*', '*/');
  if (sign === '$') return readDollar(sql, at);
  if (sign === ':' || sign === '@' || isWordSign(sign)) return readWord(sql, at);
  return undefined;
}

/** `'it''s'`: a doubled quote stands for one. The end of the text when no quote closes it, or when `\'` leaves open where it closes. */
function endOfQuoted(sql: string, at: number, quote: string): number {
  let backslashes = 0;
  for (let index = at + 1; index < sql.length; index += 1) {
    const sign = sql.charAt(index);
    if (sign === quote) {
      if (backslashes % 2 === 1) return sql.length;
      if (sql.charAt(index + 1) !== quote) return index + 1;
      index += 1;
    }
    backslashes = sign === '\\' ? backslashes + 1 : 0;
  }
  return sql.length;
}

/** MySQL's quoted name; a lone backtick is none. */
function readQuotedName(sql: string, at: number): Token | undefined {
  const close = sql.indexOf('`', at + 1);
  return close === -1 ? undefined : { end: close + 1, shown: sql.slice(at, close + 1) };
}

/** A comment keeps its signs, not its text. */
function readComment(sql: string, at: number, open: string, close: string): Token {
  const found = sql.indexOf(close, at + open.length);
  const inner = sql.slice(at + open.length, found === -1 ? sql.length : found);
  const shown = open + (inner.trim() === '' ? inner : '?');
  return found === -1 ? { end: sql.length, shown } : { end: found + close.length, shown: shown + close };
}

/** `$1` stays; `$$text$$` and `$tag$text$tag$` are literals. */
function readDollar(sql: string, at: number): Token {
  const end = endOfWord(sql, at + 1);
  const isPosition = isDigit(sql.charAt(at + 1));
  if (isPosition || sql.charAt(end) !== '$') return { end, shown: sql.slice(at, end) };
  const tag = sql.slice(at, end + 1);
  const close = sql.indexOf(tag, end + 1);
  return { end: close === -1 ? sql.length : close + tag.length, shown: '?' };
}

/** A name, a placeholder (`:replaced1`, `@name`) or a number (`30`, `1.5e-3`, `0x1f`). */
function readWord(sql: string, at: number): Token {
  const isNumber = isDigit(sql.charAt(at));
  const end = isNumber ? endOfNumber(sql, at) : endOfWord(sql, at + 1);
  return { end, shown: isNumber ? '?' : sql.slice(at, end) };
}

function endOfWord(sql: string, at: number): number {
  let end = at;
  while (end < sql.length && isWordSign(sql.charAt(end))) end += 1;
  return end;
}

function endOfNumber(sql: string, at: number): number {
  const isHex = sql.charAt(at + 1).toLowerCase() === 'x';
  let end = at + 1;
  for (; end < sql.length; end += 1) {
    const sign = sql.charAt(end);
    const isExponentSign = (sign === '-' || sign === '+') && !isHex && sql.charAt(end - 1).toLowerCase() === 'e';
    if (!isWordSign(sign) && sign !== '.' && !isExponentSign) break;
  }
  return end;
}

function isDigit(sign: string): boolean {
  return sign >= '0' && sign <= '9';
}

function isWordSign(sign: string): boolean {
  return (
    (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') || isDigit(sign) || sign === '_' || sign >= '\u0080'
  );
}
