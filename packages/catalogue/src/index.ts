export { applyOverlay } from './apply-overlay.ts';
export { CATEGORIES, OUTCOMES, PRIORITIES, STREAMS } from './closed-sets.ts';
export { defineProduct, type RunningTables } from './define-product.ts';
export { CatalogueError, type CatalogueErrorCode } from './errors.ts';
export type { CatalogueEvent, CodeMatch, EventFilter } from './event-index.ts';
export { findByCode, findByGroup, findByTag, findEvent, listEvents, type RunningEvent } from './find-events.ts';
export type { EventChange, Overlay, OwnEvent } from './overlay.ts';
export type { Code, EventName, NameOf, ProductId } from './product-types.ts';
export { type ProductsById, products } from './products.generated.ts';
export { readOverlay } from './read-overlay.ts';
export type {
  Category,
  CefFormat,
  Condition,
  Conversion,
  CrossMaps,
  DelimitedFormat,
  EventEntry,
  EventRule,
  FieldRule,
  FieldSpace,
  FormatRule,
  JsonFormat,
  LabelledFormat,
  ListingFormat,
  LogfmtFormat,
  Outcome,
  OutcomeCase,
  PatternFormat,
  Priority,
  Product,
  ProductFile,
  ProductRule,
  RecognitionRule,
  RedactionRules,
  Requirement,
  RowFormat,
  SeverityRule,
  SourceKind,
  Stream,
  TerminalFormat,
  TextShape,
  TimeRule,
  When,
} from './types.ts';
