import { products } from '@cryptrail/catalogue';
import { entries } from '@cryptrail/catalogue/entries';
import { describe, expect, it } from 'vitest';
import {
  collectorFiles,
  collectorFragment,
  collectorPack,
  hasPack,
  logVariable,
  PROFILES,
  sharedFragmentFiles,
} from './index.ts';

const [product] = products;
const readable = products.filter(hasPack);

describe('collectorPack', () => {
  it('says version, source and limits in its first lines', () => {
    const [first = '', second = ''] = collectorPack({ products: [product] }).split('\n');
    expect(first).toContain('Collector 0.160');
    expect(first).toContain('@cryptrail/catalogue');
    expect(second).toContain('Complete by itself');
  });

  it('uses the names of the wanted release', () => {
    expect(collectorPack({ products: [product], version: '0.148.2' })).toContain(`filelog/${product.id}:`);
    expect(collectorPack({ products: [product], version: '0.149' })).toContain(`file_log/${product.id}:`);
  });

  it('leaves out what an older release does not know, and says what that means', () => {
    const older = collectorPack({ products: [product], version: '0.152' });
    expect(older).not.toContain('stringify_all(');
    expect(older).toContain('# - Numbers and truth values among the details keep their type');
    expect(collectorPack({ products: [product] })).toContain('stringify_all(');
  });

  it('refuses a release that it knows nothing of', () => {
    expect(() => collectorPack({ products: [product], version: '1.0' })).toThrow(RangeError);
    expect(() => collectorPack({ products: [product], version: '0.139' })).toThrow(RangeError);
  });

  it('keeps positions and queue on disk, waits instead of dropping, and has no batch processor', () => {
    const pack = collectorPack({ products: [product] });
    expect(pack).toContain('block_on_overflow: true');
    expect(pack).toContain("directory: '${env:CRYPTRAIL_STATE}'");
    expect(pack).not.toMatch(/^ {2}batch/m);
    expect(pack).toContain(`'\${env:${logVariable(product)}}'`);
  });

  it('knows every event of its product', () => {
    for (const one of readable) {
      const pack = collectorPack({ products: [one] });
      const derived = one.recognition.some(({ otherwise }) => otherwise?.derive);
      const missing = [...one.events.keys()].filter((name) => !pack.includes(name));
      expect(derived ? [] : missing).toEqual([]);
    }
  });
});

describe('collectorFragment', () => {
  it('names no list of the service that a user might have', () => {
    const fragment = collectorFragment({ products: [product] });
    expect(fragment).not.toMatch(/^ {2}extensions:/m);
    expect(fragment).not.toMatch(/^exporters:/m);
    expect(fragment).toContain('forward/cryptrail');
  });
});

describe('sharedFragmentFiles', () => {
  const files = sharedFragmentFiles({ products: readable });

  it('begins where the fragments of products end', () => {
    for (const text of files.values()) expect(text).toMatch(/receivers: \[forward\/cryptrail\]/);
  });

  it('has a fragment for each profile, and every event with a map in it', () => {
    expect([...files.keys()]).toEqual(expect.arrayContaining(Object.keys(PROFILES)));
    for (const { id, events } of entries) {
      if (!readable.some((one) => one.id === id)) continue;
      const missing = [...events].filter(
        ([name, { maps }]) => maps?.ecs && !files.get('ecs')?.includes(`"${name}": "`),
      );
      expect(missing).toEqual([]);
    }
  });
});

describe('collectorFiles', () => {
  it('gives one file for each product, one for all, and the fragments', () => {
    const names = [...collectorFiles({ products }).keys()];
    expect(names).toContain('all.yaml');
    for (const { id } of readable)
      expect(names).toEqual(expect.arrayContaining([`${id}.yaml`, `fragments/${id}.yaml`]));
  });
});
