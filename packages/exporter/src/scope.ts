import packageFile from '../package.json' with { type: 'json' };

/** The instrumentation scope under which records leave: which library made them, and by which convention. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/** Scope of records that Cryptrail made: name and version of the project, no schema URL. One object, because the SDK's serializers group by identity. */
export const CRYPTRAIL_SCOPE: Scope = Object.freeze({ name: 'cryptrail', version: packageFile.version });
