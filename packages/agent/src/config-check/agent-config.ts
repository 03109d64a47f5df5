import type { ConfigurationText, FileReport } from './check-files.ts';

/** Whether a text is meant as a configuration of the agent: one of its sections begins a line, as in no file of a product. */
export function isAgentConfig(text: string): boolean {
  return /^(?:sources|export|telemetry|state)[ \t]*:/m.test(text);
}

/** Checks a configuration of the agent as the agent does at its start, with the files that it names. */
export async function checkAgentConfig(
  { file, text }: ConfigurationText,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FileReport> {
  const { settingsOfText } = await import('../config-file/load-settings.ts');
  const loaded = await settingsOfText(text, file, { environment, untilIdle: false });
  return loaded.ok
    ? { file, problems: [], sources: loaded.settings.sources.map(({ type }) => type) }
    : {
        file,
        problems: loaded.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`),
        sources: [],
      };
}
