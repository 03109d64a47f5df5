import { expect, it } from 'vitest';
import * as entries from '../src/entries.ts';
import * as catalogue from '../src/index.ts';
import * as words from '../src/words.ts';

it('exports these names from the main entry', () => {
  expect(Object.keys(catalogue).sort()).toEqual([
    'CATEGORIES',
    'CatalogueError',
    'OUTCOMES',
    'PRIORITIES',
    'STREAMS',
    'applyOverlay',
    'defineProduct',
    'findByCode',
    'findByGroup',
    'findByTag',
    'findEvent',
    'listEvents',
    'products',
    'readOverlay',
  ]);
});

it('exports these names from the entry with the whole tables', () => {
  expect(Object.keys(entries).sort()).toEqual([
    'entries',
    'findByCode',
    'findByConstant',
    'findByGroup',
    'findByTag',
    'findEvent',
    'listEvents',
    'toCsv',
    'toJson',
  ]);
});

it('exports these names from the entry with the words of all products', () => {
  expect(Object.keys(words).sort()).toEqual([
    'GENERAL_REDACTION',
    'LEVEL_WORDS',
    'MARKER',
    'SECRET_WORDS',
    'SHORT_SECRET_WORD',
  ]);
});
