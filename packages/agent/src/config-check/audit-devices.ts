/** What a device of the audit log does; `other` is a class that is not known. */
export type AuditDeviceKind = 'text' | 'table' | 'sequential_table' | 'other';

/** A device by its configured class. */
export interface AuditDevice {
  /** N of `securityeventsaudit.implementation.N`. */
  readonly index: string;
  /** As configured. */
  readonly class: string;
  readonly kind: AuditDeviceKind;
}

/** How the audit table is filled, by the words of `verify cesecore --device`. */
export type TableDevice = 'parallel' | 'sequential';

/** The product spells it with a c; its documentation says `…LogDevice`. All of them mean one class each. */
const KINDS: readonly (readonly [RegExp, AuditDeviceKind])[] = [
  [/^Sequen[ct]ialIntegrityProtected(?:Log)?Device$/i, 'sequential_table'],
  [/^IntegrityProtected(?:Log)?Device$/i, 'table'],
  [/Log4jDevice$/i, 'text'],
];

/** What a device of this class does, told by the last part of its name. */
export function auditDeviceKind(name: string): AuditDeviceKind {
  const last = name.trim().split('.').at(-1) ?? '';
  return KINDS.find(([form]) => form.test(last))?.[1] ?? 'other';
}

/** How the devices fill the audit table; null when none does. A sequential one beside another loses numbers all the same. */
export function tableDeviceOf(devices: readonly AuditDevice[]): TableDevice | null {
  if (devices.some(({ kind }) => kind === 'table')) return 'parallel';
  return devices.some(({ kind }) => kind === 'sequential_table') ? 'sequential' : null;
}

/** What follows from the devices. */
export function deviceNotes(devices: readonly AuditDevice[]): string[] {
  if (devices.length === 0) return [];
  return [
    tableNote(tableDeviceOf(devices)),
    ...devices.filter(({ kind }) => kind === 'other').map((device) => `${device.class} is not a device that is known`),
    'these devices are configured, not necessarily effective: SignServer uses a change only after it was deployed again',
  ];
}

function tableNote(device: TableDevice | null): string {
  switch (device) {
    case null:
      return 'no device writes the table AuditRecordData: there are no rows to verify, only the text log';
    case 'parallel':
      return 'a write that fails leaves a gap in the numbers of the table, which looks like a deleted row';
    case 'sequential':
      return 'rows are written one at a time and a failed write leaves no gap: any gap is suspicious (cryptrail verify cesecore --device sequential)';
  }
}
