import type { FileOptions, JournaldOptions, OtlpOptions, SqlOptions, StdinOptions, SyslogOptions } from './options.ts';
import type { Source } from './source.ts';

/** What is said of each type of source. */
export interface SourceOptions {
  readonly file: FileOptions;
  readonly journald: JournaldOptions;
  readonly otlp: OtlpOptions;
  readonly sql: SqlOptions;
  readonly stdin: StdinOptions;
  readonly syslog: SyslogOptions;
}

/** One source of a configuration. */
export type SourceSetting = {
  [Type in keyof SourceOptions]: { type: Type; options: SourceOptions[Type] };
}[keyof SourceOptions];

type Opener<Options> = (options: Options) => Source | Promise<Source>;

/** One line for each type of source. Loaded when it is configured: a source costs nothing where it is not used. */
const OPENERS: { readonly [Type in keyof SourceOptions]?: () => Promise<Opener<SourceOptions[Type]>> } = {
  journald: async () => (await import('./journald.ts')).openJournaldSource,
  otlp: async () => (await import('./otlp.ts')).openOtlpSource,
  sql: async () => (await import('./sql.ts')).openSqlSource,
  file: async () => (await import('./file.ts')).createFileSource,
  stdin: async () => (await import('./stdin.ts')).openStdinSource,
  syslog: async () => (await import('./syslog.ts')).openSyslogSource,
};

/** Makes a source. Nothing is read yet. */
export async function openSource<Type extends keyof SourceOptions>(
  type: Type,
  options: SourceOptions[Type],
): Promise<Source> {
  const load = OPENERS[type];
  if (!load) throw new Error(`there is no source of type ${type}`);
  const open: Opener<SourceOptions[Type]> = await load();
  return open(options);
}
