import { metrics } from '@opentelemetry/api';
import { MEASURES, type Watched } from './measures.ts';

/**
 * Gives all measures to the MeterProvider that is set, e.g. by a module loaded with `--import`. Without one this does nothing.
 *
 * @returns Ends it.
 */
export function registerMeters(watched: Watched): () => void {
  const meter = metrics.getMeter('cryptrail');
  const ends = MEASURES.map(({ name, kind, unit, description, read }) => {
    const options = { unit, description };
    const instrument =
      kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
    const observe: Parameters<typeof instrument.addCallback>[0] = (result) => {
      for (const { type, value } of read(watched))
        result.observe(value, type === undefined ? {} : { 'cryptrail.source.type': type });
    };
    instrument.addCallback(observe);
    return () => instrument.removeCallback(observe);
  });
  return () => {
    for (const end of ends) end();
  };
}
