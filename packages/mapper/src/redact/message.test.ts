import { describe, expect, it } from 'vitest';
import { compileMessageRedactor, compileTextRedactor } from './message.ts';
import { maskSql } from './sql.ts';

const redact = compileMessageRedactor(
  {
    secretNames: [],
    queryParameters: [],
    secretMessages: ['Backup key: {secret} saved to {}', 'Backup key: {secret}'],
    sqlMessages: ["Denied query: '{sql}'"],
  },
  maskSql,
);

function run(message: string): { shown: string; secrets: Map<string, string> } {
  const secrets = new Map<string, string>();
  return { shown: redact(message, secrets), secrets };
}

describe('compileMessageRedactor', () => {
  it('takes out what the product calls a secret and keeps the rest', () => {
    const { shown, secrets } = run('Backup key: c2VjcmV0 saved to /tmp/keys');
    expect(shown).toBe('Backup key: REDACTED saved to /tmp/keys');
    expect([...secrets]).toEqual([['c2VjcmV0', 'REDACTED']]);
  });

  it('falls back to the shorter template when the message is cut', () => {
    expect(run('Backup key: c2Vj').shown).toBe('Backup key: REDACTED');
  });

  it('masks literals of a quoted query, not the quotes round it', () => {
    const { shown, secrets } = run("Denied query: 'select 'a' from t'");
    expect(shown).toBe("Denied query: 'select ? from t'");
    expect([...secrets]).toEqual([["select 'a' from t", 'select ? from t']]);
  });

  it('leaves a masked query and any other message alone', () => {
    expect(run("Denied query: 'select :replaced1'")).toEqual({
      shown: "Denied query: 'select :replaced1'",
      secrets: new Map(),
    });
    expect(run('Backup saved').shown).toBe('Backup saved');
  });
});

describe('compileTextRedactor', () => {
  const redactForeign = compileTextRedactor([
    {
      secretNames: [],
      queryParameters: [],
      secretMessages: ['Backup key: {secret} saved to {}', 'Backup key: {secret}'],
    },
  ]);

  it('cuts off what follows the beginning of a secret message', () => {
    expect(redactForeign('el=info msg="Backup key: c2VjcmV0 saved to /tmp"')).toBe('el=info msg="Backup key: REDACTED');
  });

  it('leaves other text alone', () => {
    expect(redactForeign('Backup saved')).toBe('Backup saved');
  });
});
