import { defineProduct } from '../../src/define-product.ts';
import { running } from './running.generated.ts';

/** AQtive Guard, the cryptography management platform of SandboxAQ. */
export const aqtive = defineProduct(running);
