import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { products } from '@cryptrail/catalogue';
import type { DeliveryResult } from '@cryptrail/exporter';
import { createPipeline } from '@cryptrail/mapper';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { openDelivery } from '../deliver/open-delivery.ts';
import { openFolder } from '../input/folder.ts';
import { readRecords } from '../input/read-records.ts';
import { reasonOf } from '../input/system-error.ts';
import { SAMPLES } from '../package-files.ts';
import { OTLP_PORT, type Receiver, startReceiver } from '../receiver/receiver.ts';
import { renderArrivalSummary, renderArrivals } from '../render/arrivals.ts';
import { visibleJson } from '../render/visible.ts';
import { arrivalsOf, createArrivalTally } from '../tally/arrivals.ts';

const FLAGS = {
  port: {
    kind: 'value',
    placeholder: 'PORT',
    help: `Listen there. Default ${OTLP_PORT}, or a free one when it is taken.`,
  },
  json: { kind: 'switch', help: 'Print JSON Lines: the summary, then each record that arrives.' },
  once: { kind: 'switch', help: 'End when all samples have arrived; status 1 when they have not.' },
} as const satisfies FlagRules;

/** `cryptrail start`: the whole way from log lines to a receiver, on this machine alone. */
export const start = defineCommand({
  name: 'start',
  summary: 'Send sample logs through the whole pipeline to a receiver of its own, and show what arrives.',
  description: ['The receiver listens on loopback and stays up: send your own OTLP logs to it. Ctrl-C ends it.'],
  flags: FLAGS,
  examples: ['cryptrail start --once'],
  endsBy: 'drain',
  run: startAndShow,
});

async function startAndShow({ flags, words }: Arguments<typeof FLAGS>, terminal: Terminal): Promise<Outcome> {
  if (words.length > 0) throw new Misuse('start takes no words.', 'To read your own files: cryptrail convert FILE…');
  const { out, signal } = terminal;
  const tally = createArrivalTally();
  let show = false;
  const receiver = await listen(portOf(flags.port), (request) => {
    const arrivals = arrivalsOf(request);
    tally.add(arrivals);
    if (show) void out.write(flags.json ? arrivals.map(jsonLine).join('') : renderArrivals(arrivals, out));
  });
  try {
    const { sent, result, problems } = await sendSamples(receiver.url, terminal);
    const arrived = tally.total();
    const complete = problems === 0 && result.refused === 0 && arrived >= sent;
    await out.write(
      flags.json
        ? jsonLine({ url: receiver.url, sent, received: arrived, kinds: tally.kinds() })
        : `${renderArrivalSummary(tally.kinds(), out)}\n${sent} records sent, ${arrived} received over OTLP/HTTP at ${receiver.url}\n`,
    );
    if (result.error !== undefined) terminal.warn(`not all was accepted: ${result.error}`);
    if (flags.once || signal.aborted) return complete ? 0 : 1;
    if (!flags.json) await out.write(`Waiting for OTLP logs at ${receiver.url}/v1/logs. Ctrl-C ends.\n`);
    show = true;
    await once(signal, 'abort');
    return 0;
  } finally {
    await receiver.close();
  }
}

function jsonLine(value: object): string {
  return `${visibleJson(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)))}\n`;
}

function portOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const port = Number(written);
  if (/^\d+$/.test(written) && port <= 65_535) return port;
  throw new Misuse(
    `--port cannot be ${JSON.stringify(written)}.`,
    'It takes a number from 0 (any free port) to 65535.',
  );
}

async function listen(
  port: number | undefined,
  onRequest: Parameters<typeof startReceiver>[0]['onRequest'],
): Promise<Receiver> {
  try {
    return await startReceiver({ port, onRequest });
  } catch (error) {
    throw new Failure(`cannot listen on port ${port ?? OTLP_PORT}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** The bundled EJBCA and SignServer logs were written by servers in this zone. */
const SAMPLE_TIME_ZONE = 'Europe/Stockholm';

async function sendSamples(
  endpoint: string,
  { warn, signal }: Terminal,
): Promise<{ sent: number; result: DeliveryResult; problems: number }> {
  // Only what is said here counts: the environment may name a real backend, with its protocol and headers.
  const delivery = await openDelivery({ endpoint, environment: {} });
  let sent = 0;
  const record = (one: Parameters<typeof delivery.push>[0]) => {
    sent += 1;
    return delivery.push(one);
  };
  const pipeline = createPipeline({ products, timeZone: SAMPLE_TIME_ZONE });
  const found = openFolder(fileURLToPath(SAMPLES), { excluded: new Set() });
  const { problems } = await readRecords(found, pipeline, { record, warn, signal });
  return { sent, result: await delivery.end(), problems };
}
