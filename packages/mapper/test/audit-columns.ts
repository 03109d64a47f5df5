/** Columns of AuditRecordData, in the order of their names but the key. */
export const AUDIT_COLUMNS = [
  'pk',
  'additionalDetails',
  'authToken',
  'customId',
  'eventStatus',
  'eventType',
  'module',
  'nodeId',
  'rowProtection',
  'rowVersion',
  'searchDetail1',
  'searchDetail2',
  'sequenceNumber',
  'service',
  'timeStamp',
] as const;
