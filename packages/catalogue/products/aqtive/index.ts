import { defineProduct } from '../../src/define-product.js';
import { running } from './running.generated.js';

/** AQtive Guard, the cryptography management platform of SandboxAQ. */
export const aqtive = defineProduct(running);
