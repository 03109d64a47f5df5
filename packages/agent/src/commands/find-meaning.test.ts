import { describe, expect, it } from 'vitest';
import { findMeaning } from './find-meaning.ts';

const names = (word: string) => {
  const meaning = findMeaning(word);
  return meaning.found ? meaning.events.map(({ name }) => name) : undefined;
};

describe('findMeaning', () => {
  it('A04 finds an event by code, by constant and by name', () => {
    for (const word of [
      '587',
      'EventCodeErrorDecryptorRecognizedPoisonRecord',
      'acra.decryptor.recognized_poison_record',
    ]) {
      expect(names(word)).toEqual(['acra.decryptor.recognized_poison_record']);
    }
    expect(names('CERT_REVOKED')).toEqual(['cesecore.cert_revoked']);
    expect(names('login_attempt')).toEqual(['aqtive.audit.login_attempt']);
  });

  it('does not mind the case', () => {
    expect(names('cert_revoked')).toEqual(['cesecore.cert_revoked']);
  });

  it('gives every meaning of a code, the one it stands for otherwise first', () => {
    const found = names('101');
    expect(found?.length).toBeGreaterThan(1);
    expect(found?.[0]).toBe('acra.general.poison_record_detection_message');
  });

  it('suggests codes, names and events that speak of the word', () => {
    expect(findMeaning('CERT_REVOKD')).toMatchObject({ found: false, near: expect.arrayContaining(['CERT_REVOKED']) });
    expect(findMeaning('honeytoken')).toMatchObject({
      found: false,
      near: expect.arrayContaining(['acra.decryptor.recognized_poison_record']),
    });
    expect(findMeaning('qqqqqqqqqqqq')).toEqual({ found: false, near: [] });
  });

  it('is not misled by names of members of every object', () => {
    expect(findMeaning('__proto__').found).toBe(false);
    expect(findMeaning('constructor').found).toBe(false);
  });
});
