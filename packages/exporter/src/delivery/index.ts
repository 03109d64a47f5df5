export { ExporterError } from '../errors.ts';
export { resolveEndpoint } from '../options.ts';
export { encodeLent } from '../otlp/encode-input.ts';
export { createDelivery } from './create-delivery.ts';
