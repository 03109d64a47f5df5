import { expectTypeOf } from 'vitest';
import type { CATEGORIES, CONVERSIONS, OUTCOMES, PRIORITIES, SOURCE_KINDS, STREAMS } from './closed-sets.ts';
import { findByCode, findEvent, type RunningEvent } from './find-events.ts';
import type { Code, EventName, NameOf, ProductId } from './product-types.ts';
import type { acra, cesecore } from './products.generated.ts';
import type { Category, Conversion, Outcome, Priority, SourceKind, Stream } from './types.ts';

// F01: names and codes are literals, so that a slip of the pen does not compile.
expectTypeOf<'acra' | 'cesecore'>().toExtend<ProductId>();
expectTypeOf<'587'>().toExtend<Code<'acra'>>();
expectTypeOf<'CERT_REVOKED'>().toExtend<Code<'cesecore'>>();
expectTypeOf<'587'>().not.toExtend<Code<'cesecore'>>();
expectTypeOf<string>().not.toExtend<Code>();
expectTypeOf<'cesecore.cert_revoked'>().toExtend<EventName<'cesecore'>>();
expectTypeOf<'cesecore.cert_revoked'>().toExtend<EventName>();
expectTypeOf<'cesecore.cert_revokd'>().not.toExtend<EventName>();
expectTypeOf<NameOf<typeof acra>>().toEqualTypeOf<EventName<'acra'>>();
expectTypeOf<NameOf<typeof cesecore>>().toEqualTypeOf<EventName<'cesecore'>>();

// A name of the catalogue always gives an event; any text may give none.
expectTypeOf(findEvent('cesecore.cert_revoked')).toEqualTypeOf<RunningEvent<'cesecore.cert_revoked'>>();
expectTypeOf(findEvent('' as string)).toEqualTypeOf<RunningEvent | undefined>();
expectTypeOf(findByCode('587', 'acra').default?.name).toEqualTypeOf<EventName<'acra'> | undefined>();

// The lists of values are complete.
expectTypeOf<(typeof CATEGORIES)[number]>().toEqualTypeOf<Category>();
expectTypeOf<(typeof PRIORITIES)[number]>().toEqualTypeOf<Priority>();
expectTypeOf<(typeof OUTCOMES)[number]>().toEqualTypeOf<Outcome>();
expectTypeOf<(typeof STREAMS)[number]>().toEqualTypeOf<Stream>();
expectTypeOf<(typeof CONVERSIONS)[number]>().toEqualTypeOf<Conversion>();
expectTypeOf<(typeof SOURCE_KINDS)[number]>().toEqualTypeOf<SourceKind>();
