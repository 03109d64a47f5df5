import { describe, expect, it } from 'vitest';
import { findByCode, findByConstant, findByGroup, findByTag, findEvent, listEvents } from './find-entries.ts';
import { listEvents as listRunning } from './find-events.ts';

describe('look-ups of the whole tables', () => {
  it('F01 hold the same events as the main entry, with their prose', () => {
    const names = listEvents().map(({ name }) => name);
    expect(names).toEqual(listRunning().map(({ name }) => name));
    expect(listEvents().filter(({ entry }) => !entry.description || !entry.source)).toEqual([]);
  });

  it('A04 lead from name to code to constant and back to the name', () => {
    for (const { name, product, entry } of listEvents()) {
      expect(findEvent(name).entry).toBe(entry);
      if (entry.code !== undefined)
        expect(findByCode(entry.code, product).events.map((event) => event.name)).toContain(name);
      if (entry.name !== undefined) expect(findByConstant(entry.name).map((event) => event.name)).toContain(name);
    }
  });

  it('A24 find 520 to 523 in both groups that the vendor has put them in', () => {
    for (const group of ['Startup and initialization', 'host_system']) {
      const codes = new Set(findByGroup(group, 'acra').map(({ entry }) => entry.code));
      expect([...codes], group).toEqual(expect.arrayContaining(['520', '521', '522', '523']));
    }
  });

  it('find retired names, which say what took their place', () => {
    const [retired] = findByConstant('APPROVAL_UNEXPIRE');
    expect(retired?.entry.deprecated?.replacedBy).toBe('cesecore.approval_extend');
    expect(findEvent('cesecore.approval_extend').entry.emitted.status).toBe('yes');
  });

  it('list what a release never prints', () => {
    const silent = listEvents({ product: 'cesecore', emitted: false });
    expect(silent.map(({ entry }) => entry.code)).toContain('SIGNSERVER_SHUTDOWN');
    expect(silent.filter(({ entry }) => entry.emitted.status === 'yes')).toEqual([]);
    expect(findByTag('status trap').length).toBeGreaterThan(3);
  });
});
