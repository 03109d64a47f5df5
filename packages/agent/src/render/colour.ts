import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Puts a style on a text, or nothing when colour is off. */
export type Paint = (style: Style, text: string) => string;

/** The painter for an output. */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** The style for a SeverityNumber; undefined below WARN. */
export function severityStyle(severityNumber: number): Style | undefined {
  if (severityNumber >= 17) return 'red';
  return severityNumber >= 13 ? 'yellow' : undefined;
}

const BANDS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** The name that OpenTelemetry gives a SeverityNumber, e.g. `ERROR2` for 18; empty for 0. */
export function severityName(severityNumber: number): string {
  if (severityNumber < 1 || severityNumber > 24) return '';
  const band = BANDS[Math.floor((severityNumber - 1) / 4)] ?? '';
  const step = (severityNumber - 1) % 4;
  return step === 0 ? band : `${band}${step + 1}`;
}
