import { defineProduct } from '../../src/define-product.js';
import { running } from './running.generated.js';

/** CESeCore, the audit log engine of Keyfactor EJBCA and SignServer. */
export const cesecore = defineProduct(running);
