/** What a stack trace says of its exception. */
export interface StacktraceSummary {
  readonly type?: string;
  readonly message?: string;
}

const PYTHON_HEAD = 'Traceback (most recent call last):';
/** `requests.exceptions.ConnectTimeout: text` or `KeyboardInterrupt`. */
const TYPE_AND_MESSAGE = /^([A-Za-z_][\w.]*)(?:: ?(.*))?$/s;
/** `java.io.IOException: text`, also after `Exception in thread "main" ` or `Caused by: `. */
const JAVA_HEAD = /^(?:Exception in thread "[^"]*" )?([A-Za-z_$][\w$.]*)(?:: (.*))?$/;

/**
 * Type and message of the exception that a formatted stack trace is about; both absent when its shape is not known.
 *
 * Python prints the frames first and the exception below them; of chained traces the last one counts, because it is the one that was not handled:
 * ```
 * Traceback (most recent call last):
 *   File "app.py", line 3, in run
 *     connect()
 * app.errors.Refused: connection refused
 * ```
 * Java prints the exception first and `\tat` frames below it.
 */
export function readStacktrace(text: string): StacktraceSummary {
  const start = text.lastIndexOf(PYTHON_HEAD);
  return start >= 0 ? pythonException(text.slice(start + PYTHON_HEAD.length)) : javaException(text);
}

/** The first line below the head that is not indented. A message may go on over further lines, up to an empty one. */
function pythonException(frames: string): StacktraceSummary {
  const start = frames.search(/\n[^\s]/);
  if (start < 0) return {};
  const found = TYPE_AND_MESSAGE.exec((frames.slice(start + 1).split('\n\n', 1)[0] ?? '').trimEnd());
  return summary(found);
}

function javaException(text: string): StacktraceSummary {
  const [head = '', next = ''] = text.split('\n', 2);
  return /^\s+(?:at |\.\.\. )/.test(next) ? summary(JAVA_HEAD.exec(head.trimEnd())) : {};
}

function summary(found: RegExpExecArray | null): StacktraceSummary {
  const [, type = '', message] = found ?? [];
  if (type === '' || type.split('.').includes('')) return {};
  return message === undefined ? { type } : { type, message };
}
