import { defineProduct } from '../../src/define-product.ts';
import { running } from './running.generated.ts';

/** What Cryptrail itself says when the evidence of a product does not hold. */
export const cryptrail = defineProduct(running);
