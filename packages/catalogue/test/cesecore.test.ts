import { describe, expect, it } from 'vitest';
import { readTables } from '../scripts/tables.ts';
import { defineProduct } from '../src/define-product.ts';
import type { EventEntry } from '../src/types.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** org.signserver.server.log.SignServerEventTypes, SignServer CE 7.3.2. */
const SIGNSERVER = words(`
  SIGNSERVER_STARTUP SIGNSERVER_SHUTDOWN SET_GLOBAL_PROPERTY REMOVE_GLOBAL_PROPERTY GLOBAL_CONFIG_RELOAD GLOBAL_CONFIG_RESYNC
  SET_WORKER_CONFIG CERTINSTALLED CERTCHAININSTALLED KEYSELECTED KEYGEN KEYTEST GENCSR KEYREMOVE SET_STATUS_PROPERTY PROCESS
  RELOAD_WORKER_CONFIG TIMED_SERVICE_RUN`);

/** org.cesecore.audit.enums.EventTypes as SignServer bundles it (CESeCore 7.0.0). */
const CORE_IN_SIGNSERVER = words(`
  ACCESS_CONTROL AUTHENTICATION BACKUP RESTORE CA_CREATION CA_DELETION CA_EDITING CA_KEYACTIVATE CA_KEYGEN CA_RENAMING
  CA_SERVICEACTIVATE CA_SERVICEDEACTIVATE CERTIFICATE_KEY_BIND CERTIFICATE_KEY_UNBIND CERTPROFILE_CREATION CERTPROFILE_DELETION
  CERTPROFILE_EDITING CERTPROFILE_RENAMING CERT_CHANGEDSTATUS CERT_CREATION CERT_CTPRECERT_SUBMISSION CERT_REQUEST CERT_REVOKED
  CERT_STORED CRL_CREATION CRL_DELETED CRL_STORED CRYPTOTOKEN_ACTIVATION CRYPTOTOKEN_CREATE CRYPTOTOKEN_DEACTIVATION
  CRYPTOTOKEN_DELETE_ENTRY CRYPTOTOKEN_DELETION CRYPTOTOKEN_EDIT CRYPTOTOKEN_GEN_EXTRACT_KEYPAIR CRYPTOTOKEN_GEN_KEY
  CRYPTOTOKEN_GEN_KEYPAIR CRYPTOTOKEN_REACTIVATION CRYPTOTOKEN_UPDATEPIN INTERNALKEYBINDING_CREATE INTERNALKEYBINDING_DELETE
  INTERNALKEYBINDING_EDIT LOG_DELETE LOG_EXPORT LOG_MANAGEMENT_CHANGE LOG_SIGN LOG_VERIFY ROLE_ACCESS_RULE_ADDITION
  ROLE_ACCESS_RULE_CHANGE ROLE_ACCESS_RULE_DELETION ROLE_ACCESS_USER_ADDITION ROLE_ACCESS_USER_CHANGE ROLE_ACCESS_USER_DELETION
  ROLE_CREATION ROLE_DELETION ROLE_RENAMING SYSTEMCONF_CREATE SYSTEMCONF_EDIT TIME_SYNC_ACQUIRE TIME_SYNC_LOST VALIDATOR_CHANGE
  VALIDATOR_CREATION VALIDATOR_REMOVAL VALIDATOR_RENAME VALIDATOR_VALIDATION_FAILED VALIDATOR_VALIDATION_SUCCESS`);

/** What EJBCA CE 8.2 has on top of them. */
const CORE_IN_EJBCA = words(`
  CERT_CLEANUP CRL_CLEANUP CRYPTOTOKEN_AUTHORIZE_KEY CRYPTOTOKEN_CHANGE_AUTH_DATA CRYPTOTOKEN_INITIALIZE_KEY ROLE_UPDATE_STYLE`);

