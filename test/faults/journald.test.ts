import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournaldSource } from '../../packages/agent/src/sources/journald.ts';
import { exportOf } from '../../packages/agent/test/journal.ts';
import { createMemoryContext, type MemoryContext, until } from '../../packages/agent/test/memory-context.ts';

const REMOTE = '/usr/lib/systemd/systemd-journal-remote';
const hasJournal = existsSync(REMOTE) && existsSync('/usr/bin/journalctl');

describe.skipIf(!hasJournal)(
  `journald source against a real journal${hasJournal ? '' : ' (left out: journalctl or systemd-journal-remote not installed)'}`,
  () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'cryptrail-journald-'));
      mkdirSync(join(folder, 'journal'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** Writes entries into a journal file, as a collector of journals does; another boot when it is named. */
    function write(
      from: number,
      to: number,
      { boot = 'b', file = 'one', message = (number: number) => `m${number}` } = {},
    ): void {
      const entries = Array.from({ length: to - from + 1 }, (_, index) => {
        const number = from + index;
        return {
          __REALTIME_TIMESTAMP: String(1_715_398_626_000_000 + number * 1_000_000),
          __MONOTONIC_TIMESTAMP: String(1_000_000 + number * 1000),
          _BOOT_ID: boot.repeat(32),
          _HOSTNAME: 'aqg-web-01',
          _SYSTEMD_UNIT: number % 2 === 0 ? 'aqtive-guard-web.service' : 'aqtive-guard-worker.service',
          SYSLOG_IDENTIFIER: 'aqtive-guard',
          PRIORITY: '7',
          MESSAGE: JSON.stringify({ log_type: 'application', level: 'info', message: message(number) }),
        };
      });
      const input = join(folder, 'input');
      writeFileSync(input, exportOf(entries));
      execFileSync(REMOTE, ['-o', join(folder, 'journal', `${file}.journal`), input], { stdio: 'pipe' });
    }

    const bodies = ({ records }: MemoryContext) => records.map(({ body }) => body);
    const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `m${from + index}`);
    async function readOnce(saved?: MemoryContext['saved'], more = {}): Promise<MemoryContext> {
      const memory = createMemoryContext(saved ? { saved } : {});
      await openJournaldSource({ directory: join(folder, 'journal'), ...more }).run(memory.context);
      return memory;
    }

    it('fault 42 reads over a change of boot, and goes on there the next time', async () => {
      write(1, 10, { boot: 'a' });
      write(11, 20);
      const first = await readOnce();
      expect(bodies(first)).toEqual(names(1, 20));
      write(21, 25, { boot: 'c' });
      const second = await readOnce(first.saved);
      expect([bodies(second), second.findings]).toEqual([names(21, 25), []]);
      expect(bodies(await readOnce(undefined, { directory: join(folder, 'journal', 'one.journal') }))).toEqual(
        names(1, 25),
      );
      expect(bodies(await readOnce(undefined, { units: ['*-worker*'] }))).toEqual(
        names(1, 25).filter((_, index) => index % 2 === 0),
      );
      expect(bodies(await readOnce(undefined, { units: ['aqtive-guard-web.service'] }))).toHaveLength(12);
    });

    it('fault 42 follows entries of all boots', async () => {
      write(1, 3, { boot: 'a' });
      write(4, 5);
      const memory = createMemoryContext({ untilIdle: false });
      const running = openJournaldSource({ directory: join(folder, 'journal') }).run(memory.context);
      await until(() => memory.records.length === 5);
      write(6, 9);
      await until(() => memory.records.length === 9);
      write(10, 12, { file: 'two', boot: 'c' });
      await until(() => memory.records.length === 12);
      memory.stop();
      await running;
      expect(bodies(memory)).toEqual(names(1, 12));
    });

    it('fault 42 reports a vacuum past the cursor, and none when it deleted only what was read', async () => {
      write(1, 5);
      const { saved } = await readOnce();
      write(6, 8);
      rmSync(join(folder, 'journal', 'one.journal'));
      write(9, 12, { file: 'two' });
      const after = await readOnce(saved);
      expect(bodies(after)).toEqual(names(9, 12));
      expect(after.findings.map(({ event }) => event)).toEqual(['cryptrail.source.data_lost']);
      expect((await readOnce(after.saved)).findings).toEqual([]);
    });

    it('fault 42 keeps messages over 4 KiB and bytes that do not print', async () => {
      write(1, 2, { message: (number) => (number === 1 ? 'x'.repeat(60_000) : 'esc \u001b[1m \u007f end') });
      const memory = await readOnce();
      expect(memory.records.map(({ eventName }) => eventName)).toEqual(Array(2).fill('aqtive.application.message'));
      expect(bodies(memory)[0]).toHaveLength(60_000);
    });
  },
);
