/** Attribute types that begin distinguished names of administrators and certificates, in lower case. */
const TYPES: ReadonlySet<string> = new Set([
  'businesscategory',
  'c',
  'cn',
  'dc',
  'description',
  'dn',
  'dnq',
  'dnqualifier',
  'e',
  'email',
  'emailaddress',
  'generation',
  'givenname',
  'initials',
  'l',
  'name',
  'o',
  'organizationidentifier',
  'ou',
  'postaladdress',
  'postalcode',
  'pseudonym',
  'role',
  's',
  'serialnumber',
  'sn',
  'st',
  'street',
  'surname',
  't',
  'telephonenumber',
  'title',
  'uid',
  'unstructuredaddress',
  'unstructuredname',
]);

/** The longest known type has 22 letters; an OID of 64 digits and dots is longer than any in use. */
const MAX_TYPE_LENGTH = 64;

/**
 * True when the text is one distinguished name: it begins with a known attribute type or an OID and `=`. Names of forwarded requests
 * (`CN=a [via] CN=b`) are two. What follows the first `=` is not judged: certificates hold values that no grammar foresaw.
 */
export function isDistinguishedName(text: string): boolean {
  const equals = text.slice(0, MAX_TYPE_LENGTH + 1).indexOf('=');
  if (equals < 1 || text.includes(' [via] ')) return false;
  const type = text.slice(0, equals).trim().toLowerCase();
  return TYPES.has(type) || /^(?:oid\.)?\d+(?:\.\d+)+$/.test(type);
}