/** org.ejbca.core.ejb.audit.enums.EjbcaEventTypes, EJBCA CE 8.2. */
const EJBCA = words(`
  ADMINWEB_ADMINISTRATORLOGGEDIN ADMINWEB_ADMINISTRATORLOGGEDOUT APPROVAL_ADD APPROVAL_APPROVE APPROVAL_EDIT APPROVAL_EXTEND
  APPROVAL_PROFILE_ADD APPROVAL_PROFILE_EDIT APPROVAL_PROFILE_REMOVE APPROVAL_PROFILE_RENAME APPROVAL_REJECT APPROVAL_REMOVE
  BLACKLIST_CHANGE BLACKLIST_CREATION BLACKLIST_REMOVAL CA_EXPORTTOKEN CA_EXTENDEDSERVICE CA_IMPORT CA_REMOVETOKEN CA_RENEWED
  CA_RESTORETOKEN CA_REVOKED CA_ROLLEDOVER CA_SIGNCMS CA_SIGNREQUEST CA_USERAUTH CA_VALIDITY CUSTOMLOG_ERROR CUSTOMLOG_INFO
  EJBCA_STARTING KEYRECOVERY_ADDDATA KEYRECOVERY_EDITDATA KEYRECOVERY_MARKED KEYRECOVERY_REMOVEDATA KEYRECOVERY_SENT
  PUBLISHER_CHANGE PUBLISHER_CREATION PUBLISHER_REMOVAL PUBLISHER_RENAME PUBLISHER_STORE_CERTIFICATE PUBLISHER_STORE_CRL
  PUBLISHER_STORE_OCSP_RESPONSE RA_ADDADMINPREF RA_ADDEEPROFILE RA_ADDENDENTITY RA_DEFAULTADMINPREF RA_DELETEENDENTITY
  RA_EDITADMINPREF RA_EDITEEPROFILE RA_EDITENDENTITY RA_REMOVEEEPROFILE RA_RENAMEEEPROFILE RA_REVOKEDENDENTITY
  RA_USERDATASOURCEADD RA_USERDATASOURCEEDIT RA_USERDATASOURCEFETCHDATA RA_USERDATASOURCEREMOVE RA_USERDATASOURCEREMOVEDATA
  RA_USERDATASOURCERENAME REVOKE_UNREVOKEPUBLISH SERVICE_ADD SERVICE_EDIT SERVICE_EXECUTED SERVICE_REMOVE SERVICE_RENAME`);

/** Declared, but written by no code of these releases. */
const SILENT = words(`
  BACKUP CERTIFICATE_KEY_BIND CERTIFICATE_KEY_UNBIND CRL_DELETED CRYPTOTOKEN_GEN_EXTRACT_KEYPAIR CRYPTOTOKEN_GEN_KEY
  KEYRECOVERY_EDITDATA LOG_SIGN RESTORE ROLE_ACCESS_RULE_DELETION SERVICE_EXECUTED SIGNSERVER_SHUTDOWN TIME_SYNC_ACQUIRE
  TIME_SYNC_LOST`);

/** Earlier name → name that took its place. */
const RENAMED: Readonly<Record<string, string>> = {
  APPROVAL_PROFILE_CLONE: 'APPROVAL_PROFILE_ADD',
  APPROVAL_UNEXPIRE: 'APPROVAL_EXTEND',
  CA_TOKENACTIVATE: 'CA_SERVICEACTIVATE',
  CA_TOKENDEACTIVATE: 'CA_SERVICEDEACTIVATE',
  CRYPTOTOKEN_ACTIVATE: 'CRYPTOTOKEN_ACTIVATION',
  CRYPTOTOKEN_DEACTIVATE: 'CRYPTOTOKEN_DEACTIVATION',
  CRYPTOTOKEN_DELETE: 'CRYPTOTOKEN_DELETION',
  KEYVALIDATOR_CHANGE: 'VALIDATOR_CHANGE',
  KEYVALIDATOR_CREATION: 'VALIDATOR_CREATION',
  KEYVALIDATOR_REMOVAL: 'VALIDATOR_REMOVAL',
  KEYVALIDATOR_RENAME: 'VALIDATOR_RENAME',
  PUBLICKEYBLACKLIST_CHANGE: 'BLACKLIST_CHANGE',
  PUBLICKEYBLACKLIST_CREATION: 'BLACKLIST_CREATION',
  PUBLICKEYBLACKLIST_REMOVAL: 'BLACKLIST_REMOVAL',
  PUBLISHER_CLONE: 'PUBLISHER_CREATION',
};

