import { describe, expect, it } from 'vitest';
import { readHttpMethod } from './http-method.ts';

describe('readHttpMethod', () => {
  it('takes a known method as it is', () => {
    expect(readHttpMethod('QUERY')).toEqual({ method: 'QUERY' });
  });

  it('spells a known method its own way and keeps what was written', () => {
    expect(readHttpMethod('get')).toEqual({ method: 'GET', original: 'get' });
  });

  it('calls any other text _OTHER and keeps it', () => {
    expect(readHttpMethod('PROPFIND')).toEqual({ method: '_OTHER', original: 'PROPFIND' });
    expect(readHttpMethod('')).toEqual({ method: '_OTHER', original: '' });
  });
});
