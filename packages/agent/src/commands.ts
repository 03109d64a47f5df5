import type { Command } from './command-line/command.ts';

/** A command as the overview lists it. */
interface Listed {
  readonly summary: string;
  /** Loaded when it is asked for: starting costs what the command needs and no more. */
  readonly load: () => Promise<Command>;
}

/** Commands by name, in the order of the overview. */
export type Commands = ReadonlyMap<string, Listed>;

/** Every command. */
export const commands: Commands = new Map<string, Listed>([
  [
    'convert',
    {
      summary: 'Turn log files into OpenTelemetry records, once',
      load: async () => (await import('./commands/convert.ts')).convert,
    },
  ],
  [
    'run',
    {
      summary: 'Read sources for ever and deliver their records over OTLP, without losing one',
      load: async () => (await import('./commands/run.ts')).run,
    },
  ],
  [
    'replay',
    {
      summary: 'Send the records again that a backend has refused',
      load: async () => (await import('./commands/replay.ts')).replay,
    },
  ],
  [
    'explain',
    {
      summary: 'Say what an event, or a pasted log line, means',
      load: async () => (await import('./commands/explain.ts')).explain,
    },
  ],
  [
    'list',
    {
      summary: 'List the products, events or fields of the catalogue',
      load: async () => (await import('./commands/list.ts')).list,
    },
  ],
  [
    'coverage',
    {
      summary: 'Tell which kinds of event a log holds, and which it never shows',
      load: async () => (await import('./commands/coverage.ts')).coverage,
    },
  ],
  [
    'verify',
    {
      summary: 'Check whether a log is whole: chains and signatures of the product',
      load: async () => (await import('./commands/verify.ts')).verify,
    },
  ],
  [
    'seal',
    {
      summary: 'Make the key pair that signs seals of what was read',
      load: async () => (await import('./commands/seal.ts')).seal,
    },
  ],
  [
    'config',
    {
      summary: "Check configuration files: Cryptrail's own, and what those of products make of the logs",
      load: async () => (await import('./commands/config.ts')).config,
    },
  ],
  [
    'collector',
    {
      summary: 'Write configuration that makes a stock OpenTelemetry Collector give the same records',
      load: async () => (await import('./commands/collector.ts')).collector,
    },
  ],
  [
    'state',
    {
      summary: 'Show how far the agent has come, or have it begin anew',
      load: async () => (await import('./commands/state.ts')).state,
    },
  ],
  [
    'doctor',
    {
      summary: 'Find out what keeps the agent from working, and what to do about it',
      load: async () => (await import('./commands/doctor.ts')).doctor,
    },
  ],
  [
    'start',
    {
      summary: 'Send sample logs through the whole pipeline to a receiver of its own, and show what arrives',
      load: async () => (await import('./commands/start.ts')).start,
    },
  ],
]);