/** Earlier names that nothing took the place of. */
const ENDED = words(`
  CA_KEYDELETE HARDTOKEN_ADD HARDTOKEN_ADDCERTMAP HARDTOKEN_ADDISSUER HARDTOKEN_ADDPROFILE HARDTOKEN_EDIT HARDTOKEN_EDITISSUER
  HARDTOKEN_EDITPROFILE HARDTOKEN_GENERATE HARDTOKEN_REMOVE HARDTOKEN_REMOVECERTMAP HARDTOKEN_REMOVEISSUER HARDTOKEN_REMOVEPROFILE
  HARDTOKEN_VIEWED HARDTOKEN_VIEWEDPUK LOGGING_TEST PUBLISHER_TEST_CONNECTION`);

/** Columns that mean something else than the application's default. */
const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ADMINWEB_ADMINISTRATORLOGGEDIN: { searchDetail1: 'admin_serial' },
  CRL_CLEANUP: { searchDetail1: 'fingerprint', searchDetail2: 'issuer_dn' },
  CRYPTOTOKEN_GEN_KEYPAIR: { customId: 'crypto_token_id' },
  EJBCA_STARTING: { searchDetail1: 'host_name' },
  INTERNALKEYBINDING_EDIT: { customId: 'key_binding_id' },
  PUBLISHER_STORE_CERTIFICATE: { searchDetail1: 'search_detail1' },
  PUBLISHER_STORE_CRL: { searchDetail1: 'fingerprint' },
  RA_EDITENDENTITY: { searchDetail1: 'new_end_entity_name' },
  VALIDATOR_VALIDATION_FAILED: { searchDetail1: 'fingerprint' },
};

const tables = readTables('cesecore');
const product = defineProduct(tables);
const entries = Object.values(tables.events);
const nameOf = (type: string) => `cesecore.${type.toLowerCase()}`;

/** The entry of an event type. */
function entry(type: string): EventEntry {
  const found = tables.events[nameOf(type)];
  if (!found) throw new Error(`no entry for ${type}`);
  return found;
}

const current = entries.filter(({ code, removed }) => code !== undefined && !removed);
const from = (source: string) =>
  current
    .filter((event) => event.source === source)
    .flatMap(({ code }) => code ?? [])
    .sort();

describe('event types of CESeCore, EJBCA and SignServer', () => {
  it('D45 are the 18 of SignServer', () => {
    expect(SIGNSERVER).toHaveLength(18);
    expect(from('SignServerEventTypes, SignServer CE 7.3.2')).toEqual([...SIGNSERVER].sort());
  });

  it('D46 are the 65 that SignServer bundles and six more of EJBCA', () => {
    expect([CORE_IN_SIGNSERVER.length, CORE_IN_EJBCA.length]).toEqual([65, 6]);
    expect(from('CESeCore EventTypes, EJBCA CE 8.2')).toEqual([...CORE_IN_SIGNSERVER, ...CORE_IN_EJBCA].sort());
  });

  it('D46 are the 65 that EJBCA adds', () => {
    expect(EJBCA).toHaveLength(65);
    expect(from('EjbcaEventTypes, EJBCA CE 8.2')).toEqual([...EJBCA].sort());
  });

  it('D44 are named after the type, with the type as code and constant', () => {
    for (const [name, { code, name: constant }] of Object.entries(tables.events)) {
      if (code === undefined) continue;
      expect(name).toBe(nameOf(code));
      expect(constant).toBe(code);
      expect(product.codes.get(code)).toEqual([name]);
    }
  });

  it('D46 flag log deletion, protection changes, time loss, roles and crypto tokens as important', () => {
    const listed = [...CORE_IN_SIGNSERVER, ...CORE_IN_EJBCA].filter((type) =>
      /^(LOG_DELETE|LOG_MANAGEMENT_CHANGE|TIME_SYNC_LOST|ROLE_.*|CRYPTOTOKEN_.*)$/.test(type),
    );
    expect(listed).toHaveLength(27);
    expect(listed.filter((type) => !entry(type).important)).toEqual([]);
  });

  it('say which of them no code writes', () => {
    const silent = current.filter(({ emitted }) => emitted.status !== 'yes').map(({ code }) => code);
    expect(silent).toEqual(SILENT);
  });

  it('D43 take outcome and severity from the status', () => {
    const coded = entries.filter(({ code }) => code !== undefined);
    expect(coded.filter(({ outcome, severity }) => outcome !== 'status' || severity.source[0] !== 'status')).toEqual(
      [],
    );
  });
});

