import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { selfSigned, startListening } from '../../test/listening-source.ts';
import { type MemoryContext, type MemoryOptions, until } from '../../test/memory-context.ts';
import type { SyslogOptions } from './options.ts';
import { kernelDrops } from './syslog/udp-losses.ts';
import { openSyslogSource } from './syslog.ts';

const line = (code: number) =>
  `{"code":${code},"level":"warning","msg":"m${code}","product":"acra-server","unixTime":"1.500"}`;
const rfc3164 = (code: number) => `<134>Jan  5 08:00:01 db1 acra-server[77]: ${line(code)}`;
const rfc5424 = (code: number) => `<134>1 2026-01-05T08:00:01.500Z db1 acra-server 77 - - ${line(code)}`;
const counted = (message: string) => `${Buffer.byteLength(message)} ${message}`;

async function start(listen: string, options: Partial<SyslogOptions> = {}, memoryOptions: MemoryOptions = {}) {
  const { memory, place, end } = await startListening(openSyslogSource({ listen, ...options }), memoryOptions);
  return { memory, port: Number(place.split(':').at(-1)), end };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.on('error', () => {});
  return socket.resume();
}

const codes = ({ records }: MemoryContext) => records.map(({ attributes }) => attributes.get('cryptrail.code'));

describe('openSyslogSource', () => {
  it('A13 takes lines and messages with their length over TCP, in both forms of syslog, and no position', async () => {
    const { memory, port } = await start('tcp://127.0.0.1:0');
    const socket = await open(port);
    socket.write(`${rfc3164(587)}\n${rfc5424(560)}\n${counted(rfc5424(512))}${counted(rfc3164(563))}`);
    await until(() => memory.records.length === 4);
    expect(codes(memory)).toEqual(['587', '560', '512', '563']);
    expect(memory.stretches.every(({ position }) => position === undefined)).toBe(true);
    socket.end(rfc3164(501));
    await until(() => memory.records.length === 5);
  });

  it('takes a message of several lines as one record', async () => {
    const { memory, port } = await start('tcp://127.0.0.1:0');
    const socket = await open(port);
    socket.write(
      counted(
        '<11>1 2026-01-05T08:00:01.500Z h ejbca - - - java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\n\tat a.D.e(D.java:2)',
      ),
    );
    socket.write(counted(rfc5424(587)));
    await until(() => memory.records.length === 2);
    expect(memory.records[0]?.parseStatus).toBe('foreign');
    expect(memory.records[0]?.body).toContain('IllegalStateException');
  });

  it('reads from a connection only when there is room', async () => {
    let release = () => {};
    const room = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { memory, port } = await start('tcp://127.0.0.1:0', {}, { onPush: () => room.then(() => undefined) });
    const socket = await open(port);
    const many = `${rfc3164(587)}\n`.repeat(100_000);
    const sent = new Promise<void>((resolve) => socket.write(many, () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.writableLength).toBeGreaterThan(0);
    release();
    await sent;
    await until(() => memory.records.length === 100_000, 'all records');
  }, 60_000);

  it('F05 cuts what is too long, and turns away connections over the limit', async () => {
    const { memory, port } = await start('tcp://127.0.0.1:0', { maxConnections: 1 });
    const socket = await open(port);
    socket.write(`<14>${'x'.repeat(3_000_000)}\n${rfc3164(587)}\n`);
    await until(() => memory.records.length === 2);
    expect(memory.records[0]?.parseStatus).toBe('truncated');
    const second = connect(port, '127.0.0.1').resume();
    second.on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
    expect(memory.notes.join()).toContain('one was turned away');
  });

  it('gives out at the end what a sender had not finished', async () => {
    const { memory, port, end } = await start('tcp://127.0.0.1:0');
    const socket = await open(port);
    socket.write(`${rfc3164(587)}\n${rfc3164(560)}`);
    await until(() => memory.records.length === 1);
    await end();
    expect(codes(memory)).toEqual(['587', '560']);
  });

  it('takes datagrams, one message each', async () => {
    const { memory, port } = await start('udp://127.0.0.1:0');
    const socket = createSocket('udp4');
    for (const message of [rfc3164(587), `${rfc5424(560)}\n`, rfc3164(512)]) socket.send(message, port, '127.0.0.1');
    await until(() => memory.records.length === 3);
    socket.close();
    expect(codes(memory).sort()).toEqual(['512', '560', '587']);
  });

  it('reports datagrams that could not be held while there was no room', async () => {
    let release = () => {};
    const room = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { memory, port, end } = await start('udp://127.0.0.1:0', {}, { onPush: () => room.then(() => undefined) });
    const socket = createSocket('udp4');
    const message = `<14>${'x'.repeat(60_000)}`;
    for (let sent = 0; sent < 400; sent += 1)
      await new Promise((resolve) => socket.send(message, port, '127.0.0.1', resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    release();
    await end();
    socket.close();
    expect(memory.findings.map(({ event }) => event)).toEqual(['cryptrail.source.data_lost']);
    const lost = Number(/^\d+/.exec(memory.findings[0]?.message ?? '')?.[0]);
    expect(lost + memory.records.length).toBe(400);
  }, 60_000);

  it('takes syslog over TLS from clients with a certificate', async () => {
    const { certFile, keyFile, cert: ca, key } = selfSigned();
    const { memory, port } = await start('tls://127.0.0.1:0', { tls: { certFile, keyFile, clientCaFile: certFile } });
    const stranger = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca }).resume();
    stranger.on('error', () => {});
    await new Promise((resolve) => stranger.once('close', resolve));
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      cert: ca,
      key,
    });
    socket.write(`${rfc5424(587)}\n`);
    await until(() => memory.records.length === 1);
    socket.destroy();
    expect(codes(memory)).toEqual(['587']);
  });

  it('says what is expected of an address, and that others can reach it', async () => {
    expect(() => openSyslogSource({ listen: '127.0.0.1:514' })).toThrow('expected tcp://HOST:PORT');
    expect(() => openSyslogSource({ listen: 'tls://127.0.0.1:514' })).toThrow('needs cert_file');
    expect(() => openSyslogSource({ listen: 'tcp://h:1', tls: { certFile: '', keyFile: '' } })).toThrow(
      'must begin with tls://',
    );
    const { memory } = await start('tcp://0.0.0.0:0');
    expect(memory.notes.join()).toContain('whoever can reach this address');
  });
});

describe('kernelDrops', () => {
  const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  101: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2 0000000000000000 17
  102: 0100007F:158B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12346 2 0000000000000000 4
`;
  it('finds the losses of a port where the kernel tells them', () => {
    const read = (path: string) => {
      if (path.endsWith('6')) throw new Error('none');
      return TABLE;
    };
    expect(kernelDrops(0x158a, read)).toBe(17);
    expect(kernelDrops(1, read)).toBeUndefined();
  });
});
