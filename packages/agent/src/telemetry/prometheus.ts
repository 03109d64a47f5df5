import { MEASURES, type Measure, type Watched } from './measures.ts';

/** The content type of {@link renderPrometheus}. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All measures in the text format of Prometheus. */
export function renderPrometheus(watched: Watched): string {
  return MEASURES.map((measure) => render(measure, watched)).join('');
}

function render(measure: Measure, watched: Watched): string {
  const values = measure.read(watched);
  if (values.length === 0) return '';
  const name = prometheusName(measure);
  const lines = values.map(
    ({ type, value }) => `${name}${type === undefined ? '' : `{source_type="${type}"}`} ${value}`,
  );
  return `# HELP ${name} ${measure.description}\n# TYPE ${name} ${measure.kind}\n${lines.join('\n')}\n`;
}

/** `cryptrail.lag.size` in bytes is `cryptrail_lag_size_bytes`, a counter ends in `_total`. */
function prometheusName({ name, kind, unit }: Measure): string {
  const suffix = unit === 'By' ? '_bytes' : unit === 's' ? '_seconds' : '';
  return `${name.replaceAll('.', '_')}${suffix}${kind === 'counter' ? '_total' : ''}`;
}
