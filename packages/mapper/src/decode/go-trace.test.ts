import { describe, expect, it } from 'vitest';
import { beginsGoTrace, goesOnInGoTrace } from './go-trace.ts';

describe('Go traces', () => {
  it.each([
    'panic: runtime error: index out of range',
    'fatal error: all goroutines are asleep',
    'goroutine 1 [running]:',
  ])('begin with %j', (line) => {
    expect(beginsGoTrace(line)).toBe(true);
  });

  it.each([
    '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x9d1f42]',
    'goroutine 17 gp=0xc000002380 m=0 mp=0x5cbaa0 [chan receive, 3 minutes]:',
    'main.main()',
    'github.com/a/b/c.(*server).handle(0xc0001a2000, {0x9d1f42, 0x0})',
    'created by net/http.(*Server).Serve in goroutine 1',
    '\t/app/cmd/acra-server/acra-server.go:170 +0x1d',
    'exit status 2',
  ])('go on with %j', (line) => {
    expect(goesOnInGoTrace(line)).toBe(true);
  });

  it.each(['', 'Usage of acra-server:', 'it failed (again)', '  --flag string', 'see main.go (line 3)'])(
    'end before %j',
    (line) => {
      expect(beginsGoTrace(line) || goesOnInGoTrace(line)).toBe(false);
    },
  );
});
