import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHttpAnswer } from './http-answer.ts';
import { readRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (
  status: number,
  more: { body?: string; retryAfter?: string; location?: string; contentType?: string } = {},
) => readHttpAnswer({ status, ...more, body: bytes(more.body ?? '') }, 'json', NOW);

describe('readHttpAnswer', () => {
  it.each([
    [200, 'accepted'],
    [202, 'accepted'],
    [400, 'content'],
    [422, 'content'],
    [413, 'too-large'],
    [408, 'unavailable'],
    [429, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [500, 'faulty'],
    [501, 'faulty'],
    [301, 'set-up'],
    [401, 'set-up'],
    [403, 'set-up'],
    [404, 'set-up'],
    [405, 'set-up'],
    [415, 'set-up'],
  ])('takes status %i as %s', (status, kind) => {
    expect(read(status).kind).toBe(kind);
  });

  it('reads both forms of Retry-After', () => {
    expect(read(429, { retryAfter: '30' })).toMatchObject({ retryAfterMillis: 30_000 });
    expect(read(503, { retryAfter: 'Thu, 01 Jan 2026 00:01:30 GMT' })).toMatchObject({ retryAfterMillis: 90_000 });
    expect(read(503, { retryAfter: 'Thu, 01 Jan 2015 00:00:00 GMT' })).toMatchObject({ retryAfterMillis: 0 });
    expect(read(503)).toMatchObject({ retryAfterMillis: undefined });
  });

  it('makes nothing of a Retry-After that is none', () => {
    for (const header of ['', 'soon', '-5', '1e9', '12345678901', '0x10']) {
      expect(readRetryAfter(header, NOW)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), (header) => {
        const millis = readRetryAfter(header, NOW) ?? 0;
        expect(millis >= 0 && Number.isFinite(millis)).toBe(true);
      }),
    );
  });

  it('F04 names of a redirect where it leads, without credentials and query', () => {
    expect(read(307, { location: 'https://user:secret@other.example.com/x?token=1' })).toEqual({
      kind: 'set-up',
      reason: 'status 307: the backend redirects to https://other.example.com; set the endpoint to that',
    });
    expect(read(301, { location: '/here' })).toMatchObject({ reason: expect.stringContaining('elsewhere') });
  });

  it('does not take the page of a portal for an answer', () => {
    expect(read(200, { contentType: 'text/html; charset=utf-8', body: '<html>Log in' })).toMatchObject({
      kind: 'set-up',
    });
  });

  it('quotes the message of a status, short and without control characters', () => {
    expect(read(400, { body: '{"code":3,"message":"bad \\u001b[31mrecord"}' })).toEqual({
      kind: 'content',
      reason: 'status 400 bad  [31mrecord',
    });
    expect(read(400, { body: 'x'.repeat(10_000) })).toMatchObject({ reason: expect.stringMatching(/^.{1,300}$/) });
  });
});
