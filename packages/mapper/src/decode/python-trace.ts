/**
 * What a Python program prints of an exception, not escaped into any record:
 * ```
 * Traceback (most recent call last):
 *   File "/srv/app/views.py", line 12, in get
 *     row = query.one()
 * app.errors.NoRow: no row was found
 *
 * During handling of the above exception, another exception occurred:
 *
 * Traceback (most recent call last):
 *   …
 * ```
 */
const HEAD = 'Traceback (most recent call last):';
/** Sentences that tie one trace to the next. */
const LINKS = ['During handling of the above exception', 'The above exception was the direct cause'];

/** Whether a line is the head of a trace. */
export function beginsPythonTrace(line: string): boolean {
  return line.trim() === HEAD;
}

/**
 * Whether a line goes on with the trace whose last line was `before`: frames are indented; below them stands the exception, which ends the
 * trace unless a link to another one follows.
 */
export function goesOnInPythonTrace(line: string, before: string): boolean {
  if (isIndented(line) || isLink(line)) return true;
  return isLink(before) ? beginsPythonTrace(line) : isIndented(before);
}

function isIndented(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

function isLink(line: string): boolean {
  return LINKS.some((link) => line.startsWith(link));
}
