import type { BrokenSegment } from '@cryptrail/integrity';
import type { SealVerdict } from '../verify/seal.ts';
import { visible } from './visible.ts';

const SHOWN = 40;

/** What a person should know of a seal: the result, each segment that is not what was sealed, and what it proves. */
export function renderSealVerdict(verdict: SealVerdict): string {
  const { ok, error, lines, closed, head, streams, key_given: keyGiven, not_sealed: notSealed } = verdict;
  const broken = Object.entries(streams).flatMap(([name, stream]) =>
    'broken' in stream ? stream.broken.map((segment) => `${name}: ${brokenText(segment)}`) : [],
  );
  const first = error ? `${error.line === null ? '' : `line ${error.line}: `}${error.message}` : broken[0];
  const page = [
    ok ? 'WHOLE: the seal fits, and so does all that was compared with it.' : `NOT WHOLE: ${first ?? ''}`,
    '',
    `Seal     ${lines} lines, ${closed ? 'closed' : 'OPEN: the run went on, was broken off, or the end was cut off'}, last line ${head}`,
    ...(keyGiven
      ? []
      : [
          'Key      the one that the seal names itself: without --public FILE anybody could have made a whole new seal',
        ]),
    ...Object.entries(streams).map(([name, stream]) =>
      'verified' in stream
        ? `Stream   ${name}: ${stream.verified} of ${stream.records} records are as sealed, in ${stream.segments} segments${stream.unsealed > 0 ? `; ${stream.unsealed} more behind the seal` : ''}${stream.not_verifiable.length > 0 ? `; ${stream.not_verifiable.length} segments hold records that are redacted or were not exported` : ''}`
        : `Stream   ${name}: ${stream.records} records in ${stream.segments} segments, compared with nothing`,
    ),
    ...notSealed.map((name) => `Stream   ${name}: not in the seal`),
    ...(broken.length > 0 ? ['', 'Not as sealed:', ...broken.slice(0, SHOWN).map((line) => `  ${line}`)] : []),
    ...(broken.length > SHOWN ? [`  … and ${broken.length - SHOWN} more (see --json)`] : []),
    '',
    'A seal proves that these are the records that were read, from the moment of reading on. It does not prove what stood in the source',
    'before, and not against whoever has the private key. A hash of the last line that is kept elsewhere (--head) shows a seal cut short.',
  ];
  return `${page.map(visible).join('\n')}\n`;
}

const WORDS = { altered: 'altered or moved', missing: 'missing', inserted: 'put in' } as const;

function brokenText({ segment, class: kind, from, to, expected, found }: BrokenSegment): string {
  return `records ${from.number} to ${to.number} (segment ${segment}): ${WORDS[kind]}; ${expected} were sealed, ${found} are there`;
}
