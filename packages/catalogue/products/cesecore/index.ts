import { defineProduct } from '../../src/define-product.ts';
import { running } from './running.generated.ts';

/** CESeCore, the audit log engine of Keyfactor EJBCA and SignServer. */
export const cesecore = defineProduct(running);
