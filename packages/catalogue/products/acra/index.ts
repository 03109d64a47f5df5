import { defineProduct } from '../../src/define-product.ts';
import { running } from './running.generated.ts';

/** Acra, the database encryption proxy of Cossack Labs. */
export const acra = defineProduct(running);
