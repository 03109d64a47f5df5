import type { Evidence, InputName } from '@cryptrail/mapper';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../../packages/agent/src/sources/source.ts';
import { openSqlSource } from '../../packages/agent/src/sources/sql.ts';
import {
  type DatabaseServer,
  insertRows,
  missingServer,
  READER_PASSWORD,
  range,
  rowsOf,
  startDatabase,
  type Writer,
} from '../../packages/agent/test/databases.ts';
import { createMemoryContext, type MemoryContext, until } from '../../packages/agent/test/memory-context.ts';

/** Evidence that counts the rows of each input, over all runs. */
function countRows() {
  const seen = new Map<InputName, number>();
  const evidence: Evidence = {
    check: (_frame, _recognition, input) => {
      seen.set(input, (seen.get(input) ?? 0) + 1);
      return { findings: [] };
    },
    finish: () => [],
    snapshot: (input) => seen.get(input),
    resume: (input, state) => void seen.set(input, Number(state)),
  };
  return { evidence, counts: () => [...seen.values()].sort((one, other) => one - other) };
}

for (const kind of ['postgres', 'mariadb'] as const) {
  const missing = missingServer(kind);
  describe.skipIf(missing)(`sql source against a real ${kind}${missing ? ` (left out: ${missing})` : ''}`, () => {
    let server: DatabaseServer;
    let writer: Writer;
    beforeAll(async () => {
      server = await startDatabase(kind);
      writer = await server.connect();
    });
    afterAll(async () => {
      await writer?.close();
      await server?.remove();
    });
    beforeEach(async () => {
      // Not DELETE: MariaDB would hold locks on what it left.
      await writer.run('TRUNCATE TABLE AuditRecordData');
    });

    const numbers = ({ records }: MemoryContext, node = 'node1') =>
      records
        .filter(({ attributes }) => attributes.get('cesecore.node.id') === node)
        .map(({ attributes }) => attributes.get('cesecore.sequence_number'));
    const insert = (rows: number[], node = 'node1') => insertRows(writer, rowsOf(rows, { node }));
    const rules = { pollIntervalMillis: 20, gapAfterMillis: 60_000 };

    /** Reads what is there now, from where the last reading ended. */
    async function readOnce(saved?: ReadonlyMap<string, Position>, options = {}): Promise<MemoryContext> {
      const memory = createMemoryContext(saved ? { saved } : {});
      await openSqlSource({ url: server.url, application: 'ejbca', ...rules, ...options }).run(memory.context);
      return memory;
    }

    /** Starts reading for as long as the test goes on. */
    function startReading(options = {}, memory = createMemoryContext({ untilIdle: false })) {
      const running = openSqlSource({ url: server.url, ...rules, ...options }).run(memory.context);
      return {
        memory,
        end: async () => {
          memory.stop();
          await running;
        },
      };
    }

    it('reads every row of every node once, in the order of their numbers, and goes on there the next time', async () => {
      await insert(range(0, 49));
      await insert(range(0, 19), 'node2');
      const first = await readOnce(undefined, { pageRows: 7 });
      expect(numbers(first)).toEqual(range(0, 49));
      expect(numbers(first, 'node2')).toEqual(range(0, 19));
      expect(first.records[0]?.eventName).toBe('cesecore.cert_creation');
      await insert(range(50, 60));
      await insert([0, 1], "node '3\\");
      const second = await readOnce(first.saved, { pageRows: 7 });
      expect(numbers(second)).toEqual(range(50, 60));
      expect(numbers(second, "node '3\\")).toEqual([0, 1]);
      expect(second.records).toHaveLength(13);
    });

    it('keeps with the position of each node where its evidence stands, and goes on there', async () => {
      await insert(range(0, 4));
      await insert(range(0, 1), 'node2');
      const read = async (saved?: ReadonlyMap<string, Position>) => {
        const counted = countRows();
        const memory = createMemoryContext({ pipeline: { evidence: counted.evidence }, ...(saved ? { saved } : {}) });
        await openSqlSource({ url: server.url, application: 'ejbca', ...rules }).run(memory.context);
        return { saved: memory.saved, records: memory.records.length, counts: counted.counts() };
      };
      const first = await read();
      expect(first).toMatchObject({ records: 7, counts: [2, 5] });
      await insert(range(5, 7));
      const second = await read(first.saved);
      expect(second).toMatchObject({ records: 3, counts: [2, 8] });
    });

    it('fault 34 delivers rows that are committed late, once, and takes none of them for a gap', async () => {
      const slow = await server.connect();
      await insert(range(0, 4));
      await slow.run('BEGIN');
      await insertRows(slow, rowsOf([5, 8]));
      await insert([6, 7, 9]);
      const reading = startReading();
      await until(() => reading.memory.records.length === 8);
      await slow.run('COMMIT');
      await until(() => reading.memory.records.length === 10);
      await reading.end();
      await slow.close();
      expect(numbers(reading.memory)).toEqual([0, 1, 2, 3, 4, 6, 7, 9, 5, 8]);
      expect(reading.memory.findings).toEqual([]);
      const again = await readOnce(reading.memory.saved);
      expect(again.records).toEqual([]);
    });

    it('fault 34 delivers a row that is committed while nobody reads, the first of a node too', async () => {
      const slow = await server.connect();
      await slow.run('BEGIN');
      await insertRows(slow, rowsOf([0, 3]));
      await insert([1, 2, 4]);
      const first = await readOnce();
      expect(numbers(first)).toEqual([1, 2, 4]);
      await slow.run('COMMIT');
      await slow.close();
      const second = await readOnce(first.saved);
      expect(numbers(second)).toEqual([0, 3]);
      expect(second.findings).toEqual([]);
    });

    it('fault 35 gives a gap its time, then reports the numbers that are missing, and delivers a row that comes even later', async () => {
      await insert([0, 1, 3, 6, 7]);
      let clock = 0;
      const memory = createMemoryContext({ untilIdle: false });
      const url = server.url;
      const running = openSqlSource({ url, ...rules, pollIntervalMillis: 5 }, () => (clock += 5)).run(memory.context);
      await until(() => memory.records.length === 5);
      clock += 30_000;
      await insert([4]);
      await until(() => memory.records.length === 6);
      expect(memory.findings).toEqual([]);
      clock += 60_000;
      await until(() => memory.findings.length === 2);
      const field = (name: string) => memory.findings.map(({ fields }) => fields.get(name)?.text);
      expect(memory.findings.map(({ event }) => event)).toEqual(Array(2).fill('cryptrail.integrity.sequence_gap'));
      expect([field('sequence'), field('last_sequence'), field('count'), field('node')]).toEqual([
        ['2', '5'],
        ['2', '5'],
        ['1', '1'],
        ['node1', 'node1'],
      ]);
      await insert([5]);
      clock += 60_000;
      await until(() => memory.records.length === 7);
      memory.stop();
      await running;
      expect(numbers(memory)).toEqual([0, 1, 3, 6, 7, 4, 5]);
      expect(memory.notes.join('\n')).toContain('row 5 came after its number had been reported missing');
      expect(memory.findings).toHaveLength(2);
    });

    it('fault 35 reports the gap of a write that was rolled back, in a later run too', async () => {
      const failing = await server.connect();
      await failing.run('BEGIN');
      await insertRows(failing, rowsOf([2]));
      await insert([0, 1, 3]);
      await failing.run('ROLLBACK');
      await failing.close();
      const first = await readOnce();
      expect(first.findings).toEqual([]);
      const later = createMemoryContext({ saved: first.saved });
      await openSqlSource({ url: server.url, ...rules }, () => Date.now() + 61_000).run(later.context);
      expect(later.findings.map(({ fields }) => fields.get('sequence')?.text)).toEqual(['2']);
      expect(later.records).toEqual([]);
      expect((await readOnce(later.saved)).findings).toEqual([]);
    });

    it('fault 36 finds a node that appears while it reads', async () => {
      await insert([0]);
      const reading = startReading();
      await until(() => reading.memory.records.length === 1);
      await insert([17, 18], 'new node');
      await until(() => reading.memory.records.length === 3);
      await reading.end();
      expect(numbers(reading.memory, 'new node')).toEqual([17, 18]);
      expect(reading.memory.notes).toContain('found node "new node"');
    });

    it.each([true, false])(
      'fault 37, 41 goes on when the table was emptied and the numbers begin anew, while it reads: %s',
      async (live) => {
        await insertRows(writer, rowsOf(range(0, 30), { time: 1_000 }));
        const reading = startReading();
        await until(() => reading.memory.records.length === 31);
        if (!live) await reading.end();
        await writer.run('DELETE FROM AuditRecordData');
        if (live)
          await until(() => reading.memory.notes.some((note) => note.includes('row 30, which was read last, is gone')));
        const anew = range(0, 40).map((sequence) => ({ sequence, pk: `anew-${sequence}`, time: 2_000 + sequence }));
        await insertRows(writer, anew.slice(0, 10));
        await insertRows(writer, anew.slice(10));
        const memory = live ? reading.memory : await readOnce(reading.memory.saved);
        await until(() => memory.records.length === (live ? 31 + 41 : 41));
        if (live) await reading.end();
        expect(numbers(memory).slice(-41)).toEqual(range(0, 40));
        expect(memory.findings.map(({ event, fields }) => [event, fields.get('sequence')?.text])).toEqual([
          ['cryptrail.integrity.sequence_reset', '0'],
        ]);
        expect((await readOnce(memory.saved)).records).toEqual([]);
      },
    );

    it('fault 38 waits for a replica that lags behind what was read, and repeats nothing', async () => {
      await insert(range(0, 9));
      const first = await readOnce();
      await writer.run('DELETE FROM AuditRecordData WHERE sequenceNumber > 5');
      const behind = await readOnce(first.saved);
      expect([behind.records, behind.findings]).toEqual([[], []]);
      expect(behind.notes.join()).toContain('a replica that lags behind');
      await insert(range(6, 12));
      expect(numbers(await readOnce(behind.saved))).toEqual([10, 11, 12]);
    });

    it('fault 39 reads NULL and large details, in pages that stay small, and cuts what no memory should hold', async () => {
      const large = '<x>'.repeat(700_000);
      await insertRows(
        writer,
        range(0, 7).map((sequence) => ({ sequence, details: sequence % 2 === 0 ? null : large })),
      );
      const memory = await readOnce();
      expect(numbers(memory)).toEqual(range(0, 7));
      expect(Math.max(...memory.stretches.map(({ logs }) => logs.length))).toBeLessThan(6);
    });

    it('keeps numbers beyond 2^53 exact', async () => {
      const from = 9_007_199_254_740_993n;
      await insertRows(
        writer,
        [0n, 1n, 2n].map((step) => ({ sequence: from + step, time: 5 })),
      );
      const first = await readOnce(undefined, { pageRows: 1 });
      expect(numbers(first)).toEqual([from, from + 1n, from + 2n]);
      await insertRows(writer, [{ sequence: from + 3n, time: 5 }]);
      expect(numbers(await readOnce(first.saved))).toEqual([from + 3n]);
    });

    it('fault 41 goes on when old rows were archived', async () => {
      await insert(range(0, 20));
      const first = await readOnce();
      await writer.run('DELETE FROM AuditRecordData WHERE sequenceNumber < 20');
      await insert([21]);
      const second = await readOnce(first.saved);
      expect(numbers(second)).toEqual([21]);
      expect(second.findings).toEqual([]);
    });

    it('delivers rows of two servers with one node name where no unique index forbids their numbers, each once', async () => {
      await writer.run(
        kind === 'postgres' ? 'DROP INDEX auditrecorddata_idx2' : 'DROP INDEX auditrecorddata_idx2 ON AuditRecordData',
      );
      try {
        const twin = (sequence: number, time: number) => ({ sequence, time, pk: `twin-${sequence}` });
        await insertRows(writer, [
          ...range(0, 20).map((sequence) => ({ sequence, time: 1000 + sequence })),
          twin(3, 1003),
        ]);
        const reading = startReading({ pageRows: 5 });
        await until(() => reading.memory.records.length === 22);
        await insertRows(writer, [twin(4, 1100), twin(5, 1101)]);
        await until(() => reading.memory.records.length === 24);
        await insertRows(writer, [{ sequence: 21, time: 1102 }]);
        await until(() => reading.memory.records.length === 25);
        await reading.end();
        expect(reading.memory.notes.join()).toContain('has no index on (nodeId, sequenceNumber)');
        // While nobody read: one that is newer than all, and one that was committed late.
        await insertRows(writer, [twin(6, 2000), twin(7, 1050)]);
        const uids = ({ records }: MemoryContext) => records.map(({ attributes }) => attributes.get('log.record.uid'));
        const first = uids(reading.memory);
        expect(new Set(first).size).toBe(25);
        const second = uids(await readOnce(reading.memory.saved));
        expect(second).toEqual(expect.arrayContaining(['twin-6', 'twin-7']));
        // Of numbers with two rows the position cannot tell which was delivered; nothing else is repeated.
        expect(second.length).toBeLessThan(10);
      } finally {
        await writer.run('DELETE FROM AuditRecordData');
        await writer.run('CREATE UNIQUE INDEX auditrecorddata_idx2 ON AuditRecordData (nodeId, sequenceNumber)');
      }
    });

    it.each(['stop', 'kill'] as const)('goes on by itself after the database was restarted: %s', async (how) => {
      await insert(range(0, 99));
      const reading = startReading({ pageRows: 10 });
      await until(() => reading.memory.records.length >= 20);
      await writer.close();
      await server[how]();
      await until(() => reading.memory.notes.some((note) => note.includes('trying again')));
      await server.start();
      writer = await server.connect();
      await insert(range(100, 150));
      await until(() => reading.memory.records.length >= 151);
      await reading.end();
      expect(numbers(reading.memory)).toEqual(range(0, 150));
      expect(reading.memory.notes.join('\n')).not.toContain(READER_PASSWORD);
    });

    it('reads only: the session of the source may not write', async () => {
      const { openDatabase } = await import('../../packages/agent/src/sources/sql/database.ts');
      const { parseAddress } = await import('../../packages/agent/src/sources/sql/address.ts');
      await writer.run(
        kind === 'postgres'
          ? 'GRANT DELETE ON AuditRecordData TO audit_reader'
          : "GRANT DELETE ON pki.AuditRecordData TO 'audit_reader'@'127.0.0.1'",
      );
      const database = await openDatabase(parseAddress(server.url));
      await expect(database.query('DELETE FROM AuditRecordData')).rejects.toThrow(/read.?only/i);
      await database.close();
    });

    it.each([
      ['the password', (url: string) => url.replace('pass%25word', 'secret-x'), /refuses the user or the password/],
      ['the database', (url: string) => url.replace(/pki$/, 'nowhere'), /no such database|no right/],
      ['the table', (url: string) => url, /there is no table Elsewhere/],
    ])('fault 40 says what is wrong with %s and shows no credentials', async (what, change, message) => {
      const memory = createMemoryContext();
      const table = what === 'the table' ? { table: 'Elsewhere' } : {};
      const failure = openSqlSource({ url: change(server.url), ...table }).run(memory.context);
      await expect(failure).rejects.toThrow(message);
      const said = [...memory.notes, await failure.catch(String)].join('\n');
      for (const secret of ['secret-x', READER_PASSWORD, 'audit_reader']) expect(said).not.toContain(secret);
    });

    it('waits for the credentials to be mended once it has been connected', async () => {
      await insert([0]);
      const change = (password: string) =>
        kind === 'postgres'
          ? `ALTER ROLE audit_reader PASSWORD '${password}'`
          : `ALTER USER 'audit_reader'@'127.0.0.1' IDENTIFIED BY '${password}'`;
      const reading = startReading();
      await until(() => reading.memory.records.length === 1);
      await writer.run(change('other'));
      await writer.close();
      await server.stop();
      await server.start();
      writer = await server.connect();
      await until(() =>
        reading.memory.notes.some((note) => note.includes('refuses the user or the password; trying again')),
      );
      await writer.run(change(READER_PASSWORD));
      await insert([1]);
      await until(() => reading.memory.records.length === 2);
      await reading.end();
    });

    it('loses nothing when the reader is killed at random moments while rows are committed out of order', async () => {
      const seen: unknown[] = [];
      const expected: string[] = [];
      let saved: ReadonlyMap<string, Position> = new Map();
      let next = 0;
      const random = seeded(kind.length);
      for (let round = 0; round < 12; round += 1) {
        const late = await server.connect();
        await late.run('BEGIN');
        const batch = range(next, next + 39);
        next += 40;
        const delayed = batch.filter(() => random() < 0.2);
        const lost = batch.filter((number) => !delayed.includes(number) && random() < 0.05);
        await insertRows(late, rowsOf(delayed));
        await insert(batch.filter((number) => !delayed.includes(number) && !lost.includes(number)));
        expected.push(...batch.filter((number) => !lost.includes(number)).map((number) => `6e6f646531-${number}`));
        // Killed before what the last pushes took was accepted: their positions are not saved.
        let pushes = Math.floor(random() * 6);
        const memory = createMemoryContext({
          saved,
          onPush: () => {
            if (pushes-- > 0) return undefined;
            throw new Error('killed');
          },
        });
        await openSqlSource({ url: server.url, ...rules, pageRows: 8 })
          .run(memory.context)
          .catch(() => {});
        seen.push(...memory.records.map(({ attributes }) => attributes.get('log.record.uid')));
        saved = new Map(memory.saved);
        await late.run('COMMIT');
        await late.close();
      }
      const rest = await readOnce(saved);
      seen.push(...rest.records.map(({ attributes }) => attributes.get('log.record.uid')));
      expect([...seen].sort()).toEqual([...expected].sort());
      const after = createMemoryContext({ saved: rest.saved });
      await openSqlSource({ url: server.url, ...rules }, () => Date.now() + 61_000).run(after.context);
      const reported = after.findings.flatMap(({ fields }) =>
        range(Number(fields.get('sequence')?.text), Number(fields.get('last_sequence')?.text)),
      );
      const written = new Set(expected);
      expect(reported).toEqual(
        range(0, next - 1)
          .filter((number) => !written.has(`6e6f646531-${number}`))
          .filter((number) => number < Math.max(...expected.map((key) => Number(key.split('-')[1])))),
      );
    });

    it('says how a back-fill gets on', async () => {
      await insert(range(0, 2999));
      const memory = createMemoryContext();
      let clock = 0;
      await openSqlSource({ url: server.url, pageRows: 100 }, () => (clock += 500)).run(memory.context);
      expect(memory.records).toHaveLength(3000);
      expect(memory.notes.join('\n')).toMatch(/\d+ rows read, \d+ a second; about \d+ wait, \d+ s/);
      expect(memory.lags.at(-1)).toEqual({ records: 0 });
    });
  });
}

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
