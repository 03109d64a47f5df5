import { describe, expect, it } from 'vitest';
import { isRotatedName, originalsOf } from './rotated-names.ts';

describe('isRotatedName', () => {
  it.each([
    'acra.log.1',
    'acra.log.12.gz',
    'acra.log-20261122',
    'acra.log.2026-11-22_03.zst',
    'acra-2026-11-22.log',
    'acra.1.log.gz',
    'acra.log.gz',
  ])('knows %s as made of acra.log, and the other way round', (name) => {
    expect(isRotatedName(name, 'acra.log')).toBe(true);
    expect(originalsOf(name)).toContain('acra.log');
  });

  it.each(['acra.log', 'acra.logs', 'acra.log.bak', 'acra2.log', 'acra.log.1.tmp', 'other.log.1', 'acra.txt.1'])(
    'takes %s for another file',
    (name) => {
      expect(isRotatedName(name, 'acra.log')).toBe(false);
    },
  );
});
