import { describe, expect, it } from 'vitest';
import { readTables } from '../scripts/tables.ts';
import { defineProduct } from '../src/define-product.ts';
import type { EventEntry } from '../src/types.ts';

/** Numbers and constants of Acra 0.96.0, logging/event_codes.go. */
const CONSTANTS: readonly (readonly [number, string])[] = [
  [100, 'EventCodeGeneral'],
  [101, 'EventCodePoisonRecordDetectionMessage'],
  [500, 'EventCodeErrorGeneral'],
  [501, 'EventCodeErrorWrongParam'],
  [502, 'EventCodeErrorInvalidClientID'],
  [505, 'EventCodeErrorCantStartService'],
  [506, 'EventCodeErrorCantForkProcess'],
  [507, 'EventCodeErrorWrongConfiguration'],
  [508, 'EventCodeErrorCantReadServiceConfig'],
  [509, 'EventCodeErrorCantCloseConnectionToService'],
  [510, 'EventCodeErrorCantInitKeyStore'],
  [511, 'EventCodeErrorCantReadKeys'],
  [512, 'EventCodeErrorCantLoadMasterKey'],
  [513, 'EventCodeErrorCantInitPrivateKeysEncryptor'],
  [514, 'EventCodeErrorCacheIssues'],
  [520, 'EventCodeErrorCantGetFileDescriptor'],
  [521, 'EventCodeErrorCantOpenFileByDescriptor'],
  [522, 'EventCodeErrorFileDescriptionIsNotValid'],
  [523, 'EventCodeErrorCantRegisterSignalHandler'],
  [530, 'EventCodeErrorCantStartListenConnections'],
  [531, 'EventCodeErrorCantStopListenConnections'],
  [532, 'EventCodeErrorTransportConfiguration'],
  [533, 'EventCodeErrorCantAcceptNewConnections'],
  [534, 'EventCodeErrorCantStartConnection'],
  [535, 'EventCodeErrorCantHandleSecureSession'],
  [536, 'EventCodeErrorCantCloseConnection'],
  [537, 'EventCodeErrorCantInitClientSession'],
  [538, 'EventCodeErrorCantWrapConnection'],
  [539, 'EventCodeErrorConnectionDroppedByTimeout'],
  [540, 'EventCodeErrorCantConnectToDB'],
  [541, 'EventCodeErrorCantCloseConnectionDB'],
  [560, 'EventCodeErrorCensorQueryIsNotAllowed'],
  [561, 'EventCodeErrorCensorSetupError'],
  [562, 'EventCodeErrorCensorBackgroundError'],
  [563, 'EventCodeErrorCensorQueryParseError'],
  [564, 'EventCodeErrorCensorIOError'],
  [565, 'EventCodeErrorCensorQuerySerializeError'],
  [566, 'EventCodeErrorCensorWriterMemoryError'],
  [570, 'EventCodeErrorResponseConnectorCantWriteToDB'],
  [571, 'EventCodeErrorResponseConnectorCantReadFromClient'],
  [572, 'EventCodeErrorResponseConnectorCantWriteToClient'],
  [573, 'EventCodeErrorResponseConnectorCantReadFromServer'],
  [574, 'EventCodeErrorResponseConnectorCantWriteToServer'],
  [575, 'EventCodeErrorResponseConnectorCantProcessColumn'],
  [576, 'EventCodeErrorResponseConnectorCantProcessRow'],
  [580, 'EventCodeErrorCantInitDecryptor'],
  [581, 'EventCodeErrorDecryptorCantDecryptBinary'],
  [582, 'EventCodeErrorDecryptorCantSkipBeginInBlock'],
  [583, 'EventCodeErrorDecryptorCantHandleRecognizedPoisonRecord'],
  [584, 'EventCodeErrorDecryptorCantInitializeTLS'],
  [585, 'EventCodeErrorDecryptorCantSetDeadlineToClientConnection'],
  [586, 'EventCodeErrorDecryptorCantDecryptSymmetricKey'],
  [587, 'EventCodeErrorDecryptorRecognizedPoisonRecord'],
  [588, 'EventCodeErrorDecryptorReadPacket'],
  [589, 'EventCodeErrorDecryptorCantCheckPoisonRecord'],
  [590, 'EventCodeErrorHTTPAPICantGenerateZone'],
  [591, 'EventCodeErrorHTTPAPICantLoadAuthKey'],
  [592, 'EventCodeErrorHTTPAPICantLoadAuthData'],
  [593, 'EventCodeErrorHTTPAPICantDecryptAuthData'],
  [600, 'EventCodeErrorProtocolProcessing'],
  [700, 'EventCodeErrorTranslatorCantHandleHTTPRequest'],
  [701, 'EventCodeErrorTranslatorMethodNotAllowed'],
  [702, 'EventCodeErrorTranslatorMalformedURL'],
  [703, 'EventCodeErrorTranslatorVersionNotSupported'],
  [704, 'EventCodeErrorTranslatorEndpointNotSupported'],
  [705, 'EventCodeErrorTranslatorCantParseRequestBody'],
  [706, 'EventCodeErrorTranslatorZoneIDMissing'],
  [707, 'EventCodeErrorTranslatorCantDecryptAcraStruct'],
  [708, 'EventCodeErrorTranslatorCantReturnResponse'],
  [709, 'EventCodeErrorTranslatorCantCloseConnection'],
  [710, 'EventCodeErrorTranslatorCantHandleHTTPConnection'],
  [711, 'EventCodeErrorTranslatorCantWrapConnectionToSS'],
  [712, 'EventCodeErrorTranslatorCantAcceptNewHTTPConnection'],
  [713, 'EventCodeErrorTranslatorCantHandleGRPCConnection'],
  [714, 'EventCodeErrorTranslatorClientIDMissing'],
  [715, 'EventCodeErrorTranslatorCantAcceptNewGRPCConnection'],
  [716, 'EventCodeErrorTranslatorCantDecryptAcraBlock'],
  [717, 'EventCodeErrorTranslatorZoneIDAndAdditionalDataNotSupported'],
  [800, 'EventCodeErrorTracingCantSendTrace'],
  [801, 'EventCodeErrorTracingCantReadTrace'],
  [811, 'EventCodeErrorJaegerInvalidParameters'],
  [812, 'EventCodeErrorJaegerExporter'],
  [900, 'EventCodeErrorEncryptQueryData'],
  [901, 'EventCodeErrorEncryptorInitialization'],
  [902, 'EventCodeErrorDataEncryptorInitialization'],
  [903, 'EventCodeErrorEncryptorCantEncryptExpression'],
  [904, 'EventCodeErrorCantEncryptData'],
  [1000, 'EventCodeErrorPrometheusHTTPHandler'],
  [1001, 'EventCodeErrorCantWrapConnectionWithTimer'],
  [1100, 'EventCodeErrorGeneralConnectionProcessing'],
  [1101, 'EventCodeErrorCreateFileFromDescriptor'],
  [1200, 'EventCodeErrorCodingCantDecodeHexData'],
  [1201, 'EventCodeErrorCodingCantSerializePostgresqlPacket'],
  [1202, 'EventCodeErrorCodingCantParsePostgresqlParseCommand'],
  [1203, 'EventCodeErrorCodingPostgresqlUnexpectedPacket'],
  [1204, 'EventCodeErrorCodingPostgresqlPacketHandlerInitiailization'],
  [1205, 'EventCodeErrorCodingPostgresqlCantExtractQueryString'],
  [1206, 'EventCodeErrorCodingPostgresqlCantGenerateErrorPacket'],
  [1207, 'EventCodeErrorCodingPostgresqlCantParseColumnsDescription'],
  [1208, 'EventCodeErrorCodingPostgresqlOctalEscape'],
  [1209, 'EventCodeErrorCodingCantDecodeSQLValue'],
  [1210, 'EventCodeErrorDBProtocolError'],
  [1300, 'EventCodeErrorNetworkWrite'],
  [1301, 'EventCodeErrorNetworkFlush'],
  [1302, 'EventCodeErrorNetworkTLSGeneral'],
];

