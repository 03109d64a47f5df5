import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config.ts';
import { EXAMPLE_CONFIG } from './example.ts';

describe('the example', () => {
  it('passes its own check', () => {
    const checked = checkConfig(EXAMPLE_CONFIG, {});
    expect(checked.ok ? [] : checked.problems).toEqual([]);
  });

  it('passes it with everything that is commented out, too', () => {
    const whole = EXAMPLE_CONFIG.replaceAll(
      /^( *)# (?=- \{|headers:|tls:|file:|evidence:|filters:|overlays:|redaction:|\s+patterns:|\s+pseudonymise:)/gm,
      '$1',
    );
    expect(whole.match(/^ *# (?:- \{|file|redaction)/gm)).toBeNull();
    const checked = checkConfig(whole, { PKI_DB_URL: 'postgres://db/pki', BACKEND_TOKEN: 't' });
    expect(checked.ok ? checked.config.sources.map(({ type }) => type) : checked.problems).toEqual([
      'file',
      'journald',
      'sql',
      'otlp',
      'syslog',
    ]);
  });
});
