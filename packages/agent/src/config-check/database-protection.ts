import { type AuditDevice, auditDeviceKind, deviceNotes, type TableDevice, tableDeviceOf } from './audit-devices.ts';
import type { JavaProperties } from './java-properties.ts';

/** One key of the database protection, by the index behind its settings. */
export interface ProtectionKeyReport {
  readonly index: string;
  readonly id: string | null;
  readonly label: string | null;
  readonly class: string | null;
  /** 1: HMAC; 2: signature. */
  readonly version: string;
  readonly algorithm: string | null;
  /** Whether a PIN (or API token) is set; never what it is. */
  readonly pin: 'set' | 'not set';
  /** The token's own settings, secret ones replaced. */
  readonly properties: Readonly<Record<string, string>>;
}

/** What a CESeCore properties file makes of the audit log: the shape of `config check --json`. */
export interface CesecoreReport {
  /** Rows of AuditRecordData are signed. null: this file does not say. */
  readonly signing: boolean | null;
  /** The server verifies the rows that it shows. */
  readonly verifying: boolean | null;
  readonly active_key: string | null;
  readonly keys: readonly ProtectionKeyReport[];
  /** The configured node id; null: the host name is used. */
  readonly node_id: string | null;
  /** Devices that write the audit log, by their class. */
  readonly devices: readonly string[];
  /** How the configured devices fill the audit table; null: none does, or this file does not say. */
  readonly table_device: TableDevice | null;
  readonly exporters: readonly string[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const TABLE = 'AuditRecordData';
const PREFIX = 'databaseprotection.';
const INDEXED = /^databaseprotection\.([a-z]+)\.(\d+)$/;
const KNOWN = new Set([
  'enablesign',
  'enableverify',
  'erroronverifyfail',
  'keyid',
  'keylabel',
  'classname',
  'properties',
  'data',
  'tokenpin',
  'version',
  'sigalg',
]);
const DEFAULT_VERSION = '2';
const DEFAULT_ALGORITHM = 'SHA256WithRSA';
/** Class of a key that can only verify. */
const VERIFY_ONLY = 'PublicCryptoToken';
const SECRET = /pin|password|passwd|secret|token|credential/i;

/** Whether a file is one of these, by the keys it sets or has commented out. */
export function isCesecoreProperties({ values, commented }: JavaProperties): boolean {
  const marks = [PREFIX, 'securityeventsaudit.', 'cluster.nodeid', 'forbidden.characters', 'ca.keystorepass'];
  return [...values.keys(), ...commented].some((key) => marks.some((mark) => key.startsWith(mark)));
}

/** Says what `databaseprotection.properties` and `cesecore.properties` switch on, and what is wrong. Pure; no secret is in the report. */
export function checkCesecoreProperties({ values, repeated }: JavaProperties): CesecoreReport {
  const problems: string[] = repeated.map((key) => `${key} is set more than once; the last one counts`);
  const notes: string[] = [];
  const signing = tableSwitch(values, 'enablesign');
  const verifying = tableSwitch(values, 'enableverify');
  const keys = readKeys(values);
  const active = values.get(`${PREFIX}keyid.${TABLE}`) ?? values.get(`${PREFIX}keyid`) ?? null;
  const about = [...values.keys()].some((key) => key.startsWith(PREFIX));
  if (about) {
    problems.push(
      ...tokenProblems(signing === true, verifying === true, active, keys),
      ...keys.flatMap(keyProblems),
      ...twins(keys),
    );
    notes.push(...switchNotes(values, signing === true, verifying === true), ...strangers(values));
  }
  const devices = auditDevices(values);
  notes.push(...deviceNotes(devices));
  if (!about && !values.has('cluster.nodeid'))
    notes.push(
      'cluster.nodeid is not set: the host name is the node id; two instances on one host then share one sequence',
    );
  return {
    signing: about ? signing === true : null,
    verifying: about ? verifying === true : null,
    active_key: active,
    keys,
    node_id: values.get('cluster.nodeid')?.trim() || null,
    devices: devices.map((device) => device.class),
    table_device: tableDeviceOf(devices),
    exporters: classesOf(values, 'exporter').map(([, name]) => name),
    problems,
    notes,
  };
}

/** The switch for the table, else the one for all tables. */
function tableSwitch(values: ReadonlyMap<string, string>, name: string): boolean | undefined {
  const text = values.get(`${PREFIX}${name}.${TABLE}`) ?? values.get(`${PREFIX}${name}`);
  return text === undefined ? undefined : text.trim().toLowerCase() === 'true';
}

function readKeys(values: ReadonlyMap<string, string>): ProtectionKeyReport[] {
  const indexes = new Set([...values.keys()].flatMap((key) => INDEXED.exec(key)?.[2] ?? []));
  return [...indexes]
    .sort((a, b) => Number(a) - Number(b))
    .map((index) => {
      const read = (name: string) => values.get(`${PREFIX}${name}.${index}`)?.trim() || null;
      const version = read('version') ?? DEFAULT_VERSION;
      return {
        index,
        id: read('keyid'),
        label: read('keylabel'),
        class: read('classname'),
        version,
        algorithm: read('sigalg') ?? (version === '2' ? DEFAULT_ALGORITHM : null),
        pin: read('tokenpin') === null ? 'not set' : 'set',
        properties: innerProperties(read('properties') ?? ''),
      };
    });
}

/** `sharedLibrary=/opt/x.so, slotLabelType=SLOT_NUMBER, pin=…`: the inner list, secrets replaced. */
function innerProperties(text: string): Record<string, string> {
  const inner = new Map<string, string>();
  for (const part of text.split(/[,\n]/)) {
    const at = part.indexOf('=');
    if (at > 0) inner.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return Object.fromEntries([...inner].map(([name, value]) => [name, SECRET.test(name) ? 'REDACTED' : value]));
}

function tokenProblems(
  signing: boolean,
  verifying: boolean,
  active: string | null,
  keys: readonly ProtectionKeyReport[],
): string[] {
  if (!signing && !verifying) return [];
  const what = signing ? `${PREFIX}enablesign is on` : `${PREFIX}enableverify is on`;
  if (keys.length === 0) return [`${what}, and no crypto token is configured (${PREFIX}keyid.0, classname.0, …)`];
  if (!signing) return [];
  if (active === null) return [`${what}, and ${PREFIX}keyid does not name the active key`];
  const key = keys.find(({ id }) => id === active);
  if (!key) return [`${PREFIX}keyid is ${active}, and no ${PREFIX}keyid.N has this id`];
  return key.class?.endsWith(VERIFY_ONLY)
    ? [`the active key ${active} is of class ${VERIFY_ONLY}, which can verify but not sign`]
    : [];
}

function keyProblems({ index, id, class: type, version }: ProtectionKeyReport): string[] {
  const problems: string[] = [];
  if (id === null)
    problems.push(
      `index ${index} has settings but no ${PREFIX}keyid.${index}: they are not used (is the index right?)`,
    );
  else if (!/^\d{1,10}$/.test(id)) problems.push(`${PREFIX}keyid.${index} is no whole number`);
  if (id !== null && type === null)
    problems.push(`${PREFIX}classname.${index} is missing: the class of the crypto token of key ${id}`);
  if (version !== '1' && version !== '2')
    problems.push(`${PREFIX}version.${index} is neither 1 (HMAC) nor 2 (signature)`);
  return problems;
}

function twins(keys: readonly ProtectionKeyReport[]): string[] {
  const ids = keys.flatMap(({ id }) => id ?? []);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].map((id) => `two indexes have the key id ${id}`);
}

function switchNotes(values: ReadonlyMap<string, string>, signing: boolean, verifying: boolean): string[] {
  const notes: string[] = [];
  if (!signing) notes.push('rows are not signed: what was changed in the table cannot be seen from the rows');
  if (signing && !verifying) notes.push('the server does not verify the rows it shows (enableverify is off)');
  if (verifying)
    notes.push(
      'verification of shown rows does not find missing ones: check the sequence numbers too (cryptrail verify cesecore)',
    );
  if (values.get(`${PREFIX}erroronverifyfail`)?.trim().toLowerCase() === 'false')
    notes.push('erroronverifyfail is off: a row that does not verify is only logged');
  return notes;
}

function strangers(values: ReadonlyMap<string, string>): string[] {
  return [...values.keys()]
    .filter((key) => key.startsWith(PREFIX) && !KNOWN.has(key.slice(PREFIX.length).split('.')[0] ?? ''))
    .map((key) => `${key} is not a key that CESeCore is known to read`);
}

function auditDevices(values: ReadonlyMap<string, string>): AuditDevice[] {
  return classesOf(values, 'implementation').map(([index, name]) => ({
    index,
    class: name,
    kind: auditDeviceKind(name),
  }));
}

/** Configured classes of a kind with their index, in its order. `null` switches one off. */
function classesOf(values: ReadonlyMap<string, string>, kind: string): (readonly [index: string, name: string])[] {
  const prefix = `securityeventsaudit.${kind}.`;
  return [...values]
    .filter(([key, value]) => key.startsWith(prefix) && value.trim() !== '' && value.trim().toLowerCase() !== 'null')
    .map(([key, value]) => [key.slice(prefix.length), value.trim()] as const)
    .sort(([a], [b]) => Number(a) - Number(b) || (a < b ? -1 : 1));
}
