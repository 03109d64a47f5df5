import type { EventRule, Product } from '@cryptrail/catalogue';
import type { RawRecord } from '../records.ts';
import { compileConditions } from './conditions.ts';
import { indexTemplates, type TemplateIndex } from './message-template.ts';

/** What an event was found by. */
export interface FoundEvent {
  readonly name: string;
  readonly event: EventRule;
  readonly captures: ReadonlyMap<string, string>;
}

/** What the look-up may use. `level` is the source's word in lower case. */
export interface EventQuery {
  readonly record: RawRecord;
  readonly level: string | undefined;
  readonly message: string | undefined;
}

/** Events of one product, ready to be found by code or message. */
export interface EventIndex {
  /** The entry of a code whose `when` holds, else the code's default; undefined for a code that the catalogue does not know. */
  byCode(code: string, query: EventQuery): FoundEvent | undefined;
  /** The code-less entry whose message template fits. */
  byMessage(query: EventQuery): FoundEvent | undefined;
  byName(name: string): FoundEvent | undefined;
  /** Whether the entries of a code are told apart by their messages. */
  goesByMessage(code: string): boolean;
}

interface Candidate {
  readonly name: string;
  readonly event: EventRule;
  /** What is found when the event is told without its message. */
  readonly found: FoundEvent;
  readonly fits: (query: EventQuery) => boolean;
}

interface CodeEntries {
  readonly standard: Candidate | undefined;
  readonly messages: TemplateIndex<Candidate>;
  readonly hasMessages: boolean;
  /** Entries told by level or conditions only. */
  readonly plain: readonly Candidate[];
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Compiles the look-ups of a product. */
export function indexEvents(product: Product): EventIndex {
  const byName = new Map<string, FoundEvent>();
  const byCode = new Map<string | undefined, Candidate[]>();
  product.events.forEach((event, name) => {
    const candidate = candidateOf(name, event);
    byName.set(name, candidate.found);
    const others = byCode.get(event.code);
    if (others) others.push(candidate);
    else byCode.set(event.code, [candidate]);
  });
  const codes = new Map<string, CodeEntries>();
  let codeless: CodeEntries | undefined;

  /** A log has a few of all codes: their messages are compiled when they are asked for. */
  function entriesOf(code: string): CodeEntries | undefined {
    const known = codes.get(code);
    if (known) return known;
    const candidates = byCode.get(code);
    const made = candidates && split(candidates);
    if (made) codes.set(code, made);
    return made;
  }

  return {
    byCode(code, query) {
      const entries = entriesOf(code);
      return entries && (choose(entries, query) ?? entries.standard?.found);
    },
    byMessage(query) {
      codeless ??= split((byCode.get(undefined) ?? []).filter(({ event }) => event.when?.messages));
      return choose(codeless, query);
    },
    byName: (name) => byName.get(name),
    goesByMessage: (code) => entriesOf(code)?.hasMessages === true,
  };
}

function candidateOf(name: string, event: EventRule): Candidate {
  const { levels, conditions } = event.when ?? {};
  const holds = compileConditions(conditions);
  return {
    name,
    event,
    found: { name, event, captures: NOTHING },
    fits: ({ record, level }) => (!levels || (level !== undefined && levels.includes(level))) && holds(record),
  };
}

function split(candidates: readonly Candidate[]): CodeEntries {
  const withMessages = candidates.filter(({ event }) => event.when?.messages);
  const pairs = withMessages.flatMap((candidate) =>
    (candidate.event.when?.messages ?? []).map((template) => [template, candidate] as const),
  );
  const standard =
    candidates.find(({ event }) => event.default) ?? (candidates.length === 1 ? candidates[0] : undefined);
  const plain = candidates.filter(({ event }) => event.when && !event.when.messages);
  return { standard, messages: indexTemplates(pairs), hasMessages: pairs.length > 0, plain };
}

function choose(entries: CodeEntries, query: EventQuery): FoundEvent | undefined {
  if (query.message !== undefined) {
    const match = entries.messages.find(query.message, ({ fits }) => fits(query));
    if (match) {
      const { name, event, found } = match.value;
      return match.captures.size === 0 ? found : { name, event, captures: match.captures };
    }
  }
  for (const candidate of entries.plain) if (candidate.fits(query)) return candidate.found;
  return undefined;
}
