export { isOrder } from './decode/own-order.ts';
export type { EncodedRun, EncodeRecord } from './direct/direct-encoder.ts';
export type { Evidence, EvidenceFinding, EvidenceVerdict, InputName, SavedState } from './evidence.ts';
export { INPUT_FORMS } from './forms/forms.ts';
export type { Cell } from './forms/row.ts';
export type { Issue, IssueCode } from './issue.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { originalText } from './map/original-text.ts';
export {
  type Counts,
  createPipeline,
  type EncodedReader,
  type Pipeline,
  type PipelineOptions,
  type Reader,
  type ResumePoint,
} from './pipeline.ts';
export {
  type AttributeValue,
  Double,
  type FieldValue,
  type Frame,
  type Layout,
  type LogRecord,
  type Outer,
  type ParseStatus,
  type Position,
  type RawRecord,
  type Recognition,
  type Resource,
} from './records.ts';