/** Removed in 0.91.0. */
const RETIRED: readonly (readonly [number, string])[] = [
  [550, 'EventCodeErrorCantReadTemplate'],
  [551, 'EventCodeErrorRequestMethodNotAllowed'],
  [552, 'EventCodeErrorCantParseRequestData'],
  [553, 'EventCodeErrorCantGetCurrentConfig'],
  [554, 'EventCodeErrorCantSetNewConfig'],
  [555, 'EventCodeErrorCantHashPassword'],
  [556, 'EventCodeErrorCantGetAuthData'],
  [557, 'EventCodeErrorCantParseAuthData'],
  [558, 'EventCodeErrorCantDumpConfig'],
];

/** Defined in 0.96.0 and printed by no line of it. */
const DEAD = [
  512, 513, 534, 535, 566, 573, 574, 576, 580, 582, 583, 586, 590, 591, 592, 593, 701, 702, 703, 704, 706, 708, 709,
  711, 800, 801, 901, 902, 1001, 1208,
];

/** The events that the vendor's documentation calls most important, with their group in the older revision of the page. */
const IMPORTANT: readonly (readonly [string, number, string, string])[] = [
  ['B01', 500, 'EventCodeErrorGeneral', 'general_errors'],
  ['B02', 501, 'EventCodeErrorWrongParam', 'general_errors'],
  ['B03', 502, 'EventCodeErrorInvalidClientID', 'general_errors'],
  ['B04', 505, 'EventCodeErrorCantStartService', 'startup_and_initialization'],
  ['B05', 506, 'EventCodeErrorCantForkProcess', 'startup_and_initialization'],
  ['B06', 507, 'EventCodeErrorWrongConfiguration', 'startup_and_initialization'],
  ['B07', 508, 'EventCodeErrorCantReadServiceConfig', 'startup_and_initialization'],
  ['B08', 509, 'EventCodeErrorCantCloseConnectionToService', 'startup_and_initialization'],
  ['B09', 520, 'EventCodeErrorCantGetFileDescriptor', 'host_system'],
  ['B10', 521, 'EventCodeErrorCantOpenFileByDescriptor', 'host_system'],
  ['B11', 522, 'EventCodeErrorFileDescriptionIsNotValid', 'host_system'],
  ['B12', 523, 'EventCodeErrorCantRegisterSignalHandler', 'host_system'],
  ['B13', 510, 'EventCodeErrorCantInitKeyStore', 'key_management_and_access'],
  ['B14', 511, 'EventCodeErrorCantReadKeys', 'key_management_and_access'],
  ['B15', 512, 'EventCodeErrorCantLoadMasterKey', 'key_management_and_access'],
  ['B16', 513, 'EventCodeErrorCantInitPrivateKeysEncryptor', 'key_management_and_access'],
  ['B17', 580, 'EventCodeErrorCantInitDecryptor', 'encryption_decryption'],
  ['B18', 581, 'EventCodeErrorDecryptorCantDecryptBinary', 'encryption_decryption'],
  ['B19', 584, 'EventCodeErrorDecryptorCantInitializeTLS', 'encryption_decryption'],
  ['B20', 586, 'EventCodeErrorDecryptorCantDecryptSymmetricKey', 'encryption_decryption'],
  ['B21', 589, 'EventCodeErrorDecryptorCantCheckPoisonRecord', 'encryption_decryption'],
  ['B22', 587, 'EventCodeErrorDecryptorRecognizedPoisonRecord', 'encryption_decryption'],
  ['B23', 583, 'EventCodeErrorDecryptorCantHandleRecognizedPoisonRecord', 'encryption_decryption'],
  ['B24', 901, 'EventCodeErrorEncryptorInitialization', 'encryption_decryption'],
  ['B25', 902, 'EventCodeErrorDataEncryptorInitialization', 'encryption_decryption'],
  ['B26', 904, 'EventCodeErrorCantEncryptData', 'encryption_decryption'],
  ['B27', 533, 'EventCodeErrorCantAcceptNewConnections', 'transport_and_network'],
  ['B28', 535, 'EventCodeErrorCantHandleSecureSession', 'transport_and_network'],
  ['B29', 536, 'EventCodeErrorCantCloseConnection', 'transport_and_network'],
  ['B30', 537, 'EventCodeErrorCantInitClientSession', 'transport_and_network'],
  ['B31', 538, 'EventCodeErrorCantWrapConnection', 'transport_and_network'],
  ['B32', 539, 'EventCodeErrorConnectionDroppedByTimeout', 'transport_and_network'],
  ['B33', 1302, 'EventCodeErrorNetworkTLSGeneral', 'transport_and_network'],
  ['B34', 540, 'EventCodeErrorCantConnectToDB', 'database_communication'],
  ['B35', 541, 'EventCodeErrorCantCloseConnectionDB', 'database_communication'],
  ['B36', 600, 'EventCodeErrorProtocolProcessing', 'database_communication'],
  ['B37', 1202, 'EventCodeErrorCodingCantParsePostgresqlParseCommand', 'database_communication'],
  ['B38', 1203, 'EventCodeErrorCodingPostgresqlUnexpectedPacket', 'database_communication'],
  ['B39', 560, 'EventCodeErrorCensorQueryIsNotAllowed', 'request_firewall'],
  ['B40', 561, 'EventCodeErrorCensorSetupError', 'request_firewall'],
  ['B41', 562, 'EventCodeErrorCensorBackgroundError', 'request_firewall'],
  ['B42', 563, 'EventCodeErrorCensorQueryParseError', 'request_firewall'],
  ['B43', 1100, 'EventCodeErrorGeneralConnectionProcessing', 'acra_server'],
  ['B44', 1101, 'EventCodeErrorCreateFileFromDescriptor', 'acra_server'],
  ['B45', 700, 'EventCodeErrorTranslatorCantHandleHTTPRequest', 'acra_translator'],
  ['B46', 701, 'EventCodeErrorTranslatorMethodNotAllowed', 'acra_translator'],
  ['B47', 702, 'EventCodeErrorTranslatorMalformedURL', 'acra_translator'],
  ['B48', 706, 'EventCodeErrorTranslatorZoneIDMissing', 'acra_translator'],
  ['B49', 707, 'EventCodeErrorTranslatorCantDecryptAcraStruct', 'acra_translator'],
  ['B50', 708, 'EventCodeErrorTranslatorCantReturnResponse', 'acra_translator'],
  ['B51', 710, 'EventCodeErrorTranslatorCantHandleHTTPConnection', 'acra_translator'],
  ['B52', 712, 'EventCodeErrorTranslatorCantAcceptNewHTTPConnection', 'acra_translator'],
  ['B53', 713, 'EventCodeErrorTranslatorCantHandleGRPCConnection', 'acra_translator'],
  ['B54', 714, 'EventCodeErrorTranslatorClientIDMissing', 'acra_translator'],
  ['B55', 715, 'EventCodeErrorTranslatorCantAcceptNewGRPCConnection', 'acra_translator'],
];