describe('statuses', () => {
  it('warn where SUCCESS may hide a failure', () => {
    for (const type of ['KEYTEST', 'KEYREMOVE', 'CA_REVOKED', 'LOG_VERIFY', 'CERT_REVOKED']) {
      expect(entry(type).tags, type).toContain('status trap');
      expect(entry(type).statuses?.SUCCESS, type).toBeTruthy();
    }
  });

  it('explain VOID where the product uses it', () => {
    const withVoid = current.filter(({ statuses }) => statuses?.VOID).map(({ code }) => code);
    expect(withVoid).toEqual(['CRYPTOTOKEN_REACTIVATION', 'LOG_DELETE', 'LOG_MANAGEMENT_CHANGE']);
  });

  it('are explained for everything that is written', () => {
    const silent = current.filter(({ emitted, statuses }) => emitted.status === 'yes' && !statuses);
    expect(silent).toEqual([]);
  });
});

describe('floors', () => {
  it('lift destruction and export of keys, and of the log, to a warning', () => {
    const types = ['LOG_DELETE', 'LOG_MANAGEMENT_CHANGE', 'CA_DELETION', 'CA_EXPORTTOKEN', 'CRYPTOTOKEN_DELETION'];
    expect([...types, 'KEYREMOVE', 'KEYRECOVERY_SENT'].map((type) => entry(type).floor)).toEqual(Array(7).fill(13));
  });

  it('lift a failed verification of the log, and leave one that ended well', () => {
    expect(entry('LOG_VERIFY')).toMatchObject({ failureFloor: 20 });
    expect(entry('LOG_VERIFY').floor).toBeUndefined();
  });
});

describe('columns', () => {
  it('D56 mean something else where the event says so', () => {
    for (const [type, columns] of Object.entries(MEANINGS)) {
      const wanted = Object.fromEntries(Object.entries(columns).map(([column, id]) => [column, { ejbca: id }]));
      expect(entry(type).meanings, type).toEqual(wanted);
    }
  });

  it('D56 keep the meaning of the application elsewhere', () => {
    for (const type of ['CERT_CREATION', 'CA_CREATION', 'PROCESS', 'KEYGEN', 'RA_ADDENDENTITY']) {
      expect(entry(type).meanings, type).toBeUndefined();
    }
  });

  it('are read by rules that exist', () => {
    const ids = new Set(tables.fields.map(({ id }) => id));
    const chosen = entries.flatMap(({ meanings = {} }) =>
      Object.values(meanings).flatMap((meaning) =>
        meaning !== null && typeof meaning === 'object' ? Object.values(meaning) : [meaning],
      ),
    );
    expect(chosen.length).toBeGreaterThan(20);
    expect(chosen.filter((id) => id !== null && !ids.has(id))).toEqual([]);
  });
});

describe('names of earlier releases', () => {
  it.each(Object.entries(RENAMED))('%s leads to %s', (type, successor) => {
    expect(entry(type).deprecated?.replacedBy).toBe(nameOf(successor));
    expect(entry(successor).removed).toBeUndefined();
  });

  it('are all there, marked as removed and no longer written', () => {
    const retired = entries.filter(({ removed }) => removed);
    expect(retired.map(({ code }) => code)).toEqual([...Object.keys(RENAMED), ...ENDED].sort());
    expect(retired.filter(({ emitted }) => emitted.status !== 'no')).toEqual([]);
    expect(ENDED.filter((type) => entry(type).deprecated)).toEqual([]);
  });

  it('stand in the history of the name that took their place', () => {
    const listed = ['APPROVAL_EXTEND', 'CRYPTOTOKEN_DELETION', 'VALIDATOR_RENAME', 'BLACKLIST_CHANGE'];
    expect(listed.map((type) => entry(type).history?.[0]?.name)).toEqual([
      'APPROVAL_UNEXPIRE',
      'CRYPTOTOKEN_DELETE',
      'KEYVALIDATOR_RENAME',
      'PUBLICKEYBLACKLIST_CHANGE',
    ]);
  });
});

it('names the logs that stand beside the audit log', () => {
  const codeless = Object.entries(tables.events).filter(([, { code }]) => code === undefined);
  expect(codeless.map(([name, { group }]) => [name, group])).toEqual([
    ['cesecore.ocsp.audit', 'ocsp'],
    ['cesecore.ocsp.transaction', 'ocsp'],
    ['cesecore.worker.request', 'worker'],
    ['cesecore.ws.transaction', 'ws'],
  ]);
});
