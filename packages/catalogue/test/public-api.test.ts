import { expect, it } from 'vitest';
import * as entries from '../src/entries.ts';
import * as catalogue from '../src/index.ts';

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