const tables = readTables('acra');
const acra = defineProduct(tables);
const entries = Object.entries(tables.events);
const coded = entries.filter(([, { code }]) => code !== undefined);

/** The entry a code stands for. */
function standard(code: number | string): EventEntry {
  const name = acra.codes.get(String(code))?.[0];
  const entry = name === undefined ? undefined : tables.events[name];
  if (!entry) throw new Error(`no entry for ${code}`);
  return entry;
}

const numbers = (list: readonly (readonly [string, EventEntry])[]): number[] =>
  [...new Set(list.map(([, { code }]) => Number(code)))].sort((a, b) => a - b);

const withTag = (tag: string) => coded.filter(([, { tags }]) => tags?.includes(tag));
const listedGroup = (revision: number, group: string) =>
  numbers(entries.filter(([, { listedGroups }]) => listedGroups?.[revision] === group));

describe('the codes of Acra', () => {
  it('A07 A26 are the 105 constants of 0.96.0, byte for byte, and the retired ones', () => {
    expect(CONSTANTS).toHaveLength(105);
    const pairs = numbers(coded).map((code) => [code, standard(code).name]);
    expect(pairs).toEqual([...CONSTANTS, ...RETIRED].sort(([a], [b]) => a - b));
  });

  it('A04 have a number, a constant and event names of their own, so that every look-up leads back', () => {
    const constants = [...acra.codes.keys()].map((code) => standard(code).name);
    expect(new Set(constants).size).toBe(acra.codes.size);
    for (const [name, entry] of coded) {
      expect(acra.codes.get(entry.code ?? ''), name).toContain(name);
      expect(entry.name, name).toBe(standard(entry.code ?? '').name);
    }
  });

  it('know nothing of a number that Acra does not use', () => {
    expect(['9999', '0', '503', '568', '0500', '500 ', '__proto__'].map((code) => acra.codes.get(code))).toEqual(
      Array(7).fill(undefined),
    );
  });

  it('are emitted by 0.96.0 for 75 and not for 30', () => {
    const dead = CONSTANTS.map(([code]) => code).filter((code) => standard(code).emitted.status !== 'yes');
    expect(dead).toEqual(DEAD);
    expect(CONSTANTS.length - dead.length).toBe(75);
    expect(dead.filter((code) => standard(code).emitted.status === 'never')).toEqual([573, 901]);
    expect(RETIRED.map(([code]) => standard(code).removed?.since)).toEqual(RETIRED.map(() => '0.91.0'));
  });

  it('keep earlier names and meanings', () => {
    const earlier = [562, 570, 706].map((code) => standard(code).history?.[0]);
    expect(earlier).toMatchObject([
      { name: 'EventCodeErrorCensorSecurityError', since: '0.80.0', until: '0.84.2' },
      { name: 'EventCodeErrorResponseProxyCantWriteToDB', since: '0.77.0', until: '0.77.0' },
      { name: 'EventCodeErrorTranslatorCantZoneIDMissing', since: '0.82.0', until: '0.84.2' },
    ]);
  });

  it('are written as Acra prints them, as digits', () => {
    expect(coded.filter(([, { code }]) => !/^[1-9]\d{2,3}$/.test(code ?? ''))).toEqual([]);
  });

  it('carry a failure for errors and nothing for notices and poison records', () => {
    const without = numbers(coded).filter((code) => standard(code).outcome === undefined);
    expect(without).toEqual([100, 101, 587]);
  });

  it('have the floors that make a poison record louder than a warning', () => {
    const floors = [505, 510, 511, 512, 513, 560, 583, 587, 589].map((code) => standard(code).floor);
    expect(floors).toEqual([21, 18, 18, 18, 18, 17, 18, 20, 18]);
    expect(tables.events['acra.general.poison_record_exit']?.floor).toBe(20);
  });

  it('A20 of zones are deprecated since 0.94.0 and removed in 0.95.0', () => {
    for (const code of [590, 706, 717]) {
      expect([standard(code).deprecated?.since, standard(code).removed?.since], String(code)).toEqual([
        '0.94.0',
        '0.95.0',
      ]);
    }
    expect(numbers(withTag('zone'))).toEqual([590, 706, 717]);
  });
});

