/**
 * What a Go program prints when it dies:
 *
 *     panic: runtime error: index out of range
 *     [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x9d1f42]
 *
 *     goroutine 1 [running]:
 *     main.main()
 *     	/app/main.go:17 +0x1d
 *     exit status 2
 */
export function beginsGoTrace(line: string): boolean {
  return line.startsWith('panic: ') || line.startsWith('fatal error: ') || isGoroutine(line);
}

/** True for a line that may follow in such a text; blank lines between its parts are not asked about. */
export function goesOnInGoTrace(line: string): boolean {
  if (line.startsWith('\t') || STARTS.some((start) => line.startsWith(start))) return true;
  return isGoroutine(line) || isCall(line);
}

const STARTS = ['[signal ', 'panic: ', 'created by ', 'exit status ', 'runtime stack:', 'goroutine running on '];

function isGoroutine(line: string): boolean {
  return /^goroutine \d{1,12} (?:gp=\S{1,40} )?(?:m=\S{1,40} )?(?:mp=\S{1,40} )?\[/.test(line);
}

/** `net/http.(*conn).serve(0xc0001a2000, {0x9d1f42, 0x0})`: a qualified name before the first parenthesis, a parenthesis at the end. */
function isCall(line: string): boolean {
  const open = line.indexOf('(');
  const name = line.slice(0, open);
  return open > 0 && line.endsWith(')') && name.includes('.') && !name.includes(' ') && /^[\p{L}_]/u.test(name);
}
