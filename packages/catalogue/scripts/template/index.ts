import { defineProduct } from '../../src/define-product.ts';
import { running } from './running.generated.ts';

/** __title__. */
export const __constant__ = defineProduct(running);
