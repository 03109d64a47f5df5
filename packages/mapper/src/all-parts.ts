import type { ProductParts } from './compile-product.ts';
import { locateMembers } from './decode/json.ts';
import { ALL_CONVERSIONS } from './map/all-conversions.ts';
import { maskSql } from './redact/sql.ts';

/** What any product can need. */
export const ALL_PARTS: ProductParts = { conversions: ALL_CONVERSIONS, locateMembers, maskSql };
