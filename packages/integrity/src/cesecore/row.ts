/** A row of AuditRecordData as far as its protection covers it. Texts are the columns' own, null for NULL. */
export interface AuditRow {
  readonly pk: string;
  readonly nodeId: string;
  readonly sequenceNumber: bigint;
  /** Milliseconds since 1970. */
  readonly timeStamp: bigint;
  readonly eventType: string;
  readonly eventStatus: string | null;
  readonly authToken: string | null;
  readonly service: string | null;
  readonly module: string | null;
  readonly customId: string | null;
  readonly searchDetail1: string | null;
  readonly searchDetail2: string | null;
  /** The raw text of the column, the line feed at its end included. */
  readonly additionalDetails: string | null;
  readonly rowProtection: string | null;
}

/** What stands between the values in the text that is protected. */
export const SEPARATOR = '<sep/>';

/** The thirteen values that are protected, in their order; NULL and the empty text give the same. */
export function protectedText(row: AuditRow): string {
  return protectedValues(row).join(SEPARATOR);
}

/** True when a value holds the separator: text can then move between neighbouring columns and the protection still fits. */
export function holdsSeparator(row: AuditRow): boolean {
  return protectedValues(row).some((value) => value.includes(SEPARATOR));
}

function protectedValues(row: AuditRow): string[] {
  return [
    row.pk,
    row.nodeId,
    String(row.sequenceNumber),
    String(row.timeStamp),
    row.eventType,
    row.eventStatus,
    row.authToken,
    row.service,
    row.module,
    row.customId,
    row.searchDetail1,
    row.searchDetail2,
    row.additionalDetails,
  ].map((value) => value ?? '');
}
