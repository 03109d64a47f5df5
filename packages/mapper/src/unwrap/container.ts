import { parseIso } from '../map/iso-time.ts';
import { civilNanos } from '../map/timestamp.ts';
import type { Unwrapped } from './wrapper.ts';

const CRI = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?:[^ ]{0,64}) /;
const COMPOSE = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,127}) {1,200}\| /;
/** The same on a terminal: name and bar in a colour, the reset before or behind the blank. */
const COLOURED_COMPOSE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  /^\u001b\[[0-9;]{1,16}m([A-Za-z0-9][A-Za-z0-9_.-]{0,127}) {1,200}\|(?: \u001b\[0m|\u001b\[0m )/;
const PREFIX = /^\[((?:pod|container)\/[A-Za-z0-9/_.-]{1,253})\] /;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d)) /;

/** `2024-09-17T08:00:00.000000000Z stderr F text`: the log file that Kubernetes' container runtimes write. `P` marks a line that goes on. */
export function unwrapCri(text: string): Unwrapped | undefined {
  const match = CRI.exec(text);
  if (!match) return undefined;
  const [head, time = '', stream, tag] = match;
  const outer = { ...timeOf(time), stream: stream === 'stderr' ? 'stderr' : 'stdout' } as const;
  return { text: text.slice(head.length), outer, stream: outer.stream, ...(tag === 'P' ? { partial: true } : {}) };
}

/** `acra-server-1  | text`: what `docker compose logs` prints. */
export function unwrapCompose(text: string): Unwrapped | undefined {
  const match = COMPOSE.exec(text) ?? COLOURED_COMPOSE.exec(text);
  if (!match) return undefined;
  const [head, name = ''] = match;
  return { text: text.slice(head.length), outer: { attributes: new Map([['container.name', name]]) }, stream: name };
}

/** `[pod/ejbca-0/ejbca] text`: what `kubectl logs --prefix` prints. */
export function unwrapPod(text: string): Unwrapped | undefined {
  const match = PREFIX.exec(text);
  if (!match) return undefined;
  const [head, path = ''] = match;
  const [, pod, container] = path.split('/');
  const attributes = new Map([
    ...(pod ? [['k8s.pod.name', pod] as const] : []),
    ...(container ? [['k8s.container.name', container] as const] : []),
  ]);
  return { text: text.slice(head.length), outer: { attributes }, stream: path };
}

/** `2024-09-17T08:00:00.000000000Z text`: the time that `docker logs -t` and `kubectl logs --timestamps` put first. */
export function unwrapStamp(text: string): Unwrapped | undefined {
  const match = STAMP.exec(text);
  return match ? { text: text.slice(match[0].length), outer: timeOf(match[1] ?? '') } : undefined;
}

function timeOf(text: string): { timeUnixNano?: bigint } {
  const timeUnixNano = civilNanos(parseIso(text), 'UTC');
  return timeUnixNano === undefined ? {} : { timeUnixNano };
}
