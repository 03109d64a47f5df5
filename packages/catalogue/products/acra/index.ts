import { defineProduct } from '../../src/define-product.js';
import { running } from './running.generated.js';

/** Acra, the database encryption proxy of Cossack Labs. */
export const acra = defineProduct(running);
