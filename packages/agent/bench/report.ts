/** The figures as text: lines for a terminal, a table and a chart for the documents. Ratios only: what a machine does in a second says little of another. */
import type { Budget } from './budgets.ts';
import { direct, sdkMode, stock } from './contenders.ts';
import type { Growth } from './growth.ts';
import type { InProcess } from './in-process.ts';
import type { Cost, Row, SlowBackend } from './throughput.ts';

/** What one row says, in relation to the stock path. */
export interface Ratios {
  readonly form: string;
  readonly compression: string;
  readonly must: number;
  /** CPU time of the stock path divided by that of `cryptrail convert`. */
  readonly convert: number;
  /** The same for our mapper in front of the stock SDK. */
  readonly sdk: number;
  /** CPU time of `cryptrail convert` divided by that of reading and splitting the file, of that and copying it, and of that and hashing it. */
  readonly above: ReadonlyMap<string, number>;
  /** CPU time of a Collector divided by that of `cryptrail convert`; undefined where none was at hand. */
  readonly collector: number | undefined;
  /** Bytes on the wire divided by those that the SDK sends for the same records. */
  readonly wire: number;
  readonly peakMegabytes: number;
}

export function ratiosOf({ form, compression, must, costs, limits, collectorMicrosPerLine }: Row): Ratios {
  const cost = (name: string): Cost => {
    const found = costs.get(name);
    if (!found) throw new Error(`${form}: ${name} was not measured`);
    return found;
  };
  const base = cost(stock.name);
  const own = cost(direct.name);
  const sdk = cost(sdkMode.name);
  const measured = [...limits].filter(([, micros]) => Number.isFinite(micros));
  return {
    form,
    compression,
    must,
    convert: base.microsPerLine / own.microsPerLine,
    sdk: base.microsPerLine / sdk.microsPerLine,
    above: new Map(measured.map(([what, micros]) => [what, own.microsPerLine / micros])),
    collector: collectorMicrosPerLine && collectorMicrosPerLine / own.microsPerLine,
    wire: own.wireBytesPerLine / sdk.wireBytesPerLine,
    peakMegabytes: own.peakMegabytes,
  };
}

export function tellRow(row: Row): string {
  const { form, compression, must, convert, sdk, above, collector, wire, peakMegabytes } = ratiosOf(row);
  const limits = [...above].map(([what, ratio]) => `${what} ${times(ratio)}`);
  const micros = [...row.costs].map(([name, { microsPerLine }]) => `${name} ${microsPerLine.toFixed(1)}`);
  return [
    `${form.padEnd(11)} ${compression.padEnd(4)}`,
    `convert ${times(convert).padStart(5)}${must > 0 ? ` ${convert >= must ? 'ok  ' : 'LESS'} (wanted ${times(must)})` : ''}`,
    `SDK mode ${times(sdk)}`,
    collector === undefined ? '' : `Collector ${times(collector)}`,
    limits.length === 0 ? '' : `above the limits: ${limits.join(', ')}`,
    `wire ${percent(wire)}`,
    `peak ${peakMegabytes.toFixed(0)} MB`,
    `[us a line here: ${micros.join(', ')}]`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

export function tellGrowth({ what, steps, most }: Growth): string {
  const shown = steps.map(({ size, ratio }) => `${size}: ${ratio.toFixed(2)}`).join('  ');
  return `cost of one, by ${what}: ${shown} ${(steps.at(-1)?.ratio ?? 0) <= most ? 'ok' : `TOO MUCH (at most ${most})`}`;
}

export function tellBudget({ form, ratio, budget, allocated, allocationBudget }: Budget): string {
  const time = ratio <= budget ? 'ok' : `WARNING: budget ${times(budget)}`;
  const heap = allocated <= allocationBudget ? 'ok' : `WARNING: budget ${allocationBudget}`;
  return `${form.padEnd(11)} ${times(ratio)} JSON.parse of as many bytes, ${time}; ${Math.round(allocated)} bytes of heap a line, ${heap}`;
}

export function tellInProcess({ body, changed, repeated }: InProcess): string {
  return `${body.padEnd(11)} in process, above the SDK: ${times(changed)} JSON.parse of as many bytes, ${times(repeated)} for bodies that come again as they stand`;
}

export function tellSlowBackend({ delayMillis, lines, ratio }: SlowBackend): string {
  return `backend that answers after ${delayMillis} ms, ${lines} lines: ${times(ratio)} as fast as the stock path (wall)`;
}

/** The table of the documents. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { form, compression, convert, sdk, above, collector, wire } = ratiosOf(row);
    const cells = [times(convert), times(sdk), shown(collector), shown(above.get('read')), percent(wire)];
    return `| ${[form, compression, ...cells].join(' | ')} |`;
  });
  return [
    '| lines | compression | `cryptrail convert` | through the SDK | against a Collector | above reading | bytes on the wire |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

const BAR = { height: 22, gap: 10, left: 120, width: 480 };

/** A bar for each form without compression; the stock path is the dashed line at 1. */
export function chartOf(rows: readonly Row[]): string {
  const bars = rows.filter(({ compression }) => compression === 'none').map(ratiosOf);
  const most = Math.max(1, ...bars.map(({ convert }) => convert)) * 1.1;
  const scale = (ratio: number) => Math.round((ratio / most) * BAR.width);
  const height = bars.length * (BAR.height + BAR.gap) + 50;
  const width = BAR.left + BAR.width + 60;
  const one = BAR.left + scale(1);
  const drawn = bars.map(({ form, convert }, index) => {
    const y = 30 + index * (BAR.height + BAR.gap);
    const middle = y + BAR.height / 2 + 5;
    return (
      `<text x="${BAR.left - 10}" y="${middle}" text-anchor="end">${form}</text>` +
      `<rect x="${BAR.left}" y="${y}" width="${scale(convert)}" height="${BAR.height}" rx="3" fill="#2f6f9f"/>` +
      `<text x="${BAR.left + scale(convert) + 8}" y="${middle}">${times(convert)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="14" role="img">`,
    '<title>Records per CPU time of cryptrail convert, in relation to the stock OpenTelemetry SDK path</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${BAR.left}" y="18" font-size="12" fill="#555">records per CPU time, stock OpenTelemetry SDK path = 1</text>`,
    ...drawn,
    `<line x1="${one}" y1="26" x2="${one}" y2="${height - 22}" stroke="#c33" stroke-dasharray="4 3"/>`,
    `<text x="${one}" y="${height - 6}" text-anchor="middle" font-size="12" fill="#c33">stock</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)}x`;
}

/** An empty cell where nothing was measured. */
function shown(ratio: number | undefined): string {
  return ratio === undefined ? '' : times(ratio);
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
