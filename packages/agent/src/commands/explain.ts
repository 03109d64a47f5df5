import { entries, type FullEvent, findEvent, type ProductEntries } from '@cryptrail/catalogue/entries';
import { createPipeline, type LogRecord } from '@cryptrail/mapper';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import { readRecords } from '../input/read-records.ts';
import { createJsonList } from '../output/json-list.ts';
import { painter } from '../render/colour.ts';
import { type PageLayout, renderEventPage } from '../render/event-page.ts';
import { renderMeanings } from '../render/meanings.ts';
import { renderNdjson } from '../render/ndjson.ts';
import { renderRecordPage } from '../render/record-page.ts';
import { findMeaning } from './find-meaning.ts';
import { READING_FLAGS, readingOptions } from './reading-flags.ts';

const FLAGS = {
  ...READING_FLAGS,
  json: { kind: 'switch', help: 'Print a JSON list instead of pages.' },
} as const satisfies FlagRules;

type Given = Arguments<typeof FLAGS>;

/** `cryptrail explain CODE|NAME|LINE|-`: what an event means, and what to do about it. */
export const explain = defineCommand({
  name: 'explain',
  summary: 'Say what an event, or a pasted log line, means.',
  words: 'CODE|NAME|LINE|-',
  description: ['With - the lines on standard input are read and explained one by one.'],
  flags: FLAGS,
  examples: [
    'cryptrail explain 587',
    'cryptrail explain CERT_REVOKED',
    `echo 'time="2024-09-17T08:00:00Z" level=error msg="Query has been denied by Denyall handler" code=560' | cryptrail explain -`,
  ],
  run: async ({ flags, words }, terminal) => {
    if (words.length === 0)
      throw new Misuse('What shall be explained?', 'Name a code, an event or a line; - for input.');
    const pages = flags.json ? jsonPages(terminal) : textPages(terminal);
    const status = words.includes('-')
      ? await explainInput(words, flags, terminal, pages)
      : await explainWords(words, flags, terminal, pages);
    await pages.end();
    return status;
  },
});

/** Where explanations go. */
interface Pages {
  readonly meaning: (word: string, events: readonly FullEvent[]) => Promise<void>;
  readonly record: (record: LogRecord, event: FullEvent | undefined) => Promise<void>;
  readonly end: () => Promise<void>;
}

async function explainWords(
  words: readonly string[],
  flags: Given['flags'],
  { warn }: Terminal,
  pages: Pages,
): Promise<Outcome> {
  const meanings = words.map((word) => [word, findMeaning(word)] as const);
  const line = words.join(' ');
  if (!meanings.some(([, meaning]) => meaning.found) && /[\s=:;|{]/.test(line)) {
    const record = createPipeline(readingOptions(flags)).readText(line);
    if (record) await pages.record(record, eventOf(record));
    return record?.product === undefined ? 1 : 0;
  }
  let status: Outcome = 0;
  for (const [word, meaning] of meanings) {
    if (meaning.found) await pages.meaning(word, ofProduct(meaning.events, flags));
    else {
      const hint = meaning.near.length > 0 ? `nearest: ${meaning.near.join(', ')}` : 'see: cryptrail list events';
      warn(`no event has the code or name ${JSON.stringify(word)}; ${hint}`);
      status = 1;
    }
  }
  return status;
}

/** The events of the chosen product, when it has any of them. */
function ofProduct(events: readonly FullEvent[], flags: Given['flags']): readonly FullEvent[] {
  const { product } = readingOptions(flags);
  const own = events.filter((event) => event.product === product);
  return own.length > 0 ? own : events;
}

async function explainInput(
  words: readonly string[],
  flags: Given['flags'],
  terminal: Terminal,
  pages: Pages,
): Promise<Outcome> {
  if (words.length > 1) throw new Misuse('- cannot be combined with other words.');
  const found = findInputs(words, terminal, { excluded: new Set() });
  const { problems } = await readRecords(found, createPipeline(readingOptions(flags)), {
    record: (record) => pages.record(record, eventOf(record)),
    warn: terminal.warn,
    signal: terminal.signal,
  });
  return problems === 0 ? 0 : 1;
}

function eventOf({ eventName }: LogRecord): FullEvent | undefined {
  return eventName === undefined ? undefined : findEvent(eventName);
}

const byProduct = new Map<string, ProductEntries>(entries.map((product) => [product.id, product]));

function jsonPages({ out }: Terminal): Pages {
  const list = createJsonList(out.write);
  const flat = ({ product, name, entry }: FullEvent) => JSON.stringify({ product, eventName: name, ...entry });
  return {
    meaning: async (_, events) => {
      for (const event of events) await list.add(flat(event));
    },
    record: (record, event) =>
      list.add(`{"record":${renderNdjson(record)},"event":${event === undefined ? 'null' : flat(event)}}`),
    end: list.end,
  };
}

/** Widest line that reads well. */
const READABLE_WIDTH = 100;

function textPages({ out }: Terminal): Pages {
  const layout: PageLayout = {
    width: Math.min(out.width ?? READABLE_WIDTH, READABLE_WIDTH),
    paint: painter(out.colour),
  };
  const told = new Set<string>();
  let first = true;
  const print = async (page: string) => {
    await out.write(first ? page : `\n${page}`);
    first = false;
  };
  const tell = async (event: FullEvent) => {
    const product = byProduct.get(event.product);
    if (product) await print(renderEventPage(event, product, layout));
    told.add(event.name);
  };
  return {
    meaning: async (word, events) => {
      const [main] = events;
      if (events.length > 1) await print(renderMeanings(word, events, out.width));
      if (main) await tell(main);
    },
    // The same event again needs no second page.
    record: async (record, event) => {
      await print(renderRecordPage(record, layout));
      if (event && !told.has(event.name)) await tell(event);
    },
    end: async () => {},
  };
}
