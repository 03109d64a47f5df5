/** How the value of a configuration key is read. `word`: one of `values`, in any case; `path`: any text; `boolean`: true or false; `count`: a whole number above 0. */
export type ConfigurationValue = 'word' | 'path' | 'boolean' | 'count';

/** One key of a product's own configuration file. */
export interface ConfigurationKey {
  readonly key: string;
  readonly value: ConfigurationValue;
  /** What a `word` may be, in rising order where they have one. */
  readonly values?: readonly string[];
  readonly required?: boolean;
  /** In force when the key is not there. */
  readonly default?: string;
  /** Keys without which this one has no effect: set, and true where they are truth values. The first that is not met is reported. */
  readonly requires?: readonly string[];
  /** A remark when the value stands above this one in `values`. */
  readonly remarkAbove?: { readonly value: string; readonly remark: string };
  readonly description: string;
}

/** One stream of log output that the keys control. */
export interface ConfigurationOutput {
  readonly level: string;
  readonly file: string;
  readonly rotateDaily: string;
  readonly rotateMax: string;
  /** Where it goes without a file of its own. `main`: nobody says whether with the main output's file or to the journal, so both are named. */
  readonly otherwise: 'journal' | 'main';
}

/** `configuration.json` of a product folder: what the product's own configuration file says of its logs. */
export interface ConfigurationFile {
  readonly title: string;
  /** Where the product looks for it. */
  readonly path: string;
  /** `assignments`: `KEY=value` lines. */
  readonly syntax: 'assignments';
  /** A file that sets one of these keys is such a file. */
  readonly marks: readonly string[];
  readonly keys: readonly ConfigurationKey[];
  /** Further keys of this prefix are settings of the log, too; others are none of ours and never shown. */
  readonly prefix: string;
  readonly outputs: {
    readonly main: ConfigurationOutput;
    readonly audit: ConfigurationOutput;
  };
  readonly references: readonly string[];
  readonly source: string;
}