describe('poison records', () => {
  it('A09 are found by any of their three names', () => {
    for (const tag of ['poison record', 'honeytoken', 'honeypot']) {
      expect(numbers(withTag(tag)), tag).toEqual([101, 583, 587, 589]);
    }
  });

  it('are an intrusion of the highest priority and no mere error', () => {
    expect(standard(587)).toMatchObject({
      category: 'deception',
      priority: 'critical',
      severity: { source: ['warning'] },
    });
    expect(standard(587).outcome).toBeUndefined();
    expect(standard(583)).toMatchObject({ category: 'deception', priority: 'critical' });
  });

  it('C34 are explained as bait that catches whoever dumps the database', () => {
    expect(standard(587).description).toContain('no legitimate query');
    expect(standard(587).why).toContain('dumps whole tables');
  });

  it('A11 C36 link to the page on intrusion detection', () => {
    const page = 'https://docs.cossacklabs.com/acra/security-controls/intrusion-detection/';
    expect(withTag('poison record').filter(([, { references }]) => !references.includes(page))).toEqual([]);
  });
});

describe('the important events', () => {
  it('A22 are exactly the 55 of the documentation', () => {
    const listed = IMPORTANT.map(([, code]) => code).sort((a, b) => a - b);
    expect(listed).toHaveLength(55);
    expect(numbers(entries.filter(([, { important }]) => important))).toEqual(listed);
    expect(coded.filter(([, { code, important }]) => important !== standard(code ?? '').important)).toEqual([]);
  });

  it('A02 name the page they are listed on', () => {
    const listed = entries.filter(([, { important }]) => important);
    expect(listed.filter(([, { source }]) => !source.includes('Acra documentation, Security events, '))).toEqual([]);
  });

  it('A23 stand in the nine groups of the newer revision', () => {
    const order = [
      'general_errors',
      'startup_and_initialization',
      'key_management_and_access',
      'encryption_decryption',
      'transport_and_network',
      'database_communication',
      'request_firewall',
      'acra_server',
      'acra_translator',
    ];
    expect(order.map((group) => listedGroup(0, group).length)).toEqual([3, 9, 4, 10, 7, 5, 4, 2, 11]);
  });

  it('A24 show 520 to 523 as start-up in one revision and as host system in the other', () => {
    expect(listedGroup(0, 'startup_and_initialization')).toEqual([505, 506, 507, 508, 509, 520, 521, 522, 523]);
    expect(listedGroup(1, 'startup_and_initialization')).toEqual([505, 506, 507, 508, 509]);
    expect(listedGroup(1, 'host_system')).toEqual([520, 521, 522, 523]);
  });

  it('A25 are grouped as listed and not by the range of their number', () => {
    expect([904, 1302, 600, 1203].map((code) => standard(code).listedGroups?.[1])).toEqual([
      'encryption_decryption',
      'transport_and_network',
      'database_communication',
      'database_communication',
    ]);
  });

  it('say of 512 that the master key could not be loaded at start-up', () => {
    expect(standard(512)).toMatchObject({
      title: 'Master key cannot be loaded',
      category: 'key_management',
      priority: 'critical',
    });
    expect(standard(512).description).toContain('At start-up');
  });

  it.each(IMPORTANT)('%s look up %i as %s and back', (_, code, constant, group) => {
    const entry = standard(code);
    expect(entry).toMatchObject({ code: String(code), name: constant, important: true });
    expect(entry.listedGroups?.[1]).toBe(group);
    expect(coded.filter(([, { name }]) => name === constant).map(([, other]) => other.code)).toContain(String(code));
    expect(entry.title && entry.description && entry.why).toBeTruthy();
    const next = String(code + 1);
    expect(acra.codes.has(next)).toBe([...CONSTANTS, ...RETIRED].some(([known]) => known === code + 1));
  });
});

describe('messages without a code', () => {
  it('get names of their own', () => {
    const codeless = entries.filter(([, { code }]) => code === undefined);
    expect(codeless.length).toBeGreaterThan(100);
    expect(codeless.filter(([, { when, name }]) => !when?.messages || name !== undefined)).toEqual([]);
  });

  it('C14 C15 C16 C17 tell what a key is for', () => {
    const purposes = entries.flatMap(([, { fixed }]) => fixed?.['acra.key.purpose'] ?? []);
    expect([...new Set(purposes)].sort()).toEqual(['audit_log', 'encryption', 'hmac', 'poison_record']);
  });

  it('C16 raise the loss of the audit log key above other keys', () => {
    expect(tables.events['acra.keystore.audit_log_key_failed']).toMatchObject({ priority: 'critical', floor: 20 });
  });

  it('tell where the master key comes from', () => {
    const sources = entries.map(([name, { fixed }]) => [name, fixed?.['acra.master_key.source']]);
    expect(Object.fromEntries(sources.filter(([, source]) => source))).toMatchObject({
      'acra.keystore.master_key_read': 'environment',
      'acra.keystore.master_key_read_from_kms': 'kms',
      'acra.keystore.master_key_read_from_vault': 'kms',
    });
  });
});
