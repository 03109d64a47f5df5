import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedRecords } from '../../test/joined-records.ts';
import { encodeInput } from './encode-input.ts';
import { encodeLogs } from './encode-logs.ts';

const HEAD =
  'pk,additionaldetails,authtoken,customid,eventstatus,eventtype,module,nodeid,rowversion,searchdetail1,searchdetail2,sequencenumber,service,timestamp\n';
const JAVA =
  '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n <object class="org.cesecore.util.Base64PutHashMap">\n';

type Details = readonly (readonly [name: string, value: string])[];

const string = (text: string) => `<string>${text}</string>`;

function details(entries: Details): string {
  const puts = entries.map(
    ([name, value]) => `  <void method="put">\n   <string>${name}</string>\n   ${value}\n  </void>\n`,
  );
  return `${JAVA}${puts.join('')} </object>\n</java>\n`;
}

function row(number: number, entries: Details, cells: { type?: string; token?: string; worker?: string } = {}): string {
  const { type = 'SET_WORKER_CONFIG', token = 'REST user', worker = '7' } = cells;
  const xml = details(entries).replaceAll('"', '""');
  return `9bff${number},"${xml}","${token}",,SUCCESS,${type},WORKER_CONFIG,sign-a.example,0,,${worker},${number},SIGNSERVER,${1793618582329 + number}\n`;
}

/** The rows read both ways, in small pieces. */
function readBoth(rows: readonly string[], pieceBytes = 600): { objects: string; encoded: string } {
  const bytes = new TextEncoder().encode(HEAD + rows.join(''));
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += pieceBytes) pieces.push(bytes.slice(from, from + pieceBytes));
  const open = () => createPipeline({ products, now: () => 1n }).open({ name: 'rows.csv' });
  const reader = open();
  const objects = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  const input = encodeInput(open());
  const encoded = [...pieces.flatMap((piece) => [...input.push(piece)]), ...input.end()];
  return { objects: joinedRecords(encodeLogs(objects)), encoded: joinedRecords(encoded) };
}

function expectSame(rows: readonly string[]): string {
  const { objects, encoded } = readBoth(rows);
  expect(encoded).toBe(objects);
  return encoded;
}

describe('encodeInput over rows', () => {
  it('writes rows of a table as the records that are made of them', () => {
    const rows = Array.from({ length: 40 }, (_, number) =>
      row(number, [
        ['added:NAME', string(`Signer ${number}`)],
        ['added:SHOWN', string('B64:w7Y=')],
        ['when', `<object class="java.util.Date"><long>${number * 1e9}</long></object>`],
      ]),
    );
    const shown = expectSame(rows);
    expect(shown).toContain('Signer 39');
    expect(shown).toContain('1970-02-');
  });

  it('leaves no secret of a row anywhere in its record, wherever else it stands', () => {
    const secret = 'Tr0ub4dor';
    const rows = Array.from({ length: 60 }, (_, number) => {
      const own = number % 3 === 0 ? `${secret}${number % 7}` : secret;
      const other = number % 4 === 0 ? `the old one was ${own}` : 'nothing of it';
      const token = number % 5 === 0 ? `CN=${own}` : 'REST user';
      return row(
        number,
        [
          ['added:PIN', string(own)],
          ['changed:NOTE', string(other)],
        ],
        { token },
      );
    });
    const shown = expectSame(rows);
    expect(shown).not.toContain(secret);
    expect(shown).toContain('nothing of it');
  });

  it('takes the address that a proxy names for that of the client, and keeps a text that names none', () => {
    const forwarded = ['198.51.100.7', 'null', '198.51.100.119, 10.0.0.1', 'unknown', ''];
    const rows = Array.from({ length: 60 }, (_, number) => {
      const entries: Details = [
        ['CLIENT_IP', string(`192.0.2.${number}`)],
        ['WORKER_NAME', string('PDFSigner')],
        ['XFORWARDEDFOR', string(forwarded[number % forwarded.length] ?? '')],
      ];
      return row(number, number % 2 === 0 ? entries : [...entries].reverse(), { type: 'PROCESS' });
    });
    const shown = expectSame(rows);
    expect(shown).toContain('198.51.100.119');
    expect(shown).toContain('cesecore.details.XFORWARDEDFOR');
  });

  it('writes any rows as the records that are made of them', () => {
    const word = fc.constantFrom(
      '',
      'a',
      'pin: 1234',
      'x=y',
      'é',
      '&amp;&lt;',
      'B64:aMOkag==',
      '198.51.100.7',
      ' ',
      '17',
      'secretly',
    );
    const value = fc.oneof(
      { weight: 5, arbitrary: word.map(string) },
      fc.constantFrom('<null/>', '<int>5</int>', '<boolean>true</boolean>', '<array class="int" length="1"/>'),
    );
    const name = fc.constantFrom(
      'msg',
      'CLIENT_IP',
      'XFORWARDEDFOR',
      'added:PIN',
      'resource0',
      'resource1',
      'KEYALIAS',
      'k',
      'LOG_ID',
    );
    const type = fc.constantFrom('SET_WORKER_CONFIG', 'PROCESS', 'ACCESS_CONTROL', 'NEW_KIND');
    const token = fc.constantFrom('REST user', 'none', 'CN=a,O=b', '', 'say ""hello""', '1234');
    const some = fc.tuple(
      fc.uniqueArray(fc.tuple(name, value), { maxLength: 5, selector: ([one]) => one }),
      type,
      token,
    );
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), (kinds) => {
        // Each kind of row comes again, so that what was learnt from the first is used for the others.
        const rows = Array.from({ length: 6 * kinds.length }, (_, number) => {
          const [entries, eventType, authToken] = kinds[number % kinds.length] ?? [[], 'PROCESS', 'x'];
          return row(number, entries, { type: eventType, token: authToken });
        });
        expectSame(rows);
      }),
      { numRuns: 60 },
    );
  });
});
